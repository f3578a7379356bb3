package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/deadline"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

// sentCookie carries number, secret and code from sending to the page that
// shows them: an address with the secret would stay in the browser's history.
const sentCookie = "gorod_sent"

// sentLife is how long that page can be looked at again.
const sentLife = time.Hour

func (s *Server) followURL(secret string) string {
	return strings.TrimSuffix(s.Settings.PublicURL, "/") + "/follow/" + secret
}

// showSent says what was received and what happens next.
func (s *Server) showSent(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	number, err := numberIn(r)
	if err != nil {
		return err
	}
	who := v.As(number)
	card, err := s.Problems.Find(r.Context(), who, number)
	if err != nil {
		return err
	}
	joined := r.URL.Query().Get("joined") != ""
	if !card.IsAuthor && !joined || card.State.Erased {
		return goTo(w, r, problemURL(number))
	}
	p, err := s.sentOf(r, v, card, nil, nil)
	if err != nil {
		return err
	}
	return s.show(w, p)
}

// sentOf fills the page after sending; with a form of a contact that could not
// be kept as it was typed.
func (s *Server) sentOf(r *http.Request, v *visit, card problem.Card, f *form, errs view.FieldErrors) (view.SentPage, error) {
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return view.SentPage{}, err
	}
	st := card.State
	p := view.SentPage{
		Base: s.base(v, "report", s.say(v, "home.sent_title")), Number: st.Number, Topic: n.topic(st.Topic.ID),
		Address: s.address(v, st.Place), Joined: !card.IsAuthor, Errors: errs,
		State: stateNow(st, v.Now), Moved: st.Status != problem.Moderation,
	}
	if owes(st.Status) {
		p.Due = s.dueOf(v, st.Dues, st.Due())
	}
	if p.Joined {
		p.Moved = !owes(st.Status)
		if v.Who.ID == 0 {
			p.SignIn = "/signin?back=" + escape(problemURL(st.Number)+"#news")
		}
	}
	p.Keys.Key = s.newKey()
	if f != nil && f.get("key") != "" {
		p.Keys.Key = f.get("key")
	}
	if st.Dues.Moderation != 0 {
		p.CheckBy = st.Dues.Moderation.Time()
	}
	p.NoIndex, p.Rest = true, r.URL.Query().Get("rest") != ""
	if secret, code := s.sentSecret(r, st.Number); secret != "" {
		p.Code, p.FollowURL, p.Keys.Secret = code, s.followURL(secret), secret
	}
	return p, s.sentContact(r, v, card, f, &p)
}

// sentContact says where the answer will go, or asks the author for it.
func (s *Server) sentContact(r *http.Request, v *visit, card problem.Card, f *form, p *view.SentPage) error {
	if st := card.State; !card.IsAuthor || st.Author != 0 {
		if v.Who.ID != 0 {
			p.Known = knownContact(problem.Contact{Phone: string(v.Person.Phone), Email: string(v.Person.Email)})
		}
		return nil
	}
	if card.Contact != nil {
		p.Known = knownContact(*card.Contact)
	}
	if p.Known != "" && len(p.Errors) == 0 || !card.Can(problem.DoGiveContact) {
		return nil
	}
	p.Known, p.Contact = "", s.contactInputs(v, f, p.Errors)
	var err error
	p.Consents, err = s.contactConsents(r.Context(), v, card.ID, f, p.Errors)
	return err
}

// sentSecret reads the cookie of the message that was just sent.
func (s *Server) sentSecret(r *http.Request, number int64) (secret, code string) {
	c, err := r.Cookie(sentCookie)
	if err != nil {
		return "", ""
	}
	body, ok := s.keys.open("sent", c.Value)
	parts := strings.Split(body, "-")
	if !ok || len(parts) != 3 || whole(parts[0]) != number {
		return "", ""
	}
	return parts[1], parts[2]
}

