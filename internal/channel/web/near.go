package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/problem"
	"gorod/internal/city/repeat"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
)

// nearBody is a problem that a message may repeat, as the form's script draws it.
type nearBody struct {
	Number int64    `json:"number"`
	URL    string   `json:"url"`
	Title  string   `json:"title"`           // «Похоже, об этом уже сообщили»
	About  string   `json:"about"`           // topic, distance, age, state, who joined
	Same   string   `json:"same,omitempty"`  // words that both have, in a sentence
	Over   string   `json:"over,omitempty"`  // what to know of one that was answered or closed
	Join   string   `json:"join,omitempty"`  // words of the button; empty: nothing to join
	Chance string   `json:"chance"`          // sure, perhaps
	State  string   `json:"state"`           // the chip's code
	Topic  string   `json:"topic"`           // its name
	Metres int      `json:"metres"`          // from the place
	Joined int      `json:"joined"`          // how many have
	Own    bool     `json:"own,omitempty"`   // the visitor's own
	Words  []string `json:"words,omitempty"` // those of Same
	Lat    fixedDeg `json:"lat"`             // where it is, for the map of the pin
	Lon    fixedDeg `json:"lon"`
	Tone   string   `json:"tone"` // of its chip
}

// listNear answers GET /near?topic=&lat=&lon= (or house=) with problems that a
// message about this topic at this place may repeat.
func (s *Server) listNear(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	q.Del("text") // what a person wrote does not travel in an address
	if q.Get("house") == "" {
		if _, err := pointIn(r); err != nil {
			return err
		}
	}
	return s.tellNear(w, r, s.visitOf(r), &form{values: q})
}

// matchNear answers POST /near with the same for a message that is being written.
func (s *Server) matchNear(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	return s.tellNear(w, r, v, f)
}

func (s *Server) tellNear(w http.ResponseWriter, r *http.Request, v *visit, f *form) error {
	d := draftOf(f)
	if err := s.lookUp(r, v, d); err != nil {
		return err
	}
	near, err := s.nearOf(r.Context(), v, d)
	if err != nil {
		return err
	}
	list := []nearBody{}
	for _, n := range near {
		list = append(list, s.nearBodyOf(v, n))
	}
	writeJSON(w, http.StatusOK, map[string]any{"near": list})
	return nil
}

func (s *Server) nearBodyOf(v *visit, n view.Near) nearBody {
	b := nearBody{Number: n.Number, URL: n.URL, Title: s.say(v, "near."+n.Title()), Chance: "perhaps", State: n.State.Code,
		Topic: n.Topic, Metres: n.Metres, Joined: n.Joined, Own: n.Own, Words: n.Same,
		Lat: fixedDeg(n.Lat), Lon: fixedDeg(n.Lon), Tone: n.State.Tone()}
	if n.Sure {
		b.Chance = "sure"
	}
	away := s.say(v, "near.here")
	if !n.Here() {
		away = s.say(v, "home.metres", n.Metres)
	}
	b.About = joinComma([]string{n.Topic, away, s.ago(v, n.Since), s.stateWords(v, n.State)})
	if n.Joined > 0 {
		b.About += " · " + s.say(v, "page.joined", n.Joined)
	}
	if len(n.Same) > 0 {
		b.Same = s.say(v, "near.same", joinComma(n.Same))
	}
	if n.Over != "" {
		b.Over = s.say(v, "near."+n.Over, s.day(v, n.OverAt))
	}
	if n.Joins() {
		b.Join = s.say(v, "near."+n.Do())
	}
	return b
}

// repeatsOf finds what the message of a form may repeat, once a request. A form
// without a place repeats nothing yet.
func (s *Server) repeatsOf(ctx context.Context, v *visit, d *draft) ([]repeat.Likeness, error) {
	where, placed := d.placeDraft()
	if d.looked || !placed {
		return d.repeats, nil
	}
	q := repeat.Query{Text: d.text, Point: where.Point, House: where.House, At: v.Now, Days: v.City.Settings.RepeatDays, Thing: d.form.get(thingInput)}
	if d.sorted {
		q.Topic, q.Inside = d.sort.ID, where.House != 0 && d.sort.Widget == topic.OnBuilding
	} else {
		q.Proposed = d.expected()
	}
	find := &repeat.Service{DB: s.DB, Topics: s.Topics, Problems: s.Problems}
	list, err := find.Find(ctx, v.City.ID, q)
	d.repeats, d.looked = list, err == nil
	return list, err
}

// expected are the topics that the message is probably about.
func (d *draft) expected() []repeat.Proposed {
	var list []repeat.Proposed
	for _, o := range d.offers {
		p := repeat.Proposed{Topic: o.topic.ID, Category: o.topic.Category, Object: o.topic.Object, P: 1 / float64(len(d.offers))}
		for _, shown := range d.advice.Shown {
			if shown.Topic == p.Topic {
				p.P = shown.P
			}
		}
		list = append(list, p)
	}
	return list
}

