package portal

import (
	"io/fs"
	"strings"

	"gorod/internal/city/pack"
	"gorod/internal/city/topic"
)

// lender is the pack from which texts are borrowed.
type lender struct {
	fsys   fs.FS
	pack   *pack.Pack
	topics map[topic.ID]topic.Topic
	swap   *strings.Replacer
	own    []string // what would give the lender away
}

func openLender(fsys fs.FS) (*lender, error) {
	p, report := pack.Read(fsys)
	if err := report.Err(); err != nil {
		return nil, err
	}
	l := &lender{fsys: fsys, pack: p, topics: map[topic.ID]topic.Topic{}}
	for _, t := range p.Topics {
		l.topics[t.ID] = t
	}
	set := p.City.Settings
	pairs := []string{
		"администрации города Заречного", "администрации Санкт-Петербурга",
		"the Zarechny City Administration", "the administration of St. Petersburg",
		"Zarechny City Administration", "administration of St. Petersburg",
	}
	// Sorted by hand: the longest must stand first.
	if set.AppealURL != "" {
		pairs = append(pairs, set.AppealURL, appealURL)
	}
	if set.Dispatcher != "" {
		pairs = append(pairs, set.Dispatcher, dispatcher)
	}
	l.swap = strings.NewReplacer(pairs...)
	l.own = []string{".example", "Заречн", "Zarechn"}
	if set.Dispatcher != "" {
		l.own = append(l.own, set.Dispatcher)
	}
	return l, nil
}

// borrow gives a text with the lender's town replaced; ok is false where
// something of the town is left.
func (l *lender) borrow(text string) (string, bool) {
	text = l.swap.Replace(text)
	for _, word := range l.own {
		if strings.Contains(text, word) {
			return "", false
		}
	}
	return text, true
}

// borrowNames borrows a text in every language or not at all.
func (l *lender) borrowNames(names map[string]string) (map[string]string, bool) {
	borrowed := map[string]string{}
	for lang, text := range names {
		var ok bool
		if borrowed[lang], ok = l.borrow(text); !ok {
			return nil, false
		}
	}
	return borrowed, true
}
