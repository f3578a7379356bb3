package sqldb

import (
	"fmt"
	"strings"
)

// Where collects the conditions of a list with their arguments, numbered as
// they come. Conditions are part of the statement: what a person typed goes
// into the arguments only.
type Where struct {
	parts []string
	args  []any
}

// Add puts a condition; each %s stands for the next argument.
func (w *Where) Add(condition string, args ...any) {
	names := make([]any, len(args))
	for i, a := range args {
		names[i] = w.Arg(a)
	}
	w.parts = append(w.parts, fmt.Sprintf(condition, names...))
}

// Arg adds an argument for a condition that is written by hand and gives its
// placeholder.
func (w *Where) Arg(value any) string {
	w.args = append(w.args, value)
	return fmt.Sprintf("$%d", len(w.args))
}

// In puts «column is one of»; no values put no condition.
func In[T any](w *Where, column string, values []T) {
	if len(values) == 0 {
		return
	}
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = w.Arg(v)
	}
	w.Add(column + " IN (" + strings.Join(names, ", ") + ")")
}

// SQL is all conditions, joined by AND.
func (w *Where) SQL() string { return strings.Join(w.parts, " AND ") }

// Args are the arguments in the order of their placeholders.
func (w *Where) Args() []any { return w.args }
