package reading

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// obscene finds foul words and abuse of people. Letters may be replaced by
// stars, digits and Latin ones, stretched, or parted by spaces.
func (t *sheet) obscene() []Span {
	var spans []Span
	add := func(from, to int, kind Kind) {
		spans = append(spans, t.span(int(t.tokens[from].from), int(t.tokens[to].to), kind))
	}
	for i := 0; i < len(t.tokens); {
		end, letters := t.chunk(i)
		switch {
		case end == i:
			if t.tokens[i].sort != wordToken {
				break
			}
			if last := t.lettersApart(i); last > i {
				if isFoul(t.joined(i, last)) {
					add(i, last, Obscenity)
				}
				end = last
				break
			}
			if kind := foulKind(t.tokens[i].word, t.tokens[i].latin); kind != "" {
				add(i, i, kind)
			}
		case isFoul(strings.ReplaceAll(letters, "@", "а")) || isStarred(strings.ReplaceAll(letters, "@", "*")):
			add(i, end, Obscenity)
		}
		i = end + 1
	}
	return spans
}

// chunk gives the last of the tokens that touch, from a word on, and stand for
// the letters of one word, and those letters: 0 is о, @ is а or any, a star any.
func (t *sheet) chunk(i int) (end int, letters string) {
	if t.tokens[i].sort != wordToken {
		return i, ""
	}
	end = i
	for end+1 < len(t.tokens) && t.tokens[end+1].from == t.tokens[end].to {
		next := t.tokens[end+1]
		if !(next.sort == wordToken || next.sort == numberToken && len(next.word) == 1 || next.sort == otherToken && strings.Contains("*@#$", next.word)) {
			break
		}
		end++
	}
	if end == i || !slices.ContainsFunc(t.tokens[i:end+1], func(k token) bool { return k.sort == wordToken && !k.latin }) {
		return i, "" // a word alone, or a piece of an address
	}
	var b strings.Builder
	for _, k := range t.tokens[i : end+1] {
		word := k.word
		if k.latin {
			word = strings.Map(russian, word)
		}
		b.WriteString(likeLetters.Replace(word))
	}
	return end, b.String()
}

var likeLetters = strings.NewReplacer("0", "о", "3", "з", "4", "ч", "6", "б", "$", "с", "#", "*")

// lettersApart gives the last of three and more single letters that stand
// apart: «х у й».
func (t *sheet) lettersApart(i int) int {
	last, count := i, 0
	for k := i; k < len(t.tokens); k++ {
		word := t.tokens[k]
		if word.sort == otherToken && (word.word == "." || word.word == "-") && k > i && t.tokens[k-1].sort == wordToken {
			continue
		}
		if word.sort != wordToken || word.latin || utf8.RuneCountInString(word.word) != 1 {
			break
		}
		last = k
		count++
	}
	if count < 3 {
		return i
	}
	return last
}

// joined are the letters of words from one to another.
func (t *sheet) joined(from, to int) string {
	var b strings.Builder
	for _, k := range t.tokens[from : to+1] {
		if k.sort == wordToken {
			b.WriteString(k.word)
		}
	}
	return b.String()
}

// foulKind tells what kind of foul word a word is, if any.
func foulKind(word string, latin bool) Kind {
	switch {
	case latin:
		if slices.Contains(foulLatin, word) || hasStart(word, foulLatinRoots) {
			return Obscenity
		}
		return ""
	case isFoul(word):
		return Obscenity
	case isAbuse(word):
		return Abuse
	}
	return ""
}

var (
	foulLatin      = []string{"suka", "suki", "hui", "huy", "nahui", "nahuy", "pohui", "bitch", "ebal", "ebat", "mudak"}
	foulLatinRoots = []string{"fuck", "shit", "pizd", "blya", "asshole", "pidor", "gandon"}
)

// foulPrefixes are what may stand before the roots ху and еб. The longer come
// first.
var foulPrefixes = []string{"долбо", "долба", "мозго", "пере", "разъ", "подъ", "отъ", "объ", "взъ", "изъ", "съ", "рас", "раз", "под", "про", "при", "вы", "за", "на", "по", "до", "от", "не", "ни", "ис", "у", "о", "а", "с", ""}

// foulRoots begin words that are foul whatever follows.
var foulRoots = []string{
	"бляд", "блять", "блят", "мудак", "мудач", "мудил", "мудозв", "мудоеб", "гандон", "гондон", "пидор", "пидар", "пидр", "залуп", "шлюх", "пездюк", "пездец", "отпезд", "распезд",
	"говн", "гавн", "засран", "обосра", "насрал", "засрал", "срань", "обосса", "нассал", "зассал", "жоп", "дрочи", "елдак", "педераст", "дерьм",
}

// foulWords are foul as they stand.
var foulWords = []string{
	"бля", "сука", "суку", "суки", "сукой", "суке", "сукин", "сукины", "сукина", "сучара", "манда", "манды", "манду", "мандой", "педик", "педики", "педиков", "педику",
	"срать", "срут", "срет", "насрать", "посрать", "ссать", "ссут", "ссыт", "ссали", "нассать", "хер", "хера", "херу", "хером", "нахер", "похер", "нихера", "дохера", "херня", "херню", "херни", "херней", "херово",
	"херовый", "елда", "сцука", "сцуко", "бляха-муха",
}

