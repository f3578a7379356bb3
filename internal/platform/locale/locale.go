// Package locale says things in a person's language: phrases with plural
// forms, numbers, dates and durations.
//
// Phrases live in catalog/<language>/<area>.toml. The key of a phrase is the
// area, a dot and the key path inside the file: text_too_long in problem.toml
// is "problem.text_too_long". A value is a string, or a table of plural forms
// of which the first integer argument chooses one:
//
//	days_left = {one = "остался {0} день", few = "осталось {0} дня", many = "осталось {0} дней"}
//
// {0}, {1} stand for the arguments; a literal brace is doubled. The forms are
// those of Unicode CLDR: Russian needs one, few, many (other, for fractions,
// is few where it is not given), English needs one, other. Russian is the main
// language: a phrase that another language lacks is shown in Russian.
//
// Spaces inside dates and durations are ordinary ones; keeping them on one
// line is the page's business. Thousands are parted by a narrow no-break
// space in Russian (U+202F), so a number never breaks.
package locale

import (
	"strconv"
	"strings"
)

// Lang is a language by its two-letter ISO 639-1 code, as in the attribute
// lang of a page.
type Lang string

const (
	// RU is Russian, the main language.
	RU Lang = "ru"
	// EN is English.
	EN Lang = "en"
)

// Langs lists the languages that the program speaks, the main one first.
func Langs() []Lang { return []Lang{RU, EN} }

// Match picks the offered language that a browser's Accept-Language header
// likes best: by quality, then by the header's order. Regions are ignored
// (en-GB is en). Where nothing fits it is the first offered, and Russian where
// nothing is offered.
func Match(acceptLanguage string, offered []Lang) Lang {
	if len(offered) == 0 {
		return RU
	}
	best, bestQuality := offered[0], 0.0
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, quality := parseRange(part)
		if quality <= bestQuality {
			continue
		}
		for _, lang := range offered {
			if tag == "*" || tag == string(lang) {
				best, bestQuality = lang, quality
				break
			}
		}
	}
	return best
}

// parseRange reads one language range of RFC 9110 12.5.4, such as
// "en-US;q=0.8"; a quality that cannot be read counts as a refusal.
func parseRange(s string) (tag string, quality float64) {
	s, param, hasParam := strings.Cut(s, ";")
	tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(s)), "-")
	if !hasParam {
		return tag, 1
	}
	value, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(param)), "q=")
	if !ok {
		return tag, 1
	}
	quality, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(quality >= 0 && quality <= 1) {
		return tag, 0
	}
	return tag, quality
}
