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

// MaxProblems is how many errors, and as many warnings, a report lists; the
// rest is only counted.
const MaxProblems = 500

// Report is what reading a pack brought to light.
type Report struct {
	Problems  []Problem      `json:"problems"` // errors first, then by file and line
	Errors    int            `json:"errors"`   // all, listed or not
	Warnings  int            `json:"warnings"`
	Counts    map[string]int `json:"counts"` // rows by what they are: topics, houses, …
	Defaulted []Defaulted    `json:"defaulted"`
}

// More is how many problems were found and are not listed.
func (r Report) More() int { return r.Errors + r.Warnings - len(r.Problems) }

// Err is an Invalid fault when the pack has errors.
func (r Report) Err() error {
	if r.Errors == 0 {
		return nil
	}
	return fault.Invalid.New("pack.broken", r.Errors)
}

func (r *Report) add(p Problem) {
	n := &r.Warnings
	if p.Severity == Error {
		n = &r.Errors
	}
	*n++
	if *n <= MaxProblems {
		r.Problems = append(r.Problems, p)
	}
}

func (r *Report) settle() {
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
