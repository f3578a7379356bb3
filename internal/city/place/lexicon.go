package place

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// gain is what a typed word is worth as a word of the lexicon, 0: it is another.
// With the bit guessed the word is only near.
type gain uint8

const guessed gain = 1 << 7

func (g gain) worth() int { return int(g &^ guessed) }

func (g gain) near() bool { return g&guessed != 0 }

// lexicon is every word of the names of streets once, in order, with the streets
// that have it. It never changes.
type lexicon struct {
	text     []string
	stem     []string
	sound    []string
	letters  []uint64
	size     []uint8
	bySound  []int32
	ordinals []int32  // words that are numbers written out
	ends     []uint32 // where the streets of each word end
	streets  []int32
}

// newLexicon takes each word with the streets whose names have it; the streets
// may be none.
func newLexicon(words map[string][]int32) *lexicon {
	l := &lexicon{}
	for text := range words {
		l.text = append(l.text, text)
	}
	slices.Sort(l.text)
	for i, text := range l.text {
		w := wordOf(text)
		l.stem = append(l.stem, w.stem)
		l.sound = append(l.sound, soundOf(text))
		l.letters = append(l.letters, lettersOf(text))
		l.size = append(l.size, uint8(min(utf8.RuneCountInString(text), 255)))
		l.bySound = append(l.bySound, int32(i))
		if ordinal(text) != "" {
			l.ordinals = append(l.ordinals, int32(i))
		}
		list := words[text]
		slices.Sort(list)
		l.streets = append(l.streets, slices.Compact(list)...)
		l.ends = append(l.ends, uint32(len(l.streets)))
	}
	slices.SortStableFunc(l.bySound, func(a, b int32) int { return cmp.Compare(l.sound[a], l.sound[b]) })
	return l
}

// at finds a word, -1 where there is none.
func (l *lexicon) at(text string) int32 {
	if i, ok := slices.BinarySearch(l.text, text); ok {
		return int32(i)
	}
	return -1
}

// streetsOf lists the streets that have a word.
func (l *lexicon) streetsOf(word int) []int32 {
	from := uint32(0)
	if word > 0 {
		from = l.ends[word-1]
	}
	return l.streets[from:l.ends[word]]
}

// starting is the range of words that begin so.
func (l *lexicon) starting(start string) (from, to int) {
	from, _ = slices.BinarySearch(l.text, start)
	to = from + sort.Search(len(l.text)-from, func(i int) bool { return !strings.HasPrefix(l.text[from+i], start) })
	return from, to
}

// What a typed word is worth as a word of a street.
const (
	sameWord    = 40
	sameStem    = 34
	shortened   = 30
	startOfWord = 24
	cutWord     = 18
	initial     = 13
	soundsAlike = 30
	oneOff      = 24
	twoOff      = 14
	byColloquy  = 16
	otherForm   = 16 // «садовый» for «Садовая»
)

// weighing is how a typed word is to be read.
type weighing struct {
	unfinished bool // it may still grow
	initial    bool // a single letter may stand for a name
	latin      bool // written by ear: equal sound is equality
	guess      bool // words that are only near count too
}

// weigh tells what a typed word is worth as each word of the lexicon.
func (l *lexicon) weigh(w word, how weighing) []gain {
	gains := make([]gain, len(l.text))
	put := func(at int, g gain) {
		// What is certain is never pushed out by what is only near.
		if had := gains[at]; had == 0 || had.near() && !g.near() || had.near() == g.near() && g.worth() > had.worth() {
			gains[at] = g
		}
	}
	if at := l.at(w.text); at >= 0 {
		put(int(at), sameWord)
	}
	if w.digits() {
		for _, at := range l.ordinals {
			if ordinal(l.text[at]) == w.text {
				put(int(at), sameStem)
			}
		}
		return gains
	}
	for _, full := range []string{ordinal(w.text), townOf(w.text)} {
		if at := l.at(full); full != "" && at >= 0 {
			put(int(at), sameStem)
		}
	}
	l.weighStarts(w, how, put)
	if how.latin || how.guess {
		l.weighSounds(w, how, put)
	}
	if how.guess {
		l.weighSlips(w, how, put)
	}
	return gains
}

// weighStarts puts words that begin as the typed one, or share its stem.
func (l *lexicon) weighStarts(w word, how weighing, put func(int, gain)) {
	letters := utf8.RuneCountInString(w.text)
	if how.unfinished || letters >= 4 {
		from, to := l.starting(w.text)
		for at := from; at < to; at++ {
			switch {
			case how.unfinished:
				// Of two streets the one of which more is typed fits better.
				put(at, gain(startOfWord+10*len(w.text)/len(l.text[at])))
			default:
				put(at, cutWord) // «ветер 12»: typed to save time
			}
		}
	}
	if start := beginning(w.text); start != "" {
		from, to := l.starting(start)
		for at := from; at < to; at++ {
			put(at, shortened)
		}
	} else if how.initial {
		from, to := l.starting(w.text)
		for at := from; at < to; at++ {
			if l.size[at] > 3 {
				put(at, initial)
			}
		}
	}
	if len(w.stem) > 5 { // three letters in UTF-8
		from, to := l.starting(w.stem[:6])
		for at := from; at < to; at++ {
			if l.stem[at] != w.stem {
				continue
			}
			if otherGender(w.text, l.text[at]) {
				put(at, otherForm|guessed)
			} else {
				put(at, sameStem)
			}
		}
	}
}

// weighSounds puts words that are heard as the typed one.
func (l *lexicon) weighSounds(w word, how weighing, put func(int, gain)) {
	sound, mark := soundOf(w.text), guessed
	if utf8.RuneCountInString(sound) < 3 {
		return
	}
	if how.latin {
		mark = 0
	}
	from := sort.Search(len(l.bySound), func(i int) bool { return l.sound[l.bySound[i]] >= sound })
	for _, at := range l.bySound[from:] {
		if !strings.HasPrefix(l.sound[at], sound) {
			break
		}
		switch {
		case l.sound[at] == sound:
			put(int(at), soundsAlike|mark)
		case how.unfinished:
			put(int(at), gain(startOfWord*len(sound)/len(l.sound[at]))|mark)
		}
	}
}

// weighSlips puts words within a slip or two, and what is said for short.
func (l *lexicon) weighSlips(w word, how weighing, put func(int, gain)) {
	typed, set := []rune(w.text), lettersOf(w.text)
	have := make([]rune, 0, longestWord)
	for at, letters := range l.letters {
		most := slipsOf(int(l.size[at]))
		grows := how.unfinished && len(typed) >= 5 && int(l.size[at]) > len(typed)
		if grows {
			most = slipsOf(len(typed))
		}
		if most == 0 || len(typed)-int(l.size[at]) > most {
			continue
		}
		if grows && !mayBe(set, set&letters, most) || !grows && (int(l.size[at])-len(typed) > most || !mayBe(set, letters, most)) {
			continue
		}
		have = have[:0]
		for _, r := range l.text[at] {
			have = append(have, r)
		}
		switch n := slips(typed, have, most, grows); {
		case n > most:
		case n <= 1:
			put(at, oneOff|guessed)
		default:
			put(at, twoOff|guessed)
		}
	}
	if root := colloquial(w.text); root != "" {
		from, to := l.starting(root)
		for at := from; at < to; at++ {
			put(at, byColloquy|guessed)
		}
	}
}
