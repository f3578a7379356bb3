package reading

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// pattern finds one kind of data that has digits or Latin letters. It is tried
// where a token begins that may begin it; end judges a match by what stands
// around it and says where the data end, or 0 where there are none.
//
// Most texts hold nothing of a kind, and to look costs less than to search: a
// match begins with one of few words, and holds at least so many digits.
type pattern struct {
	kind   Kind
	digits int
	begins string // beginnings of words and single characters, parted by spaces; # is a number, ? a letter alone, ?? two
	match  *regexp.Regexp
	end    func(s string, from, to int) int
}

// window is how many bytes of a text are looked at from where a match may
// begin.
const window = 240

// compiled are the patterns by what they begin with.
type compiled struct {
	pattern
	words   []string
	marks   string
	number  bool
	letters int
}

var ready = sync.OnceValue(func() []compiled {
	list := make([]compiled, len(patterns))
	for i, p := range patterns {
		c := compiled{pattern: p}
		for begin := range strings.FieldsSeq(p.begins) {
			switch r, size := utf8.DecodeRuneInString(begin); {
			case begin == "#":
				c.number = true
			case begin[0] == '?':
				c.letters = len(begin)
			case size == len(begin) && !unicode.IsLetter(r):
				c.marks += begin
			default:
				c.words = append(c.words, begin)
			}
		}
		list[i] = c
	}
	return list
})

// may tells whether a match may begin at a token.
func (c *compiled) may(k token) bool {
	switch k.sort {
	case numberToken:
		return c.number
	case wordToken:
		return c.letters > 0 && utf8.RuneCountInString(k.word) == c.letters || hasStart(k.word, c.words)
	case otherToken:
		return strings.Contains(c.marks, k.word)
	}
	return false
}

// find tries a pattern at the tokens where it may begin.
func (c *compiled) find(t *sheet, candidates []int32, found func(from, to int)) {
	s, done := t.plain, 0
	for _, i := range candidates {
		k := t.tokens[i]
		start := int(k.from)
		if start < done || !c.may(k) {
			continue
		}
		match := c.match.FindStringSubmatchIndex(s[start:min(len(s), start+window)])
		if match == nil {
			continue
		}
		// What stands in the first group is the data, the rest tells them.
		from, to := start+match[0], start+match[1]
		if len(match) > 2 && match[2] >= 0 {
			from, to = start+match[2], start+match[3]
		}
		if end := c.end(s, from, to); end > from {
			found(from, end)
			done = end
		}
	}
}

// numbers finds what has digits, and addresses of mail and profiles.
func (t *sheet) numbers(add func(from, to int, kind Kind)) {
	list := ready()
	var candidates []int32
	for i, k := range t.tokens {
		if k.sort == numberToken || k.sort == otherToken && strings.Contains("+(@", k.word) ||
			k.sort == wordToken && (len(k.word) <= 4 || beginsWords[firstLetter(k.word)]) {
			candidates = append(candidates, int32(i))
		}
	}
	for i := range list {
		if c := &list[i]; t.digits >= c.digits {
			c.find(t, candidates, func(from, to int) { add(from, to, c.kind) })
		}
	}
	t.mails(add)
}

// mails finds addresses of mail, around their @.
func (t *sheet) mails(add func(from, to int, kind Kind)) {
	done := 0
	for i, k := range t.tokens {
		if k.word != "@" && k.word != "собака" || int(k.from) < done {
			continue
		}
		// The words that touch the sign begin the address.
		first := i
		for first > 0 && i-first < 12 && t.mailPart(first-1) && (t.tokens[first-1].to == t.tokens[first].from || k.word == "собака" && first == i) {
			first--
		}
		start := max(int(t.tokens[first].from), done)
		if match := mail.FindStringIndex(t.plain[start:min(len(t.plain), int(k.to)+window)]); match != nil && match[0] == 0 && start+match[1] > int(k.to) {
			add(start, start+match[1], Email)
			done = start + match[1]
		}
	}
}

var mail = regexp.MustCompile(`^(?:[a-zа-я0-9._%+-]+@[a-zа-я0-9-]+(?:\.[a-zа-я0-9-]+)+|[a-z0-9._-]{2,} ?[(\[]? ?собака ?[)\]]? ?[a-z0-9-]{2,} ?(?:\.|точка) ?(?:ru|com|net|org|ру|ком))`)

// mailPart tells whether a token may stand in an address of mail.
func (t *sheet) mailPart(i int) bool {
	k := t.tokens[i]
	return k.sort == wordToken || k.sort == numberToken || k.sort == otherToken && strings.Contains("._%+-([", k.word)
}

