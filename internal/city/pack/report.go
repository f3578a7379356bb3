package pack

import (
	"cmp"
	"fmt"
	"slices"

	"gorod/internal/platform/fault"
)

// Severity says whether a problem keeps the pack out.
type Severity string

const (
	// Error: the row is not understood; the pack is not imported.
	Error Severity = "error"
	// Warning: it is imported as it is, and somebody should look.
	Warning Severity = "warning"
)

// Problem is one thing wrong at one place of a pack.
type Problem struct {
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"`   // from 1; 0: the file as a whole
	Column   int      `json:"column,omitempty"` // which column of a table, from 1; 0: none
	Field    string   `json:"field,omitempty"`  // the column or key by its name
	Severity Severity `json:"severity"`
	Reason   string   `json:"reason"` // key in the catalogue of phrases
	Args     []any    `json:"args,omitempty"`
	Lines    []int    `json:"lines,omitempty"` // all lines concerned, where it is about several
}

// Where is the place of a problem as editors understand it: houses.csv:12:7.
func (p Problem) Where() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Defaulted is something that a pack lacks, and what was done instead.
type Defaulted struct {
	File   string `json:"file"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"` // key in the catalogue of phrases
	Args   []any  `json:"args,omitempty"`
}

// MaxProblems is how many errors, and as many warnings, are kept with a version
// of a pack; the rest is only counted there.
const MaxProblems = 500

// Report is what reading a pack brought to light.
type Report struct {
	Problems  []Problem      `json:"problems"` // errors first, then by file and line
	Errors    int            `json:"errors"`   // all, listed or not
	Warnings  int            `json:"warnings"`
	Counts    map[string]int `json:"counts"` // rows by what they are: topics, houses, …
	Defaulted []Defaulted    `json:"defaulted"`
}

// More is how many problems were found and are not listed: none in what Read
// gives, which lists them all.
func (r Report) More() int { return r.Errors + r.Warnings - len(r.Problems) }

// Err is an Invalid fault when the pack has errors.
func (r Report) Err() error {
	if r.Errors == 0 {
		return nil
	}
	return fault.Invalid.New("pack.broken", r.Errors)
}

// Group is one problem that several rows of a file share.
type Group struct {
	Problem           // the first
	Others  []Problem // the rest, in the order of lines
}

// Groups puts together the problems of a file that have the same reason in the
// same field, in the order of Problems: one wrong row can break a hundred that point to it.
func (r Report) Groups() []Group {
	type alike struct {
		severity            Severity
		file, field, reason string
	}
	at := map[alike]int{}
	var groups []Group
	for _, p := range r.Problems {
		key := alike{p.Severity, p.File, p.Field, p.Reason}
		if i, known := at[key]; known {
			groups[i].Others = append(groups[i].Others, p)
			continue
		}
		at[key] = len(groups)
		groups = append(groups, Group{Problem: p})
	}
	return groups
}

// brief is the report as it is kept with a version: bounded, and without the
// lines that one problem stands for.
func (r Report) brief() Report {
	listed := map[Severity]int{}
	var kept []Problem
	for _, p := range r.Problems {
		if listed[p.Severity]++; listed[p.Severity] <= MaxProblems {
			p.Lines = nil
			kept = append(kept, p)
		}
	}
	r.Problems = kept
	return r
}

func (r *Report) add(p Problem) {
	if p.Severity == Error {
		r.Errors++
	} else {
		r.Warnings++
	}
	r.Problems = append(r.Problems, p)
}

func (r *Report) settle() {
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
