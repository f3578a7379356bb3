package web

import (
	"slices"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/reading"
)

// staffPlace is where it is, as the desks show it.
func (s *Server) staffPlace(n *names, p place.Place) view.StaffPlace {
	mark := string(p.Mark)
	if p.Mark == place.FreePoint {
		mark = "free"
	}
	houseAt := ""
	if p.House != 0 {
		houseAt = houseURL(p.House)
	}
	return view.StaffPlace{
		HouseURL: houseAt, Address: s.address(n.v, p), Area: n.area(p.District), Mark: mark, Lat: p.Point.Lat, Lon: p.Point.Lon,
		MapHref: "/map?at=" + view.Line{Lat: p.Point.Lat, Lon: p.Point.Lon}.At(), Thing: n.thing,
	}
}

// covered stands for what only the moderator reads.
const covered = "•••••"

// coveredRuns are markedRuns for those who do the work: a telephone or a flat
// is theirs where the topic asks for it, and stands in a field of its own.
func coveredRuns(body string) []view.StaffRun {
	list := markedRuns(body)
	for i := range list {
		if list[i].Mask != "" {
			list[i].Text = covered
		}
	}
	return list
}

// markedRuns cuts a text at what everyone else will read a mark for; a moderator
// reads the words themselves.
func markedRuns(body string) []view.StaffRun {
	var list []view.StaffRun
	at := 0
	for _, span := range reading.Personal(body) {
		if span.Start > at {
			list = append(list, view.StaffRun{Text: body[at:span.Start]})
		}
		list = append(list, view.StaffRun{Text: body[span.Start:span.End], Mask: string(span.Kind)})
		at = span.End
	}
	if at < len(body) {
		list = append(list, view.StaffRun{Text: body[at:]})
	}
	return list
}

// masked lists what was covered, each kind once.
func masked(list []view.StaffRun) []string {
	var kinds []string
	for _, r := range list {
		if r.Mask != "" && !slices.Contains(kinds, r.Mask) {
			kinds = append(kinds, r.Mask)
		}
	}
	return kinds
}

// staffPhotos are photos that everyone may see; with hidden those too that only
// staff do.
func (n *names) staffPhotos(st problem.State, keys []int64, hidden bool) []view.StaffPhoto {
	var list []view.StaffPhoto
	for _, key := range keys {
		p, there := n.photos[key]
		kept := slices.Contains(st.HiddenPhotos, key)
		if !there || kept && !hidden {
			continue
		}
		list = append(list, view.StaffPhoto{Photo: publicPhoto(p), Hidden: kept})
	}
	return list
}

func (n *names) photosOf(st problem.State, keys []int64) []view.Photo {
	var list []view.Photo
	for _, p := range n.staffPhotos(st, keys, false) {
		list = append(list, p.Photo)
	}
	return list
}

// wordsIn are the words behind a key in a feed; a hidden text says so.
func (s *Server) wordsIn(v *visit, card problem.Card, key int64) string {
	for _, e := range card.Feed {
		if key == 0 || e.Text.ID != key {
			continue
		}
		if e.Text.Erased {
			return s.say(v, "staff_web.text_erased")
		}
		return e.Text.Body
	}
	return ""
}

// voice is what a resident said.
func (s *Server) voice(n *names, card problem.Card, m problem.Message) view.StaffVoice {
	return view.StaffVoice{
		At: m.At.Time(), Author: s.say(n.v, "staff_web.resident"),
		Runs: coveredRuns(s.wordsIn(n.v, card, m.Text)), Photos: n.photosOf(card.State, m.Photos),
	}
}