const (
	plateLetter = `[авекмнорстухabekmhopctyx]`
	// The digits of a code may have the letter of its button among them.
	doorCode = `(?:[#*кkвv]{0,2}\d{1,4}[ -]?[#*кkвv]{1,2}[ -]?\d{0,6}[#*кkвv]?|[#*кkвv]{0,2}\d{2,8}[#*кkвv]?)`
)

// beginsWords are the first letters of the words that begin patterns.
var beginsWords = map[rune]bool{'х': false, 'к': true, 'д': true, 'п': true, 'т': true, 'и': true, 'в': true, 'с': true, 'л': true, 'м': true,
	'h': true, 't': true, 'v': true, 'i': true, 'f': true, 'w': true, 's': true, 'p': true, 'a': true}

func firstLetter(word string) rune {
	r, _ := utf8.DecodeRuneInString(word)
	return r
}

// patterns in the order of their strength, which decides between two that start
// at one place. They see plain text.
var patterns = []pattern{
	{Contact, 0, "https http www m t telegram wa vk vkontakte ok instagram facebook fb max", regexp.MustCompile(`^(?:(?:https?://)?(?:www\.|m\.)?(?:t\.me|telegram\.me|wa\.me|vk\.com|vkontakte\.ru|ok\.ru|instagram\.com|facebook\.com|fb\.com|max\.ru)/[a-z0-9_.@+/?=&%-]{2,})`), endOfWordBefore},
	{Contact, 0, "@", regexp.MustCompile(`^(?:@[a-z_][a-z0-9_.]{3,})`), endOfWordBefore},
	{Contact, 0, "телег тг telegram инст вк ватсап вотсап вацап whatsapp вайбер viber скайп skype", regexp.MustCompile(`^(?:(?:телеграм[а-я]*|телеге?|телега|тг|telegram|инстаграм[а-я]*|инсте|инста|вконтакте|вк|ватсап[а-я]*|вотсап[а-я]*|вацап[а-я]*|whatsapp|вайбер[а-я]*|viber|скайп[а-я]*|skype) ?[:-]? ?(?:ник |id |логин )?:? ?([a-z][a-z0-9_.]{3,}))`), endOfNick},
	{Document, 13, "#", regexp.MustCompile(`^(?:[2-6](?:[ -]?\d){12,18})`), endOfCard},
	{Document, 11, "#", regexp.MustCompile(`^(?:\d{3}-\d{3}-\d{3}[ -]\d\d)`), endAlone},
	{Document, 11, "снилс", regexp.MustCompile(`^(?:снилс[а-я]*[ :№#-]{0,4}(\d{3}[ -]?\d{3}[ -]?\d{3}[ -]?\d\d))`), endOfMatch},
	{Document, 10, "паспорт passport", regexp.MustCompile(`^(?:(?:паспорт[а-я]*|passport)[ :№#-]{0,4}(?:рф|гражданина рф)?[ :№#-]{0,4}(?:серия|серии|номер)?[ :№#-]{0,4}(\d\d ?\d\d[ ,]{0,2}(?:номер|№|n|#)? ?\d{6}))`), endOfMatch},
	{Document, 10, "сери", regexp.MustCompile(`^(?:сери[яи][ :№#-]{0,4}(\d\d ?\d\d[ ,]{0,2}(?:номер|№|n|#)? ?\d{6}))`), endOfMatch},
	{Document, 12, "инн", regexp.MustCompile(`^(?:инн[ :№#-]{0,4}(\d{12}))`), endAlone},
	{Document, 6, "лицев л", regexp.MustCompile(`^(?:(?:лицев[а-я]+ сч[её]т[а-я]*|л/сч?)[ .:№#-]{0,4}(\d{6,14}))`), endAlone},
	{Document, 16, "полис", regexp.MustCompile(`^(?:полис[а-я]*[ :№#-]{0,4}(?:омс)?[ :№#-]{0,4}(\d{16}))`), endAlone},
	{Phone, 11, "# +", regexp.MustCompile(`^(?:(?:\+ ?7|7|8)[ ().\-_/*]{0,4}[3489]\d\d(?:[ ().\-_/*]{0,4}\d{1,7}){1,7})`), endOfLongPhone},
	{Phone, 11, "# +", regexp.MustCompile(`^(?:(?:\+ ?7|7|8)(?:[ .-]{1,2}\d){10})`), endOfLongPhone},
	{Phone, 10, "+", regexp.MustCompile(`^(?:\+ ?[1-9]\d{0,2}(?:[ ().-]{0,3}\d{2,4}){3,5})`), endOfForeignPhone},
	{Phone, 10, "# (", regexp.MustCompile(`^(?:\(?9\d\d\)?[ -]{0,2}\d{3}[ -]?\d\d[ -]?\d\d)`), endOfShortPhone},
	{Phone, 8, "(", regexp.MustCompile(`^(?:\([348]\d{2,4}\) ?\d{1,3}[ -]?\d\d[ -]?\d\d)`), endOfCodedPhone},
	{Phone, 7, "#", regexp.MustCompile(`^(?:[1-9]\d\d-\d\d-\d\d)`), endOfTownPhone},
	{Phone, 5, "мой моему домашн личный моб", regexp.MustCompile(`^(?:(?:мой|моему|домашний|домашнему|личный|мобильный|моб\.?) (?:тел[а-я.]*)?[.: ]{0,3}(\d{1,3}[ -]\d\d[ -]\d\d|\d{5,7}))`), endOfTownPhone},
	{Plate, 3, "?", regexp.MustCompile(`^(?:` + plateLetter + ` ?\d{3} ?` + plateLetter + `{2}(?: ?(?:/ ?)?\d{2,3}(?: ?(?:rus|рус))?)?)`), endOfPlate},
	{Plate, 5, "??", regexp.MustCompile(`^(?:` + plateLetter + `{2} ?\d{3,4} ?\d{2,3}(?: ?(?:rus|рус))?)`), endOfOtherPlate},
	{Flat, 1, "кв kb ap flat", regexp.MustCompile(`^(?:(?:[кk][вb](?:арт(?:ира|иры|ире|иру|ирой|ир|ирам|ирами|ирах)?)?|apartment|apt|flat)[ .:]{0,3}` + `(?:номер |n ?|# ?|№ ?)?\d{1,4})`), endOfFlat},
	{Flat, 1, "#", regexp.MustCompile(`^(?:\d{1,4}(?:(?:-?(?:я|й|ю|ой|ей|ую|ая))? ?квартир(?:а|е|у|ой)|-?(?:й|ой|ей) квартиры|кв))`), endOfFlatAfterNumber},
	{Flat, 1, "из над под от в с у к", regexp.MustCompile(`^(?:(?:из|над|под|от|в|с|у|к) (\d{1,4}-?[йя]? кв))`), endOfFlatAfterNumber},
	{Code, 2, "код пароль", regexp.MustCompile(`^(?:(?:код|кода|коду|кодом|пароль)(?: (?:от|для|на|в))?(?: (?:домофон[а-я]*|двер[а-я]*|подъезд[а-я]*|парадн[а-я]*|вход[а-я]*|замк[а-я]*|калитк[а-я]*|ворот[а-я]*|шлагбаум[а-я]*|нашего|нашей|входной|первого|второго))*[ .:№#=-]{1,4}(` + doorCode + `))`), endOfCode},
	{Code, 2, "домофон", regexp.MustCompile(`^(?:домофон[ау]?[ .:№#=-]{1,4}(?:код )?(` + doorCode + `))`), endOfIntercom},
}

