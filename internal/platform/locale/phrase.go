package locale

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// phrase is one sentence in one language: a single pattern under other, or a
// pattern for each plural form.
type phrase struct {
	plural bool
	forms  map[form]pattern
}

// pattern is text cut at its placeholders: a part is literal text, or the
// number of an argument where arg ≥ 0.
type pattern []part

type part struct {
	text string
	arg  int
}

// maxArg keeps a slip such as {2026} from passing as a placeholder.
const maxArg = 9

// parsePattern cuts a text of the catalogue at its placeholders.
func parsePattern(s string) (pattern, error) {
	var p pattern
	var literal strings.Builder
	for len(s) > 0 {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			literal.WriteString(s)
			break
		}
		literal.WriteString(s[:i])
		s = s[i:]
		if strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "}}") {
			literal.WriteByte(s[0])
			s = s[2:]
			continue
		}
		arg, width, err := parsePlaceholder(s)
		if err != nil {
			return nil, err
		}
		p = append(p, part{text: literal.String(), arg: -1}, part{arg: arg})
		literal.Reset()
		s = s[width:]
	}
	if literal.Len() > 0 {
		p = append(p, part{text: literal.String(), arg: -1})
	}
	return p, nil
}

// parsePlaceholder reads {0} … {9} at the start of s and says how long it is.
func parsePlaceholder(s string) (arg, width int, err error) {
	end := strings.IndexByte(s, '}')
	if s[0] == '}' || end < 0 {
		return 0, 0, fmt.Errorf("a lone brace in %q; double it to show one", s)
	}
	name := s[1:end]
	arg, err = strconv.Atoi(name)
	if err != nil || arg < 0 || arg > maxArg || strconv.Itoa(arg) != name {
		return 0, 0, fmt.Errorf("placeholder {%s} is none of {0} to {%d}", name, maxArg)
	}
	return arg, end + 1, nil
}

// args lists the arguments a phrase shows in any of its forms, ascending.
func (p phrase) args() []int {
	var used []int
	for _, form := range p.forms {
		for _, part := range form {
			if part.arg >= 0 && !slices.Contains(used, part.arg) {
				used = append(used, part.arg)
			}
		}
	}
	slices.Sort(used)
	return used
}

// say fills the phrase in. An argument that was not given stays visible as its
// placeholder: a page with a hole is better than no page.
func (p phrase) say(lang Lang, args []any) string {
	var b strings.Builder
	for _, part := range p.forms[p.choose(lang, args)] {
		switch {
		case part.arg < 0:
			b.WriteString(part.text)
		case part.arg < len(args):
			b.WriteString(show(lang, args[part.arg]))
		default:
			fmt.Fprintf(&b, "{%d}", part.arg)
		}
	}
	return b.String()
}

// choose picks the form by the first argument that is a whole number.
func (p phrase) choose(lang Lang, args []any) form {
	if !p.plural {
		return other
	}
	for _, arg := range args {
		if n, negative, ok := whole(arg); ok {
			if negative {
				n = -n
			}
			return pluralOf(lang, n)
		}
	}
	return other
}

// whole reads an argument as a whole number, in two's complement when it is
// negative. Things that know how to write themselves (a month, a duration) are
// not numbers to count by.
func whole(arg any) (n uint64, negative, ok bool) {
	if _, named := arg.(fmt.Stringer); named || arg == nil {
		return 0, false, false
	}
	v := reflect.ValueOf(arg)
	switch {
	case v.CanInt():
		return uint64(v.Int()), v.Int() < 0, true
	case v.CanUint():
		return v.Uint(), false, true
	}
	return 0, false, false
}

// fractionDigits is how many digits a fraction inside a phrase shows at most;
// who wants another number passes the text made by Decimal.
const fractionDigits = 2

// show writes one argument for people.
func show(lang Lang, arg any) string {
	switch v := arg.(type) {
	case string:
		return v
	case time.Time:
		return DateFull(lang, v)
	case time.Duration:
		return Duration(lang, v)
	case float64:
		return Decimal(lang, v, fractionDigits)
	case float32:
		return Decimal(lang, float64(v), fractionDigits)
	}
	if n, negative, ok := whole(arg); ok {
		if negative {
			return Number(lang, int64(n))
		}
		return group(lang, strconv.FormatUint(n, 10))
	}
	return fmt.Sprint(arg)
}
