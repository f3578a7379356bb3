package locale

import (
	"math"
	"strconv"
	"strings"
)

// minus is U+2212: screen readers say it, and it is as wide as a digit.
const minus = "−"

// Number writes a whole number with its thousands parted: 12 345 in Russian
// (narrow no-break space), 12,345 in English.
func Number(lang Lang, n int64) string {
	if n < 0 {
		return minus + group(lang, strconv.FormatUint(-uint64(n), 10))
	}
	return group(lang, strconv.FormatInt(n, 10))
}

// Decimal writes a number with at most so many digits after the decimal mark,
// which is a comma in Russian; zeros at the end are dropped. What is no number
// is written as a dash.
func Decimal(lang Lang, f float64, digits int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "—"
	}
	s := strconv.FormatFloat(math.Abs(f), 'f', max(digits, 0), 64)
	whole, fraction, _ := strings.Cut(s, ".")
	fraction = strings.TrimRight(fraction, "0")
	out := group(lang, whole)
	if fraction != "" {
		out += wordsOf(lang).decimal + fraction
	}
	if f < 0 && (fraction != "" || whole != "0") {
		out = minus + out
	}
	return out
}

// group parts a run of digits into thousands.
func group(lang Lang, digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	head := len(digits) % 3
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if i > 0 {
			b.WriteString(wordsOf(lang).group)
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}