// mendedOf finds the refused problem of the visitor's own that is sent again.
func (s *Server) mendedOf(r *http.Request, v *visit, number int64) (int64, error) {
	if number == 0 {
		return 0, nil
	}
	card, err := s.Problems.Find(r.Context(), v.As(number), number)
	if err != nil {
		return 0, err
	}
	if !card.IsAuthor {
		return 0, fault.Missing.New("problem.missing")
	}
	return card.ID, nil
}

// mendProblem shows the form with the text, place and photos of a refused
// message, to be mended and sent again as a new problem.
func (s *Server) mendProblem(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	card, err := s.findProblem(r, v)
	if err != nil {
		return err
	}
	if !card.IsAuthor || card.State.Status != problem.Rejected || card.State.Erased {
		return fault.Missing.New("problem.missing")
	}
	st := card.State
	key := s.newKey()
	d := &draft{key: key, mended: st.Number, topic: st.Topic.ID, manual: true, form: &form{values: map[string][]string{
		"lat": {degrees(st.Place.Point.Lat)}, "lon": {degrees(st.Place.Point.Lon)}, "mark": {string(st.Place.Mark)},
		"house": {strconv.FormatInt(int64(st.Place.House), 10)}, "address": {st.Place.Landmark}, "step": {"mend"},
	}}}
	for _, e := range card.Feed {
		if sent, ok := e.Data.(problem.Sent); ok {
			d.text = e.Text.Body
			d.form.add("text", e.Text.Body)
			if err := s.copyPhotos(r.Context(), v, d, sent.Photos); err != nil {
				return err
			}
		}
	}
	if c := card.Contact; c != nil {
		// Phone and e-mail are asked again with the consent to keep them, which was
		// given for the other message.
		for name, value := range map[string]string{"apartment": c.Apartment, "stairs": c.Stairs, "floor": c.Floor} {
			d.form.add(name, value)
		}
		for name, value := range c.Answers {
			d.form.add(topic.Extra{Name: name, Kind: topic.TextField}.Input(), value)
		}
	}
	v.path = "/"
	return s.showDraft(w, r, v, d)
}

func (s *Server) copyPhotos(ctx context.Context, v *visit, d *draft, photos []int64) error {
	if len(photos) == 0 {
		return nil
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		d.photos = photosTaken{}
		copies, err := s.Media.CopyIn(tx, v.City.ID, d.key, photos)
		for _, p := range copies {
			s.addPhoto(v, d.key, p, &d.photos)
		}
		return err
	})
}

// dueNow is what the resident would be promised for a topic at this moment;
// zero when it cannot be known.
func (s *Server) dueNow(ctx context.Context, v *visit, t topic.Topic) (time.Time, error) {
	var due time.Time
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		key := deadline.TopicKey{ID: strconv.FormatInt(int64(t.ID), 10), Category: strconv.FormatInt(int64(t.Category), 10), Object: strconv.FormatInt(int64(t.Object), 10)}
		p, err := s.Deadlines.PromiseIn(tx, v.City.ID, key, tx.Now(), nil, deadline.Stages()...)
		due = p.Due
		return err
	})
	return due, err
}

// promiseAll puts the date beside each topic: what the resident would be told
// if the message were sent now.
func (s *Server) promiseAll(ctx context.Context, v *visit, list []view.TopicChoice, offers []topic.Topic) error {
	for i := range list {
		k := slices.IndexFunc(offers, func(t topic.Topic) bool { return strconv.FormatInt(int64(t.ID), 10) == list[i].ID })
		if k < 0 {
			continue
		}
		due, err := s.dueNow(ctx, v, offers[k])
		if err != nil {
			return err
		}
		list[i].Due = due
	}
	return nil
}

func (s *Server) day(v *visit, at time.Time) string {
	return locale.Date(v.Lang, at.In(v.zone()), v.Now.In(v.zone()))
}

func (s *Server) ago(v *visit, at time.Time) string {
	return locale.Ago(v.Lang, at.In(v.zone()), v.Now.In(v.zone()))
}
