package locale

import "slices"

// form is a plural category of Unicode CLDR.
type form string

const (
	one   form = "one"
	few   form = "few"
	many  form = "many"
	other form = "other"
)

// isForm tells whether a key in a catalogue names a category of CLDR, also one
// that neither of our languages has: that is then a mistake worth naming.
func isForm(key string) bool {
	return slices.Contains([]string{"zero", "one", "two", "few", "many", "other"}, key)
}

// formsOf lists the forms a phrase must have in the language, then those it
// may have besides.
func formsOf(lang Lang) (needed, allowed []form) {
	if lang == RU {
		return []form{one, few, many}, []form{other}
	}
	return []form{one, other}, nil
}

// pluralOf chooses the form for a whole number by the rules of CLDR
// (cardinal, no visible fraction).
func pluralOf(lang Lang, n uint64) form {
	if lang != RU {
		if n == 1 {
			return one
		}
		return other
	}
	last, lastTwo := n%10, n%100
	switch {
	case last == 1 && lastTwo != 11:
		return one
	case last >= 2 && last <= 4 && (lastTwo < 12 || lastTwo > 14):
		return few
	}
	return many
}
