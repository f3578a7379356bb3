package notice

import (
	"context"
	"slices"
	"time"

	"gorod/internal/platform/see"
)

// Kind is a kind of news that people can choose to hear.
type Kind string

// The kinds.
const (
	Sent       Kind = "sent"       // the message arrived
	Accepted   Kind = "accepted"   // an organisation has it
	Question   Kind = "question"   // the author is asked something
	Interim    Kind = "interim"    // it takes longer, and until when
	Answered   Kind = "answered"   // the answer; is it solved?
	AskSolved  Kind = "ask_solved" // three days before silence closes it
	Closed     Kind = "closed"
	Rejected   Kind = "rejected" // refused with a clause of the rules
	Redirected Kind = "redirected"
)

// Kinds lists every kind, in the order of a problem's life.
func Kinds() []Kind {
	return []Kind{Sent, Accepted, Question, Interim, Answered, AskSolved, Closed, Rejected, Redirected}
}

// contactGiven is the entry of an author without an account who left an address
// afterwards: it is told there and nowhere else, as the arrival is.
const contactGiven = "contact_given"

// kindOf says which news an entry of the feed is; "" when it is none.
func kindOf(event string, interim bool) Kind {
	switch event {
	case "sent", contactGiven:
		return Sent
	case "accepted":
		return Accepted
	case "asked":
		return Question
	case "passed":
		if interim {
			return Interim
		}
		return Answered
	case "solved_asked":
		return AskSolved
	case "solved", "solved_on_spot", "fell_silent":
		return Closed
	case "refused":
		return Rejected
	case "redirected":
		return Redirected
	}
	return ""
}

// Events lists the entries of a problem's feed that are news; package app
// subscribes TellJob to them.
func Events() []string {
	return []string{"sent", contactGiven, "accepted", "asked", "passed", "solved_asked", "solved", "solved_on_spot", "fell_silent", "refused", "redirected"}
}

// forAuthor tells whether only the author hears of a kind.
func (k Kind) forAuthor() bool { return k == Sent || k == Question || k == Rejected }

// urgent kinds go by SMS to who has no e-mail: something is asked, or it ends.
func (k Kind) urgent() bool {
	return k == Question || k == Answered || k == AskSolved || k == Rejected
}

// Way is a way by which news travels.
type Way string

// The ways.
const (
	Email Way = "email"
	SMS   Way = "sms"
)

// Subject is what may be told of one entry in the feed of a problem.
type Subject struct {
	Number  int64
	Topic   map[string]string // name by language
	Address string
	Event   string // kind of the entry: sent, accepted, passed, …
	Interim bool   // of passed: the answer is an interim one
	// Text is the question, the answer, the reason of a refusal as everyone may
	// read it now; "" when there is none or it is hidden.
	Text    string
	Org     map[string]string // who has it, or who answered
	Due     time.Time         // the date that the page shows, of a question its own term; zero when unknown
	Links   Links             // for people with an account
	Author  int64             // person; 0: sent without an account
	Contact Contact           // of an author without an account, if it may be used
	// Private are the links with which an author without an account keeps their
	// rights; empty: Links.
	Private  Links
	Joined   []int64 // people with an account who joined
	Public   bool    // everyone may see the problem now: who only watches it may hear
	Actor    int64   // person who caused the entry
	ByAuthor bool    // caused by the author
}

// Links lead to the page of a problem, and there to the buttons: a link never
// decides anything by itself.
type Links struct{ Page, Confirm, Dispute string }

// Contact is how an author without an account can be reached.
type Contact struct {
	Email    see.Email
	Phone    see.Phone
	Language string
}

// Subjects tells what may be told; package app has it from problem. Missing
// (package fault) says that there is nothing to tell any more.
type Subjects interface {
	Subject(ctx context.Context, city, problem, seq int64) (Subject, error)
}

// Town is what letters need to know of a city.
type Town struct {
	Name map[string]string
	Main string // main language
	Zone *time.Location
	// EnterURL, OffURL and SettingsURL are addresses of pages; a secret is
	// written behind the first two.
	EnterURL    string
	OffURL      string
	SettingsURL string
	Mail        Post    // nil: the city sends no e-mail
	Phones      Gateway // nil: the city sends no SMS
}

func (t Town) name(lang string) string { return in(t.Name, lang, t.Main) }

// in is a text in a language, else in the main one.
func in(texts map[string]string, lang, main string) string {
	if s := texts[lang]; s != "" {
		return s
	}
	return texts[main]
}

// Mail is an e-mail ready to go.
type Mail struct {
	ID          string // the same for each try of one letter
	To          see.Email
	Language    string
	Subject     string
	Text        string
	HTML        string
	Unsubscribe string // address for one-click; "" in letters that were asked for
	Links       []Link // those of the text, for the page of a demo
}

// Link is an address and what it is called.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Post delivers e-mail. An error that another try cannot mend is
// job.ErrHopeless; no error repeats the address.
type Post interface {
	Deliver(ctx context.Context, m Mail) error
}

// Gateway sends SMS; errors as of Post.
type Gateway interface {
	Send(ctx context.Context, phone, text string) error
}

// Settings are what a person wants to hear, and when.
type Settings struct {
	Email []Kind
	SMS   []Kind
	// QuietFrom and QuietTo bound the hours without SMS, in minutes of the day
	// in the city's zone; equal: none.
	QuietFrom, QuietTo int
}

// DefaultSettings are those of a person who has set nothing.
func DefaultSettings(hasEmail bool) Settings {
	s := Settings{QuietFrom: 22 * 60, QuietTo: 8 * 60}
	for _, k := range Kinds() {
		if hasEmail {
			s.Email = append(s.Email, k)
		} else if k.urgent() {
			s.SMS = append(s.SMS, k)
		}
	}
	return s
}

// ways are those by which a kind shall go.
func (s Settings) ways(k Kind, email see.Email, phone see.Phone, t Town) []Way {
	var ways []Way
	if email != "" && t.Mail != nil && slices.Contains(s.Email, k) {
		ways = append(ways, Email)
	}
	if phone != "" && t.Phones != nil && slices.Contains(s.SMS, k) {
		ways = append(ways, SMS)
	}
	return ways
}

// after is when an SMS may go that is ready now: at once, or at the end of the
// quiet hours.
func (s Settings) after(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	minute := local.Hour()*60 + local.Minute()
	quiet := s.QuietFrom <= minute && minute < s.QuietTo
	if s.QuietFrom > s.QuietTo {
		quiet = minute >= s.QuietFrom || minute < s.QuietTo
	}
	if !quiet {
		return now
	}
	end := time.Date(local.Year(), local.Month(), local.Day(), s.QuietTo/60, s.QuietTo%60, 0, 0, zone)
	if !end.After(now) {
		end = time.Date(local.Year(), local.Month(), local.Day()+1, s.QuietTo/60, s.QuietTo%60, 0, 0, zone)
	}
	return end
}

// clean drops what is no kind and puts the rest in the order of Kinds.
func clean(kinds []Kind) []Kind {
	var kept []Kind
	for _, k := range Kinds() {
		if slices.Contains(kinds, k) {
			kept = append(kept, k)
		}
	}
	return kept
}