// isFoul tells whether a word in small Russian letters is мат. A letter that is
// stretched counts once.
func isFoul(word string) bool {
	if isFoulPlain(word) {
		return true
	}
	return stretched(word) && isFoulPlain(unstretched(word))
}

// stretched tells whether a letter of a word stands three times in a row.
func stretched(word string) bool {
	before, run := rune(0), 0
	for _, r := range word {
		if r != before {
			before, run = r, 0
		}
		if run++; run == 3 {
			return true
		}
	}
	return false
}

func isFoulPlain(word string) bool {
	return strings.Contains(word, "пизд") || foulLexicon().of(word)&foulWord != 0
}

const (
	foulWord class = 1 << iota
	abuseWord
)

// foulLexicon knows the words of this file: a root with each of its prefixes.
var foulLexicon = sync.OnceValue(func() lexicon {
	foul := slices.Clone(foulWords)
	for _, root := range foulRoots {
		foul = append(foul, root+"*")
	}
	for _, prefix := range foulPrefixes {
		for _, ending := range []string{"й", "я", "е", "ю", "и"} {
			foul = append(foul, prefix+"ху"+ending+"*")
		}
		if prefix != "с" && prefix != "раз" && prefix != "под" {
			foul = append(foul, prefix+"еб*")
		}
	}
	return newLexicon(map[class]string{foulWord: strings.Join(foul, " "), abuseWord: strings.Join(abuse, " ")})
})

// unstretched leaves one of three and more equal letters.
func unstretched(word string) string {
	runes := []rune(word)
	kept := runes[:0:0]
	for i := 0; i < len(runes); {
		end := i
		for end < len(runes) && runes[end] == runes[i] {
			end++
		}
		kept = append(kept, runes[i])
		if end-i == 2 {
			kept = append(kept, runes[i])
		}
		i = end
	}
	return string(kept)
}

// starred are the words that people write with stars.
var starred = []string{
	"хуй", "хуя", "хуе", "хуи", "хуев", "хуйня", "хуйню", "хуйни", "нахуй", "похуй", "нихуя", "дохуя", "охуел", "охуели", "охуеть", "бля", "блять", "блядь", "бляди", "блядство",
	"пизда", "пизду", "пизды", "пизде", "пиздец", "пиздеж", "сука", "суки", "суку", "ебать", "ебал", "ебан", "ебаный", "ебаные", "ебанный", "ебнул", "заебали", "заебало", "заебал", "заебись",
	"наебали", "выебон", "уебок", "уебки", "уебище", "мудак", "мудаки", "мудаков", "гандон", "гандоны", "пидор", "пидоры", "пидорас", "говно", "говна", "говном", "жопа", "жопе", "жопу", "долбоеб", "долбоебы",
}

// isStarred tells whether letters and stars are a foul word: «х*й», «п***ц»,
// «х**». A star is a letter, or any number of them.
func isStarred(letters string) bool {
	first, size := utf8.DecodeRuneInString(letters)
	stars := strings.Count(letters, "*")
	if stars == 0 || first == '*' || size == len(letters) {
		return false
	}
	if rest := letters[size:]; strings.Trim(rest, "*") == "" {
		return strings.ContainsRune("хпб", first) && stars >= 2
	}
	parts := strings.FieldsFunc(letters, func(r rune) bool { return r == '*' })
	for _, word := range starred {
		if starredAs(letters, parts, word) {
			return true
		}
	}
	return false
}

// starredAs tells whether a word may be behind letters with stars.
func starredAs(letters string, parts []string, word string) bool {
	if !strings.HasPrefix(word, parts[0]) {
		return false
	}
	rest := word[len(parts[0]):]
	for _, part := range parts[1:] {
		_, size := utf8.DecodeRuneInString(rest)
		if size == 0 {
			return false
		}
		i := strings.Index(rest[size:], part)
		if i < 0 {
			return false
		}
		rest = rest[size+i+len(part):]
	}
	if strings.HasSuffix(letters, "*") {
		return rest != ""
	}
	return rest == ""
}

// abuse are plain words of abuse for people.
var abuse = []string{
	"идиот", "идиоты", "идиота", "идиотов", "идиотам", "идиотка", "дебил", "дебилы", "дебила", "дебилов", "дебилам", "кретин", "кретины", "кретинов", "придурок", "придурки", "придурков", "придурка",
	"дурак", "дураки", "дураков", "дурака", "дура", "дуры", "урод", "уроды", "уродов", "уроду", "уродам", "ублюдок", "ублюдки", "ублюдков", "тварь", "твари", "тварям", "тварей", "скотина", "скоты", "быдло",
	"мразь", "мрази", "мразей", "сволочь", "сволочи", "сволочей", "подонок", "подонки", "подонков", "негодяй", "негодяи", "негодяев", "имбецил", "имбецилы", "недоумок", "недоумки", "недоумков", "чмо", "чмошник",
	"гнида", "гниды", "хачи", "хачей", "черножопые", "чурки", "чурок", "тупица", "тупицы", "безмозглые", "безмозглый", "алкаш", "алкаши", "алкашей", "козлина", "гаденыш", "шваль", "ничтожество", "ничтожества",
}

func isAbuse(word string) bool { return foulLexicon().whole[word]&abuseWord != 0 }

func hasStart(word string, starts []string) bool {
	return slices.ContainsFunc(starts, func(start string) bool { return strings.HasPrefix(word, start) })
}
