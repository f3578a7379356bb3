package portal

import (
	"strings"
	"unicode"
)

// latin is how letters are written on the city's signs and in passports.
var latin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k",
	'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts",
	'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya", '№': "No.",
}

// transliterate writes a Russian name in Latin letters.
func transliterate(name string) string {
	var b strings.Builder
	for _, r := range name {
		to, ok := latin[unicode.ToLower(r)]
		switch {
		case !ok:
			b.WriteRune(r)
		case unicode.IsUpper(r) && to != "":
			b.WriteString(strings.ToUpper(to[:1]) + to[1:])
		default:
			b.WriteString(to)
		}
	}
	return b.String()
}

// slug is a name as an id: Latin letters and digits between dashes, at most
// so many bytes.
func slug(name string, most int) string {
	var b strings.Builder
	for _, r := range strings.ToLower(transliterate(name)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	if len(s) > most {
		s = strings.Trim(s[:most], "-")
	}
	return s
}