func endOfMatch(_ string, _, to int) int { return to }

// endOfWordBefore takes a match only at the beginning of a word.
func endOfWordBefore(s string, from, to int) int {
	if endsInLetter(s[:from]) || endsInDigit(s[:from]) || strings.HasSuffix(s[:from], ".") || strings.HasSuffix(s[:from], "/") {
		return 0
	}
	if s[from] == '@' && to < len(s) && s[to] == '.' || strings.HasSuffix(s[from:to], ".ru") || strings.HasSuffix(s[from:to], ".com") {
		return 0 // the name of a site
	}
	for _, group := range []string{"/wall-", "/public", "/club", "/topic-", "/photo-", "/video-", "/album-"} {
		if strings.Contains(s[from:to], group) {
			return 0 // of a group, not of a person
		}
	}
	return to - trailing(s[from:to])
}

// trailing is how many bytes of punctuation end a piece.
func trailing(s string) int { return len(s) - len(strings.TrimRight(s, "./?=&%-,")) }

// endOfNick takes a nick after the name of a messenger, unless the Latin word is
// the name of a messenger or of a site itself.
func endOfNick(s string, from, to int) int {
	before := strings.TrimRight(s[:from], " :-")
	word := before[strings.LastIndexFunc(before, func(r rune) bool { return !isLetterOrDigit(r) })+1:]
	for _, known := range []string{"whatsapp", "telegram", "viber", "skype", "https", "http", "www."} {
		if strings.HasPrefix(s[from:to], known) {
			return 0
		}
	}
	if start := strings.TrimSuffix(before, word); endsInLetter(start) {
		return 0
	}
	return to - trailing(s[from:to])
}