// nearOf are the same as cards.
func (s *Server) nearOf(ctx context.Context, v *visit, d *draft) ([]view.Near, error) {
	found, err := s.repeatsOf(ctx, v, d)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	n, err := s.namesFor(ctx, v, nil, nil)
	if err != nil {
		return nil, err
	}
	var list []view.Near
	for _, l := range found {
		st := l.State
		card := view.Near{Number: st.Number, URL: problemURL(st.Number), Topic: n.topic(st.Topic.ID), Metres: l.Metres, Since: st.Created.Time(),
			State: stateNow(st, v.Now), Joined: st.Joined, Sure: l.Sure(), Same: l.Same, Own: v.owns(l.Item),
			Lat: st.Place.Point.Lat, Lon: st.Place.Point.Lon}
		switch {
		case l.Closed:
			card.Over, card.OverAt = "closed", st.Closed.Time()
		case st.Status == problem.Answered:
			card.Over, card.OverAt = "answered", st.Answered.Time()
		}
		list = append(list, card)
	}
	return list, nil
}

// owns tells whether the visitor sent the problem: from the account, or with the
// link of a message that this browser has opened.
func (v *visit) owns(item problem.Item) bool {
	_, followed := v.followed[item.State.Number]
	return followed || v.Who.ID != 0 && item.State.Author == v.Who.ID
}

// nearSeen is the name of the hidden inputs that say which problems were shown.
const nearSeen = "near"

// askFirst shows a problem that the message very likely repeats instead of
// sending it, when its author has not seen it: then one press joins it, another
// sends the message all the same, and neither is asked again. A script shows
// what is near while the text is written, so its sending is never held up.
func (s *Server) askFirst(w http.ResponseWriter, r *http.Request, v *visit, d *draft) (asked bool, err error) {
	if wantsJSON(r) {
		return false, nil
	}
	near, err := s.nearOf(r.Context(), v, d)
	if err != nil || len(near) == 0 {
		return false, err
	}
	first := near[0]
	if !first.Sure || first.Over == "closed" || slices.Contains(d.form.all(nearSeen), strconv.FormatInt(first.Number, 10)) {
		return false, nil
	}
	page, err := s.homeOf(r, v, d)
	if err != nil {
		return false, err
	}
	page.Path, page.Repeat, page.Near = "/", first, page.Near[1:]
	return true, s.show(w, page)
}

// joinKey is the retry key of joining a problem from the form: each problem has
// its own, and the form's stays free for sending.
func (d *draft) joinKey(number int64) string {
	return d.key + ":join:" + strconv.FormatInt(number, 10)
}

// joinInstead joins a problem near instead of sending another one. Joining twice
// is joining once. Of a problem that has its answer the page to disagree is
// shown, with what was written.
func (s *Server) joinInstead(w http.ResponseWriter, r *http.Request, v *visit, d *draft, number int64) error {
	card, err := s.Problems.Find(r.Context(), v.As(number), number)
	if err != nil {
		return err
	}
	if card.IsAuthor {
		return goTo(w, r, problemURL(number))
	}
	s.knowDevice(w, v, d.key)
	_, err = s.Problems.Do(r.Context(), v.Who, problem.Order{Problem: card.ID, Key: d.joinKey(number),
		Command: problem.Join{Key: problem.JoinKey(v.Who, v.Who.Device)}})
	if f := fault.Of(err); f != nil && f.Phrase == "problem.joined_already" {
		err = nil
	}
	if err != nil {
		return err
	}
	switch {
	case d.rest != "":
		return s.showRest(w, r, v, d, view.SentFirst{Number: number, URL: problemURL(number)})
	case card.State.Status == problem.Answered:
		return s.disagree(w, r, v, d, number)
	}
	return goTo(w, r, "/sent/"+strconv.FormatInt(number, 10)+"?joined=1")
}

// disagree shows the form «Не исправлено» of a problem that was just joined, with
// the text and the photos of the message that was being written. It answers the
// press itself: what a person wrote does not travel in an address.
func (s *Server) disagree(w http.ResponseWriter, r *http.Request, v *visit, d *draft, number int64) error {
	card, err := s.Problems.Find(r.Context(), v.As(number), number)
	if err != nil {
		return err
	}
	p, err := s.problemOf(r, v, card)
	if err != nil {
		return err
	}
	p.Disputing, p.DisputeOld, p.Taken = p.Can.Judge, d.text, d.photos.shown
	if goodKey(d.key) {
		p.Keys.Key = d.key // the photos are taken for this key
	}
	personal(w)
	return s.show(w, p)
}

// stateWords are the words of a chip, for scripts.
func (s *Server) stateWords(v *visit, st view.State) string {
	switch {
	case st.LateDays > 0:
		return s.say(v, "state.late", st.LateDays)
	case !st.Due.IsZero() && (st.Code == "work" || st.Code == "interim"):
		return s.say(v, "state."+st.Code+"_until", s.day(v, st.Due))
	}
	return s.say(v, "state."+st.Code)
}
