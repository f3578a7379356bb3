// Package fault names the ways in which a request can be refused.
//
// A fault has a kind from a short closed list and a phrase key with arguments
// instead of prose: the channel that shows it to a person looks the key up in
// the person's language. Everything that is not a fault is a mistake of ours:
// it is logged in full and shown as an apology with a number.
//
// Kinds are errors themselves, so that a check reads as a sentence:
//
//	if errors.Is(err, fault.Missing) { … }
package fault

import (
	"errors"
	"strings"
)

// Kind says what sort of refusal it is. The list is closed: a channel maps
// each kind to its own answer (HTTP status, exit code), and a test of the
// channel walks Kinds to see that none is forgotten.
type Kind uint8

const (
	// Internal is a mistake of ours or of the machine; never made by New.
	Internal Kind = iota
	// Invalid: the input breaks a rule that its author can mend.
	Invalid
	// Missing: there is no such thing, or the asker may not know that there is.
	Missing
	// Denied: the asker is known and may not do this.
	Denied
	// Conflict: somebody else was first; the fault says what changed.
	Conflict
	// Limited: too many or too large; it may be tried again later or smaller.
	Limited
	// Closed: it was possible once and is too late now.
	Closed
	// Broken: a system that we depend on did not answer; try again.
	Broken
)

// Kinds lists every kind, for tables that must be complete.
func Kinds() []Kind {
	return []Kind{Internal, Invalid, Missing, Denied, Conflict, Limited, Closed, Broken}
}

var kindNames = [...]string{"internal", "invalid", "missing", "denied", "conflict", "limited", "closed", "broken"}

// Error makes a kind usable as the target of errors.Is.
func (k Kind) Error() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown kind"
}

// Field is one thing wrong with one named input.
type Field struct {
	Name   string // the input's name as the form or API spells it
	Phrase string // key in the catalogue of phrases
	Args   []any
}

// Fault is a refusal: a kind, a phrase for people, the fields it concerns and,
// where there is one, the error underneath.
type Fault struct {
	Kind   Kind
	Phrase string
	Args   []any
	Fields []Field
	cause  error
}

// New makes a fault of this kind.
func (k Kind) New(phrase string, args ...any) *Fault {
	return &Fault{Kind: k, Phrase: phrase, Args: args}
}

// Field makes a fault about one input.
func (k Kind) Field(name, phrase string, args ...any) *Fault {
	return &Fault{Kind: k, Phrase: phrase, Args: args, Fields: []Field{{Name: name, Phrase: phrase, Args: args}}}
}

// Because keeps the error underneath, for the log.
func (f *Fault) Because(cause error) *Fault {
	f.cause = cause
	return f
}

// Error is for logs; people are shown the phrase.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Kind.Error())
	b.WriteString(": ")
	b.WriteString(f.Phrase)
	for _, field := range f.Fields {
		b.WriteString(" [")
		b.WriteString(field.Name)
		b.WriteString(": ")
		b.WriteString(field.Phrase)
		b.WriteString("]")
	}
	if f.cause != nil {
		b.WriteString(": ")
		b.WriteString(f.cause.Error())
	}
	return b.String()
}

// Unwrap lets errors.Is find both the kind and the cause.
func (f *Fault) Unwrap() []error {
	if f.cause == nil {
		return []error{f.Kind}
	}
	return []error{f.Kind, f.cause}
}

// Form collects what is wrong with an input, so that a person hears all of it
// at once and not one complaint a try.
type Form struct{ fields []Field }

// Add notes that the input name breaks the rule that phrase explains.
func (f *Form) Add(name, phrase string, args ...any) {
	f.fields = append(f.fields, Field{Name: name, Phrase: phrase, Args: args})
}

// Err is nil while nothing was added, else an Invalid fault with all fields.
func (f *Form) Err() error {
	if len(f.fields) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Phrase: f.fields[0].Phrase, Args: f.fields[0].Args, Fields: f.fields}
}

// KindOf finds the kind of an error; Internal when it is no fault.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	var k Kind
	if errors.As(err, &k) {
		return k
	}
	return Internal
}

// Of returns the fault inside an error, or nil.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}