// endOfForeignPhone: a plus and ten to fifteen digits (E.164).
func endOfForeignPhone(s string, from, to int) int {
	if n := len(onlyDigits(s[from:to])); n < 10 || n > 15 {
		return 0
	}
	return endAlone(s, from, to)
}

// endOfCodedPhone: a code in brackets and the number, ten digits in all; the
// number of a free line is none.
func endOfCodedPhone(s string, from, to int) int {
	number := onlyDigits(s[from:to])
	if len(number) != 10 || strings.HasPrefix(number, "800") {
		return 0
	}
	return endAlone(s, from, to)
}

// endOfPlate takes the number of a car. Written in one word it is taken as it
// is; with spaces only with its region, or after a word for a vehicle, because
// «в 100 км» looks alike.
func endOfPlate(s string, from, to int) int {
	if endsInLetter(s[:from]) || endsInDigit(s[:from]) || startsWithLetter(s[to:]) || startsWithDigit(s[to:]) {
		return 0
	}
	number := s[from:to]
	digits := len(onlyDigits(number))
	_, first := utf8.DecodeRuneInString(number)
	tight := isDigit(rune(number[first])) && !strings.Contains(strings.TrimRight(number, "0123456789rusу с/"), " ")
	unit := strings.HasSuffix(number, "км") || strings.HasSuffix(number, "см") || strings.HasSuffix(number, "мм") || strings.HasSuffix(number, "ом")
	if tight || digits >= 5 || !unit && afterVehicle(s[:from]) {
		return to
	}
	return 0
}

// endOfOtherPlate: taxis, trailers and motorcycles, only after a word for a
// vehicle.
func endOfOtherPlate(s string, from, to int) int {
	if endsInLetter(s[:from]) || startsWithDigit(s[to:]) || startsWithLetter(s[to:]) || !afterVehicle(s[:from]) {
		return 0
	}
	return to
}

// vehicleReach is how far before a number a word tells that it is a vehicle's.
const vehicleReach = 60

func afterVehicle(before string) bool {
	if len(before) > vehicleReach {
		before = before[len(before)-vehicleReach:]
	}
	return slices.ContainsFunc([]string{"номер", "гос", "г/н", "грз", "машин", "авто", "такси", "прицеп", "мотоцикл", "plate", "car "}, func(w string) bool {
		return strings.Contains(before, w)
	})
}

// endOfCode takes what opens a door after the word «код»; codes of errors,
// towns, regions and pictures open none.
func endOfCode(s string, from, to int) int {
	before := s[max(0, from-80):from]
	word := before[max(0, strings.LastIndex(before, "код")):]
	ahead := strings.TrimSuffix(before, word)
	kind := strings.TrimRight(ahead, " -")
	if hasStart(kind[strings.LastIndexFunc(kind, func(r rune) bool { return !isLetterOrDigit(r) })+1:], []string{"qr", "штрих", "куар", "почтов", "промо", "вин", "vin", "зип", "телефонн"}) {
		return 0
	}
	if endsInLetter(ahead) || startsWithLetter(s[to:]) || startsWithDigit(s[to:]) || countsTime(s[to:]) {
		return 0
	}
	return to
}

// endOfIntercom takes a code after the word «домофон» alone: one with the
// letter of its button, or of four digits and more.
func endOfIntercom(s string, from, to int) int {
	number := s[from:to]
	if startsWithLetter(s[to:]) || startsWithDigit(s[to:]) || countsTime(s[to:]) {
		return 0
	}
	if len(onlyDigits(number)) < 4 && !strings.ContainsAny(number, "кkвv#*") {
		return 0
	}
	return to
}

// countsTime tells whether the number before counts days or doors.
func countsTime(after string) bool {
	after = strings.TrimLeft(after, " -")
	for _, thing := range []string{"день", "дня", "дней", "недел", "месяц", "год", "лет", "подъезд", "парадн", "этаж", "час", "раз", "сут", "домофон", "штук", "регион"} {
		if strings.HasPrefix(after, thing) {
			return true
		}
	}
	return false
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || isCyrillic(r) || isDigit(r)
}
