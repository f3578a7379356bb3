package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"gorod/internal/city/pack"
	"gorod/internal/platform/locale"
)

// shownAlike is how many problems with the same reason are shown in full; of
// the rest the lines are told.
const shownAlike = 3

// tellReport says what reading a pack brought to light: everything, or of many
// problems with the same reason the first. It returns how many were held back.
func tellReport(out io.Writer, r pack.Report, everything bool) (held int, err error) {
	cat, err := locale.Shipped()
	if err != nil {
		return 0, err
	}
	say := func(p pack.Problem) {
		field := ""
		if p.Field != "" {
			field = p.Field + ": "
		}
		fmt.Fprintf(out, "%s: %s: %s%s\n", p.Where(), p.Severity, field, cat.T(locale.EN, p.Reason, p.Args...))
		if len(p.Lines) > 1 {
			fmt.Fprintf(out, "  in lines %s\n", linesOf(p.Lines, everything))
			if !everything && len(ranges(p.Lines)) > shownRanges {
				held++
			}
		}
	}
	for _, g := range r.Groups() {
		say(g.Problem)
		shown := g.Others
		if !everything && len(shown) > shownAlike { // a single one more is shown, not counted
			shown = shown[:shownAlike-1]
		}
		for _, p := range shown {
			say(p)
		}
		if rest := g.Others[len(shown):]; len(rest) > 0 {
			held += len(rest)
			fmt.Fprintf(out, "%s: %s: and %d more like this, in lines %s\n", g.File, g.Severity, len(rest), linesOf(linesIn(rest), false))
		}
	}
	for _, d := range r.Defaulted {
		what := d.File
		if d.Field != "" {
			what += ": " + d.Field
		}
		fmt.Fprintf(out, "%s: default: %s\n", what, cat.T(locale.EN, d.Reason, d.Args...))
	}
	return held, nil
}

func linesIn(problems []pack.Problem) []int {
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	return lines
}

// shownRanges is how many ranges of lines are named where not all are asked for.
const shownRanges = 10

// linesOf writes numbers of lines for people: 2, 5–9, 12.
func linesOf(lines []int, everything bool) string {
	parts := ranges(lines)
	if !everything && len(parts) > shownRanges {
		parts = append(parts[:shownRanges], "…")
	}
	return strings.Join(parts, ", ")
}

// ranges puts together lines that follow each other; lines are in order.
func ranges(lines []int) []string {
	var parts []string
	for i := 0; i < len(lines); {
		last := i
		for last+1 < len(lines) && lines[last+1] <= lines[last]+1 {
			last++
		}
		part := strconv.Itoa(lines[i])
		if lines[last] > lines[i] {
			part += "–" + strconv.Itoa(lines[last])
		}
		parts = append(parts, part)
		i = last + 1
	}
	return parts
}
