package view

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"gorod/internal/platform/locale"
)

// funcs are the functions of the templates, bound to one press:
//
//	t "key" args…   a phrase of the catalogue
//	date T          8 декабря (with the year when it is another one)
//	dateyear T      8 декабря 2026
//	datetime T      20 ноября, пятница, 18:42
//	iso T           for the datetime attribute
//	untilday T      до понедельника, 23 ноября
//	weekday T       пятница, 20 ноября 2026
//	clock T         18:42
//	ago T           2 дня назад
//	duration D      3 ч 20 мин
//	num N           1 284, 0,91: any number, two digits after the mark
//	fonts L         the built files of the typeface that a language begins with
//	asset "name"    the hashed address of a built file, or nothing
//	langname L      a language in itself: Русский, English
//	state S         the words of a chip: в работе до 8 декабря
//	line L          a problem in a list, as HTML (quick.go)
//	options LIST    the options of a select, as HTML (quick.go)
//	joined SEP S…   the parts that are not empty, with SEP between them
func (r *Renderer) funcs(pr *press) template.FuncMap {
	t := func(key string, args ...any) string { return r.cat.T(pr.base.Lang, key, args...) }
	local := func(at time.Time) time.Time { return at.In(pr.base.zone()) }
	now := func() time.Time { return local(pr.base.Now) }
	return template.FuncMap{
		"t":        t,
		"date":     func(at time.Time) string { return unbroken(locale.Date(pr.base.Lang, local(at), now())) },
		"dateyear": func(at time.Time) string { return unbroken(locale.Date(pr.base.Lang, local(at), time.Time{})) },
		"datetime": func(at time.Time) string { return locale.DateTime(pr.base.Lang, local(at), now()) },
		"untilday": func(at time.Time) string { return r.untilDay(pr.base.Lang, local(at), now()) },
		"weekday":  func(at time.Time) string { return locale.DateFull(pr.base.Lang, local(at)) },
		"ago":      func(at time.Time) string { return unbroken(locale.Ago(pr.base.Lang, local(at), now())) },
		"duration": func(d time.Duration) string { return unbroken(locale.Duration(pr.base.Lang, d)) },
		"iso":      func(at time.Time) string { return local(at).Format(time.RFC3339) },
		"clock":    func(at time.Time) string { return local(at).Format("15:04") },
		"num":      func(n any) (string, error) { return number(pr.base.Lang, n) },
		"asset":    r.assets.URL,
		"fonts":    r.fonts,
		"state":    func(s State) string { return r.stateText(pr.base.Lang, s, local(s.Due), now()) },
		"line":     func(l Line) template.HTML { return r.line(pr.base.Lang, l, pr.base.zone(), now()) },
		"options":  func(list []Option) template.HTML { return options(pr.base.Lang, list) },
		"langname": func(l locale.Lang) string { return r.cat.T(l, "page.language_name") },
		"joined":   func(sep string, parts ...string) string { return joined(sep, parts) },
	}
}

// fonts are the files of the typeface that every page of a language needs, so
// that they are there when it is first drawn: font-display is optional, a file
// that comes later waits for the next page. Digits are in the Latin ones.
func (r *Renderer) fonts(lang locale.Lang) []string {
	scripts := []string{"latin"}
	if lang == locale.RU {
		scripts = []string{"cyrillic", "latin"}
	}
	var list []string
	for _, script := range scripts {
		for _, weight := range []string{"400", "600"} {
			if url := r.assets.URL("font/golos-text-" + script + "-" + weight + "-normal.woff2"); url != "" {
				list = append(list, url)
			}
		}
	}
	return list
}

// unbroken keeps a date or a duration on one line.
func unbroken(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

func number(lang locale.Lang, n any) (string, error) {
	switch n := n.(type) {
	case int:
		return locale.Number(lang, int64(n)), nil
	case int64:
		return locale.Number(lang, n), nil
	case float64:
		return locale.Decimal(lang, n, 2), nil
	}
	return "", fmt.Errorf("num: %T is no number", n)
}

// joined leaves out what is empty, so that a missing area makes no lone dot.
func joined(sep string, parts []string) string {
	kept := make([]string, 0, len(parts))
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

func (b Base) zone() *time.Location {
	if b.Zone == nil {
		return time.UTC
	}
	return b.Zone
}

// untilDay needs the weekday in the genitive, which is a phrase of its own.
func (r *Renderer) untilDay(lang locale.Lang, at, now time.Time) string {
	key := "page.until_day_" + string(rune('0'+int(at.Weekday())))
	return r.cat.T(lang, key, unbroken(locale.Date(lang, at, now)))
}

// stateText is one function and not a chain of conditions in the template: a
// list of a hundred says it a hundred times.
func (r *Renderer) stateText(lang locale.Lang, s State, due, now time.Time) string {
	switch {
	case s.LateDays > 0:
		return r.cat.T(lang, "state.late", s.LateDays)
	case !s.Due.IsZero() && (s.Code == "work" || s.Code == "interim"):
		return r.cat.T(lang, "state."+s.Code+"_until", unbroken(locale.Date(lang, due, now)))
	}
	return r.cat.T(lang, "state."+s.Code)
}

func (r *Renderer) lineNote(lang locale.Lang, l Line, created, now time.Time) string {
	parts := make([]string, 0, 4)
	parts = append(parts, r.cat.T(lang, "page.number", locale.Number(lang, l.Number)), unbroken(locale.Date(lang, created, now)))
	if l.Joined > 0 {
		parts = append(parts, r.cat.T(lang, "page.joined", l.Joined))
	}
	if l.Hidden {
		parts = append(parts, r.cat.T(lang, "state.not_public"))
	}
	return strings.Join(parts, " · ")
}
