package reading

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxParts bounds how many problems a message is cut into.
	maxParts = 10
	// partWords is how many words of three letters and more a part has at least:
	// less is a remark, not a problem.
	partWords = 3
)

// parts cuts a text where it counts its problems («1) … 2) …», «во-первых …
// во-вторых …») or begins another («И ещё …», «Кроме того, …»). None where the
// text seems to be of one problem.
func (t *sheet) parts() []Part {
	if starts := t.counted(); len(starts) > 1 {
		if parts := t.between(starts); len(parts) > 1 {
			return parts
		}
	}
	starts := []int{0}
	for i := 1; i < len(t.tokens) && len(starts) < maxParts; i++ {
		if t.begins(i) && t.another(i) {
			starts = append(starts, i)
		}
	}
	if len(starts) < 2 {
		return nil
	}
	if parts := t.between(starts); len(parts) > 1 {
		return parts
	}
	return nil
}

// between are the parts that begin at tokens; one that is too short to be a
// problem goes with the one before it.
func (t *sheet) between(starts []int) []Part {
	var parts []Part
	for n, start := range starts {
		end := len(t.tokens)
		if n+1 < len(starts) {
			end = starts[n+1]
		}
		if end == start {
			continue
		}
		span := t.span(int(t.tokens[start].from), int(t.tokens[end-1].to), "")
		if len(parts) > 0 && (t.weight(start, end) < partWords || t.remark(start)) {
			parts[len(parts)-1].End = span.End
			continue
		}
		if t.weight(start, end) < partWords {
			continue
		}
		parts = append(parts, Part{Start: span.Start, End: span.End})
	}
	return parts
}

// remark tells whether an item of a list («2) Предоставить фото») is about the
// problem before it.
func (t *sheet) remark(start int) bool {
	return t.ordinal(start) > 0 && start+2 < len(t.tokens) && t.tokens[start].sort == numberToken && isRemark(t.tokens[start+2].word)
}

func isRemark(word string) bool { return hasStart(word, remarks) || slices.Contains(pronouns, word) }

// weight counts the words of three letters and more.
func (t *sheet) weight(from, to int) int {
	n := 0
	for _, k := range t.tokens[from:to] {
		if k.sort == wordToken && utf8.RuneCountInString(k.word) >= 3 {
			n++
		}
	}
	return n
}

// begins tells whether a sentence or a line begins at a token.
func (t *sheet) begins(i int) bool {
	if i == 0 {
		return true
	}
	before := t.tokens[i-1]
	return before.sort == otherToken && strings.Contains(".!?;", before.word) && before.to < t.tokens[i].from || strings.Contains(t.plain[before.to:t.tokens[i].from], "\n")
}

// counted are the tokens at which numbered items begin: 1 and 2 and so on, each
// at the beginning of a line or of a sentence, with a bracket or a dot; or the
// words for first and second.
func (t *sheet) counted() []int {
	var starts []int
	for i := range t.tokens {
		if len(starts) == maxParts {
			break
		}
		if t.ordinal(i) == len(starts)+1 {
			starts = append(starts, i)
		}
	}
	return starts
}

// ordinals are the words that count problems.
var ordinals = []string{"первых", "вторых", "третьих", "четвертых", "пятых"}

// ordinal is the number that an item of a list begins with; 0: none.
func (t *sheet) ordinal(i int) int {
	k := t.tokens[i]
	if k.sort == numberToken && len(k.word) <= 2 && i+1 < len(t.tokens) && t.tokens[i+1].from == k.to {
		mark := t.tokens[i+1].word
		spaced := i+2 < len(t.tokens) && t.tokens[i+2].sort == wordToken
		after := i == 0 || t.begins(i) || mark == ")" && t.tokens[i-1].to < k.from && strings.Contains(":,", t.tokens[i-1].word)
		if spaced && after && (mark == ")" || mark == "." && t.lineOrSpace(i)) {
			n := int(k.word[0] - '0')
			if len(k.word) == 2 {
				n = n*10 + int(k.word[1]-'0')
			}
			return n
		}
		return 0
	}
	if (k.word == "во" || k.word == "в") && i+2 < len(t.tokens) && t.tokens[i+1].word == "-" {
		return slices.Index(ordinals, t.tokens[i+2].word) + 1
	}
	return 0
}

// lineOrSpace tells whether a space follows «1.»: 1.5 and 01.02 are no items.
func (t *sheet) lineOrSpace(i int) bool {
	return t.tokens[i+1].to < t.tokens[i+2].from
}

// others are the words that begin another problem, longest first.
var others = [][]string{
	{"и", "еще", "одна", "проблема"}, {"еще", "одна", "проблема"}, {"вторая", "проблема"}, {"другая", "проблема"}, {"вторая", "просьба"}, {"и", "еще", "вопрос"},
	{"и", "еще"}, {"а", "еще"}, {"еще"}, {"а", "также"}, {"также"}, {"кроме", "того"}, {"кроме", "этого"}, {"помимо", "этого"}, {"помимо", "того"}, {"плюс", "к", "этому"}, {"заодно"},
	{"another", "problem"}, {"and", "also"}, {"also"}, {"secondly"}, {"besides"},
}

// remarks begin words about the same problem: whoever writes «также прошу
// сообщить» tells of no other.
var remarks = []string{
	"сообщ", "прилаг", "прилож", "фото", "прикреп", "уточн", "напомин", "напомн", "отмет", "отмеч", "поблагодар", "благодар", "спасибо", "обраща", "обрат", "жду", "ждем", "ответ", "дать", "дайте", "предостав",
	"привле", "наказ", "принят", "примите", "провер", "разобра", "рассмотр", "ускор", "указ", "хоч", "хотел", "раз", "уведом", "информ", "направ", "поясн", "объясн", "подскаж", "скаж", "вопрос", "прошлый", "вчера", "год", "летом", "осенью", "зимой", "весной",
	"надо", "нужно", "заявк", "жалоб", "писал", "звонил", "please", "attach",
}

// pronouns go on with what was said before.
var pronouns = []string{"один", "одно", "одна", "это", "он", "она", "они", "там", "и", "i", "it", "they"}

// another tells whether the words at a token begin another problem.
func (t *sheet) another(i int) bool {
	for _, words := range others {
		if !t.says(i, words) {
			continue
		}
		next := i + len(words)
		for k := next; k < min(next+3, len(t.tokens)); k++ {
			word := t.tokens[k]
			if word.sort == otherToken && word.word == "," && k == next {
				continue
			}
			if word.word == "прошу" || word.word == "просим" || word.word == "просьба" {
				continue
			}
			return word.sort == wordToken && !isRemark(word.word)
		}
		return false
	}
	return false
}

// says tells whether words stand at a token.
func (t *sheet) says(i int, words []string) bool {
	if i+len(words) > len(t.tokens) {
		return false
	}
	for k, word := range words {
		if t.tokens[i+k].word != word {
			return false
		}
	}
	return true
}
