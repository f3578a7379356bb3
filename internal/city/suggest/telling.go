package suggest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Telling are the reasons, of those that Explain gives, which tell a reader
// something, n at most, in their order. A preposition may weigh much in a
// model, and words of next to no weight are always found: neither says to a
// moderator why.
func Telling(list []Reason, n int) []Reason {
	var out []Reason
	for _, r := range list {
		if len(out) >= n {
			break
		}
		if r.Weight < leastReason || r.Kind == SaidWord && serves(r.Text) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// ToldOf is how many reasons to ask Explain for, so that n telling ones are
// among them.
func ToldOf(n int) int { return 4 * n }

// serves tells whether a word only joins others: a preposition, conjunction,
// particle or pronoun.
func serves(word string) bool {
	word = strings.ReplaceAll(strings.ToLower(word), "ё", "е")
	return utf8.RuneCountInString(word) < 2 || slices.Contains(serviceWords(), word)
}

func serviceWords() []string {
	return strings.Fields(`
		а без бы был была были было быть в вам вас ваш во вот все всё вы где да даже для до его ее если есть еще же за здесь
		и из или им их к как ко когда который которая которые кто ли либо мне мы на над нам нас наш нашего нашей нашем не него нее нет ни них но ну
		о об он она они оно от перед по под при про просто с сам свой себя со так также там то тоже только тут ты у уже
		чем через что чтобы эта эти это этого этой этом этот я
		a an and are as at be but by for from has have in is it its no not of on or our so that the their there they this to was we with`)
}
