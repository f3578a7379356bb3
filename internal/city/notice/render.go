package notice

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"gorod/internal/platform/locale"
	"gorod/internal/platform/text"
)

//go:embed letter.html
var letterHTML string

// excerpt is how much of an answer a letter repeats; the page has all of it.
const excerpt = 600

// letter is an e-mail in parts; the text and the HTML say the same.
type letter struct {
	Lang    string
	Subject string
	Before  []string
	About   string
	Quote   string
	After   []string
	Rows    []Link // a list of things, each with its page
	Links   []Link
	Why     string // why the reader gets it
	Small   []Link // settings, unsubscribe
}

func (l letter) text() string {
	var b strings.Builder
	for _, p := range l.Before {
		b.WriteString(p + "\n\n")
	}
	if l.About != "" {
		b.WriteString(l.About + "\n\n")
	}
	if l.Quote != "" {
		b.WriteString("> " + strings.ReplaceAll(l.Quote, "\n", "\n> ") + "\n\n")
	}
	for _, p := range l.After {
		b.WriteString(p + "\n\n")
	}
	for _, row := range l.Rows {
		b.WriteString("• " + row.Label + "\n  " + row.URL + "\n\n")
	}
	for _, link := range l.Links {
		b.WriteString(link.Label + ":\n" + link.URL + "\n\n")
	}
	if l.Why != "" {
		b.WriteString("--\n" + l.Why + "\n")
		for _, link := range l.Small {
			b.WriteString(link.Label + ": " + link.URL + "\n")
		}
	}
	return b.String()
}

// html fills the template; html/template escapes what people wrote.
func (l letter) html(t *template.Template) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, l); err != nil {
		return "", fmt.Errorf("write letter: %w", err)
	}
	return b.String(), nil
}

// voice says phrases of this package in one language.
type voice struct {
	phrases *locale.Catalog
	lang    locale.Lang
	town    Town
}

// speak picks the language: the reader's if the program speaks it, else the
// city's.
func speak(phrases *locale.Catalog, town Town, lang string) voice {
	for _, l := range []string{lang, town.Main} {
		for _, known := range locale.Langs() {
			if locale.Lang(l) == known {
				return voice{phrases, known, town}
			}
		}
	}
	return voice{phrases, locale.RU, town}
}

func (v voice) say(key string, args ...any) string {
	return v.phrases.T(v.lang, "notice."+key, args...)
}

func (v voice) in(texts map[string]string) string { return in(texts, string(v.lang), v.town.Main) }

// number is the public number as it stands on the page.
func (v voice) number(s Subject) string { return "№\u00a0" + locale.Number(v.lang, s.Number) }

// about is one line that tells which problem it is.
func (v voice) about(s Subject) string {
	var parts []string
	for _, part := range []string{v.number(s), v.in(s.Topic), s.Address} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// date is a day in the city's zone.
func (v voice) date(t, now time.Time) string {
	return locale.Date(v.lang, t.In(v.town.Zone), now.In(v.town.Zone))
}

// links are the author's own where there are any.
func (s Subject) links(to part) Links {
	if to == asAuthor && s.Author == 0 && s.Private.Page != "" {
		return s.Private
	}
	return s.Links
}

// phraseOf names the phrases of an entry: closing has three different ends, and
// an address that was left afterwards is told of in its own words, and who only
// watches is not asked whether it is solved.
func phraseOf(k Kind, event string, to part) string {
	switch {
	case k == Closed || event == contactGiven:
		return event
	case k == Answered && to == asWatcher:
		return "answered_watching"
	}
	return string(k)
}

// write makes the letter of a kind of news.
func (v voice) write(k Kind, s Subject, to part, now time.Time) letter {
	phrase := phraseOf(k, s.Event, to)
	l := letter{
		Lang:    string(v.lang),
		Subject: v.say(phrase+".subject", v.number(s)),
		Before:  []string{v.say("hello"), v.say(phrase + ".text")},
		About:   v.about(s),
		Quote:   text.Excerpt(s.Text, excerpt),
		Why:     v.say("why_"+string(to), v.town.name(string(v.lang))),
	}
	if k == Sent && s.Text != "" {
		l.Quote = "" // the author knows what they wrote, and mail is no safe place
	}
	if org := v.in(s.Org); org != "" && (k == Accepted || k == Redirected || k == Answered || k == Interim) {
		l.After = append(l.After, v.say("org", org))
	}
	if !s.Due.IsZero() && s.Event != contactGiven {
		switch k {
		case Sent, Accepted, Redirected:
			l.After = append(l.After, v.say("due", v.date(s.Due, now)))
		case Interim:
			l.After = append(l.After, v.say("planned", v.date(s.Due, now)))
		case Question:
			l.After = append(l.After, v.say("reply_until", v.date(s.Due, now)))
		}
	}
	l.Links = v.buttons(k, to, s.links(to))
	if to == asAuthor && s.Author == 0 && s.Private.Page != "" {
		l.After = append(l.After, v.say("private"))
	}
	return l
}

// buttons are what the reader may do next.
func (v voice) buttons(k Kind, as part, to Links) []Link {
	if (k == Answered || k == AskSolved) && as != asWatcher && to.Confirm != "" && to.Dispute != "" {
		return []Link{{v.say("yes"), to.Confirm}, {v.say("no"), to.Dispute}}
	}
	if to.Page == "" {
		return nil
	}
	if k == Question {
		return []Link{{v.say("reply"), to.Page}}
	}
	return []Link{{v.say("open"), to.Page}}
}

// short is the SMS of a kind of news.
func (v voice) short(k Kind, s Subject, to part) string {
	return strings.TrimSpace(v.say(phraseOf(k, s.Event, to)+".sms", v.number(s), v.in(s.Topic)) + " " + s.links(to).Page)
}

// enter is the letter with the link to come in.
func (v voice) enter(url string, minutes int) letter {
	city := v.town.name(string(v.lang))
	return letter{
		Lang:    string(v.lang),
		Subject: v.say("enter.subject", city),
		Before:  []string{v.say("hello"), v.say("enter.text", minutes)},
		Links:   []Link{{v.say("enter.button"), url}},
		After:   []string{v.say("enter.not_you")},
	}
}

// code is the SMS with the code to come in. The code stands first: a locked
// phone shows the beginning.
func (v voice) code(code string) string {
	return v.say("code.sms", code, v.town.name(string(v.lang)))
}