// staffAnswer is an answer with who stands behind it, and why it was returned.
func (s *Server) staffAnswer(n *names, card problem.Card, a problem.Answer) view.StaffAnswer {
	out := view.StaffAnswer{
		At: a.At.Time(), Organisation: n.org(a.Org), Outcome: string(a.Outcome), Interim: a.Interim, Planned: a.Planned.Time(),
		Text: s.wordsIn(n.v, card, a.Text), Photos: n.photosOf(card.State, a.Photos), Returned: s.returned(n.v, card, a),
	}
	if a.Interim || out.Outcome == "" {
		out.Outcome = string(problem.Planned)
	}
	if !a.Interim && a.Outcome == "" {
		out.Outcome = string(problem.Done) // imported answers do not say
	}
	for _, e := range card.Feed {
		if e.Text.ID == a.Text {
			out.Signed = signedBy(e.Text.Signer)
		}
	}
	return out
}

// signedBy is position, name and work phone in one line.
func signedBy(by problem.Signer) string {
	var parts []string
	for _, part := range []string{by.Position, by.Name, by.Phone} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// returned is why an answer was given back; "" when it was not.
func (s *Server) returned(v *visit, card problem.Card, a problem.Answer) string {
	if a.Verdict != "returned" {
		return ""
	}
	for _, e := range card.Feed {
		if back, ok := e.Data.(problem.SentBack); ok && back.Answer == a.Num {
			return s.wordsIn(v, card, back.Text.ID)
		}
	}
	return ""
}

// earlierAnswers are all answers before the last one, the newest first.
func (s *Server) earlierAnswers(n *names, card problem.Card, except int) []view.StaffAnswer {
	var list []view.StaffAnswer
	for i := len(card.State.Answers) - 1; i >= 0; i-- {
		if a := card.State.Answers[i]; a.Num != except {
			list = append(list, s.staffAnswer(n, card, a))
		}
	}
	return list
}

// disputes are the further messages, the newest first.
func (s *Server) disputes(n *names, card problem.Card) []view.StaffVoice {
	var list []view.StaffVoice
	for i := len(card.State.Messages) - 1; i > 0; i-- {
		list = append(list, s.voice(n, card, card.State.Messages[i]))
	}
	return list
}

// facts are what the reader may know of the author, by name. Package problem
// has left out what the topic does not ask for.
func (s *Server) facts(n *names, card problem.Card) []view.StaffFact {
	c := card.Contact
	if c == nil {
		return nil
	}
	var list []view.StaffFact
	for _, f := range [][2]string{{"apartment", c.Apartment}, {"stairs", c.Stairs}, {"floor", c.Floor}, {"phone", c.Phone}} {
		if f[1] != "" {
			list = append(list, view.StaffFact{Name: s.say(n.v, "staff_web.fact."+f[0]), Text: f[1]})
		}
	}
	return append(list, n.v.answered(n.book.topics[card.State.Topic.ID], *c)...)
}

// queueOf is the list on the left of a desk.
func (s *Server) queueOf(n *names, items []problem.Item, count int64, base string, current int64) view.StaffQueue {
	q := view.StaffQueue{Count: int(count)}
	for _, it := range items {
		since := waitsSince(it.State)
		waiting := n.v.Now.Sub(since)
		q.Oldest = max(q.Oldest, waiting)
		due := it.State.StageDue()
		q.Items = append(q.Items, view.StaffQueueItem{
			Href: base + "/" + plainNumber(it.State.Number), Excerpt: excerpt(it.Text), Address: s.address(n.v, it.State.Place),
			Waiting: waiting, Dispute: len(it.State.Messages) > 1, Late: due != 0 && due.Time().Before(n.v.Now), Current: it.ID == current,
		})
	}
	return q
}

// excerptLength is how much of a text a list shows, in characters.
const excerptLength = 120

// excerpt is the beginning of a text, without what is personal in it.
func excerpt(body string) string {
	body = problem.Masked(strings.Join(strings.Fields(body), " "))
	if letters := []rune(body); len(letters) > excerptLength {
		return strings.TrimSpace(string(letters[:excerptLength])) + "…"
	}
	return body
}

// daysBetween counts days of the city's calendar.
func daysBetween(v *visit, from, to time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(v.zone()).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)).Hours() / 24)
}
