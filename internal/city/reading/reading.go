package reading

import (
	"strings"
	"unicode/utf8"
)

// Findings are what is to be noticed in a text. All places are in bytes of it,
// in ascending order and without overlaps within each list.
type Findings struct {
	Danger   []Danger // to life or of an accident; each kind once, the gravest first
	Personal []Span   // what Mask replaces
	Obscene  []Span   // foul words and abuse of people
	Parts    []Part   // two or more where the text speaks of several problems, else none
}

// Kind is a kind of what a span holds.
type Kind string

// The kinds of personal data.
const (
	Phone    Kind = "phone"    // a telephone; lines of the emergency services and 8 800 are none
	Email    Kind = "email"    // an address of mail
	Contact  Kind = "contact"  // a profile or a nick in a messenger or a social network
	Flat     Kind = "flat"     // the number of a flat or a list of them; a range names a staircase and is none
	Name     Kind = "name"     // the name of a person, of an official too
	Plate    Kind = "plate"    // the number of a vehicle
	Document Kind = "document" // a bank card, a passport, СНИЛС, a tax number or an account of a person
	Code     Kind = "code"     // what opens a door
)

// The kinds of foul words.
const (
	Obscenity Kind = "obscenity" // мат, however it is written
	Abuse     Kind = "abuse"     // a plain word of abuse for a person
)

// Kinds are the kinds of personal data, each with a mark of its own.
func Kinds() []Kind {
	return []Kind{Phone, Email, Contact, Flat, Name, Plate, Document, Code}
}

// Span is a piece of a text, s[Start:End] in bytes, and what it holds.
type Span struct {
	Start, End int
	Kind       Kind
}

// Part is a piece of a text, s[Start:End] in bytes, that seems to be a problem
// of its own.
type Part struct {
	Start, End int
}

// Read tells what is to be noticed in a text. It may be wrong on both sides:
// what it finds is a warning to the author and a hint to the moderator, and of
// personal data the default of what is published.
func Read(s string) Findings {
	t := read(s)
	return Findings{Danger: t.dangers(), Personal: t.personal(), Obscene: t.obscene(), Parts: t.parts()}
}

// Mask is the text as everyone may read it: valid UTF-8, with a mark such as
// «[телефон скрыт]» in the place of each piece of personal data. Masking what
// is masked changes nothing.
func Mask(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	return replace(s, read(s).personal())
}

// Personal finds the personal data of a text alone: what Mask replaces.
func Personal(s string) []Span { return read(s).personal() }

// Dangers finds the dangers of a text alone.
func Dangers(s string) []Danger { return read(s).dangers() }

// replace puts the mark of its kind in the place of each span.
func replace(s string, spans []Span) string {
	if len(spans) == 0 {
		return s
	}
	english := isEnglish(s)
	var b strings.Builder
	b.Grow(len(s) + 16*len(spans))
	at := 0
	for _, span := range spans {
		b.WriteString(s[at:span.Start])
		b.WriteString(markOf(span.Kind, english))
		at = span.End
	}
	b.WriteString(s[at:])
	return b.String()
}

// Mark is what stands in the place of a kind of personal data, in Russian or in
// English.
func Mark(kind Kind, english bool) string { return markOf(kind, english) }

func markOf(kind Kind, english bool) string {
	for _, m := range marks {
		if m.kind == kind {
			if english {
				return m.en
			}
			return m.ru
		}
	}
	return hiddenRU
}

const (
	hiddenRU = "[скрыто]"
	hiddenEN = "[hidden]"
)

// marks are words: a row of dots says nothing to who listens to a page.
var marks = [...]struct {
	kind   Kind
	ru, en string
}{
	{Phone, "[телефон скрыт]", "[phone hidden]"},
	{Email, "[почта скрыта]", "[mail hidden]"},
	{Contact, "[профиль скрыт]", "[profile hidden]"},
	{Flat, "[квартира скрыта]", "[flat hidden]"},
	{Name, "[имя скрыто]", "[name hidden]"},
	{Plate, "[номер машины скрыт]", "[plate hidden]"},
	{Document, "[документ скрыт]", "[document hidden]"},
	{Code, "[код скрыт]", "[code hidden]"},
	{"", hiddenRU, hiddenEN},
}

// isEnglish tells whether a text is written in Latin letters and in no others:
// its marks are then English.
func isEnglish(s string) bool {
	latin := false
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			latin = true
		case r >= utf8.RuneSelf && isCyrillic(r):
			return false
		}
	}
	return latin
}
