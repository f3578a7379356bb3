package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/reading"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

func (s *Server) showHome(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	d := &draft{form: &form{values: q}, key: s.newKey(), text: strings.TrimSpace(q.Get("text")), topic: topic.ID(whole(q.Get("topic")))}
	d.manual = d.topic != 0
	if d.text != "" || d.topic != 0 || q.Get("house") != "" { // a link of a partner or of a house: what is known is filled in
		if err := s.lookUp(r, v, d); err != nil {
			return err
		}
		d.errors = nil
	}
	page, err := s.homeOf(r, v, d)
	if err != nil {
		return err
	}
	page.Path = "/"
	return s.show(w, page)
}

// homeOf fills the home page with what is known of a draft.
func (s *Server) homeOf(r *http.Request, v *visit, d *draft) (view.HomePage, error) {
	p := view.HomePage{
		Base: s.base(v, "report", ""), Keys: view.Keys{Key: d.key}, Errors: d.errors, Text: d.form.get("text"),
		Manual: d.manual && d.sorted, Address: strings.TrimSpace(d.form.get("address")), Photos: d.photos.shown,
		PhotoLimit: v.City.Settings.Photos, Mended: d.mended, Next: d.next, Refused: d.refused, Before: d.before, MaxText: problem.MaxMessage,
		Open: d.form.get("step") != "" || d.mended != 0 || d.status != 0,
	}
	p.Offered = s.carried(v, d)
	p.NoNumber = len(d.houses) > 0 && !strings.ContainsAny(p.Address, "0123456789")
	p.Notices, p.Parts, p.Rest = s.noticesOf(v, d.text), d.partsOf(), d.rest
	if err := s.askOf(r.Context(), v, d, &p); err != nil {
		return p, err
	}
	p.Topics = s.topicChoices(v, d)
	if err := s.promiseAll(r.Context(), v, p.Topics, d.topics()); err != nil {
		return p, err
	}
	if len(p.Topics) == 0 && d.text != "" && p.Question.Asked == "" {
		p.NoTopic = s.say(v, "web.no_topic")
	}
	s.homePlace(v, d, &p)
	things, err := s.thingsOf(r.Context(), v, d)
	if err != nil {
		return p, err
	}
	p.Things = things
	p.PhotoNeed = s.photoNeeded(v, d)
	if err := s.homeTopic(r.Context(), v, d.guessed(), &p); err != nil {
		return p, err
	}
	if err := s.homeContact(r, v, d, &p); err != nil {
		return p, err
	}
	if dangers := reading.Dangers(d.text); len(dangers) > 0 {
		calls, err := s.calls(r.Context(), v, dangers)
		if err != nil {
			return p, err
		}
		p.Danger, p.Calls = true, calls
	}
	near, err := s.nearOf(r.Context(), v, d)
	if err != nil {
		return p, err
	}
	p.Near = near
	if err := s.explainIn(r.Context(), v, d.guessed(), &p); err != nil {
		return p, err
	}
	return p, s.homeSide(r, v, d, &p)
}

// homePlace says where it is, or offers houses.
func (s *Server) homePlace(v *visit, d *draft, p *view.HomePage) {
	for _, f := range d.houses {
		p.Houses = append(p.Houses, view.Option{Value: strconv.FormatInt(int64(f.House.ID), 10), Label: f.House.Address, Note: s.whereabouts(v, d.houses, f)})
	}
	p.NoSuchHouse = s.addressNote(v, d.houses)
	p.Place = view.Mark{Lat: d.form.get("lat"), Lon: d.form.get("lon"), Kind: d.form.get("mark"), Accuracy: d.form.get("accuracy")}
	switch {
	case d.housed:
		p.Place.House = strconv.FormatInt(int64(d.house.ID), 10)
		p.Place.Label = d.house.Address
		if p.Place.Kind == string(place.NearBuilding) && (!d.sorted || d.sort.Widget != topic.OnBuilding) {
			p.Place.Label = s.say(v, "web.near_house", d.house.Address)
		}
		if p.Address == "" {
			p.Address = d.house.Address
		}
	case d.point().known():
		p.Place.Label = s.say(v, "web.on_map", coordinates(d.point().Point))
	}
}

// homeTopic shows what the chosen topic asks for, and what to do before it is
// sent: whom to call first, and that its season is over.
func (s *Server) homeTopic(ctx context.Context, v *visit, d *draft, p *view.HomePage) error {
	if !d.sorted {
		return nil
	}
	t := d.sort
	if first := v.text(t.First); first != "" {
		numbers, err := s.numbers(ctx, v)
		if err != nil {
			return err
		}
		p.CallFirst = pieces(first, numbers)
	}
	if !t.Open || !t.InSeason(v.Now.In(v.zone())) {
		book, err := s.dictionary(ctx, v)
		if err != nil {
			return err
		}
		p.Season = s.whyNot(v, book, t)
		return nil // nothing else is worth doing for it now
	}
	if t.NeedsPhoto() {
		p.PhotoNeed = s.say(v, "web.photo_need."+string(t.Evidence))
	}
	p.Advice = v.text(t.Help)
	if !t.Public {
		p.Advice = strings.TrimSpace(s.say(v, "web.never_public") + " " + p.Advice)
	}
	for _, e := range t.Extras {
		if e.Own() {
			p.Fields = append(p.Fields, s.ownField(v, d, e))
			continue
		}
		field := view.Field{Name: e.Name, Label: s.say(v, "web.extra."+e.Name), Value: d.form.get(e.Name), Required: e.Required,
			Short: e.Name != "phone", Error: d.errors.For(e.Name)}
		if e.Name == "phone" {
			field.Type, field.InputMode, field.Autocomplete = "tel", "tel", "tel"
		} else {
			field.InputMode = "numeric"
		}
		if e.Name == "apartment" || e.Name == "phone" {
			field.Hint = s.say(v, "web.extra_hint."+e.Name)
		}
		p.Fields = append(p.Fields, field)
	}
	return nil
}

// homeContact asks where the answer should go; an account has that already.
func (s *Server) homeContact(r *http.Request, v *visit, d *draft, p *view.HomePage) error {
	if v.Who.ID != 0 {
		p.Account = true
		p.Known = knownContact(problem.Contact{Phone: string(v.Person.Phone), Email: string(v.Person.Email)})
		return nil
	}
	p.Contact = s.contactFields(v, d.form, d.errors)
	consents, err := s.consentsAsked(r.Context(), v, d.form, d.errors, purposeContact)
	for i := range consents {
		if given := d.form.get("contact_phone") + d.form.get("contact_email"); d.mended != 0 && given != "" && !consents[i].Checked {
			consents[i].Hint = s.say(v, "web.consent_again")
		}
	}
	p.Consents = consents
	return err
}

// photoNeeded is the evidence that is asked for whichever of the proposals is
// chosen; "": some take none.
func (s *Server) photoNeeded(v *visit, d *draft) string {
	needs := func(o offer) bool { return o.topic.NeedsPhoto() && o.topic.InSeason(v.Now.In(v.zone())) }
	if d.sorted || d.topic != 0 || len(d.offers) < 2 || !allOf(d.offers, needs) {
		return ""
	}
	return s.say(v, "web.photo_need."+string(d.offers[0].topic.Evidence))
}

func allOf(list []offer, is func(offer) bool) bool {
	return !slices.ContainsFunc(list, func(o offer) bool { return !is(o) })
}

// guessed is the draft with the topic that the page has ticked for it: what that
// topic asks for is told before it is refused.
func (d *draft) guessed() *draft {
	if d.sorted || d.topic != 0 || len(d.offers) != 1 {
		return d
	}
	with := *d
	with.sort, with.sorted = d.offers[0].topic, true
	return &with
}

func (s *Server) contactFields(v *visit, f *form, errs view.FieldErrors) []view.Field {
	return []view.Field{
		{Name: "contact_phone", Label: s.say(v, "web.contact_phone"), Type: "tel", InputMode: "tel", Autocomplete: "tel",
			Value: f.get("contact_phone"), Error: errs.For("contact_phone")},
		{Name: "contact_email", Label: s.say(v, "web.contact_email"), Type: "email", Autocomplete: "email",
			Value: f.get("contact_email"), Error: errs.For("contact_email")},
	}
}

// consentsAsked are permissions that a form asks for. The value of a checkbox
// names the version of the text, so that what was agreed to can be proved.
func (s *Server) consentsAsked(ctx context.Context, v *visit, f *form, errs view.FieldErrors, purposes ...string) ([]view.Consent, error) {
	var list []view.Consent
	for _, purpose := range purposes {
		t, err := s.Residents.ConsentText(ctx, v.City.ID, purpose, string(v.Lang), v.City.Main)
		if errors.Is(err, fault.Missing) {
			continue // the city asks on another ground
		}
		if err != nil {
			return nil, err
		}
		key := purpose + "." + t.Version
		list = append(list, view.Consent{Key: key, Label: s.say(v, "web.consent."+purpose), URL: "/consent/" + purpose,
			Checked: f != nil && slices.Contains(f.all("consent"), key), Error: errs.For("consent-" + purpose)})
	}
	return list, nil
}

// contactOf reads how the author wants to be reached. Phone and mail are kept
// only with the consent of 152-ФЗ, which is asked for beside them, where the
// city does not act on another ground.
func (s *Server) contactOf(ctx context.Context, v *visit, d *draft) (problem.Contact, []resident.Agreement, error) {
	f := d.form
	c := problem.Contact{
		Apartment: short(f.get("apartment")), Stairs: short(f.get("stairs")), Floor: short(f.get("floor")), Language: string(v.Lang),
		Answers: answersIn(f, d.sort),
	}
	if typed := f.get("phone"); typed != "" && d.sort.Asks("phone") {
		c.Phone = s.phone(v, d, "phone", typed)
	}
	if v.Who.ID != 0 {
		return c, nil, nil
	}
	given := false
	if typed := f.get("contact_phone"); typed != "" {
		given = true
		c.Phone = s.phone(v, d, "contact_phone", typed)
	}
	if typed := f.get("contact_email"); typed != "" {
		given = true
		email, err := resident.ParseEmail(typed)
		if err != nil {
			d.wrong(s, v, "contact_email", "resident.email_wrong")
		}
		c.Email = string(email)
	}
	agreed := agreements(v, f)
	if !given || slices.ContainsFunc(agreed, func(a resident.Agreement) bool { return a.Purpose == purposeContact }) {
		return c, agreed, nil
	}
	asked, err := s.consentsAsked(ctx, v, d.form, nil, purposeContact)
	if len(asked) > 0 {
		d.wrong(s, v, "consent-"+purposeContact, "web.consent_needed")
	}
	return c, agreed, err
}

func (s *Server) phone(v *visit, d *draft, input, typed string) string {
	phone, err := resident.ParsePhone(typed)
	if err != nil {
		d.wrong(s, v, input, "resident.phone_wrong")
	}
	return string(phone)
}

// maxShort is how long a flat, a staircase or a floor may be.
const maxShort = 20

func short(typed string) string {
	clean, err := text.Trim(typed, maxShort)
	if err != nil {
		return ""
	}
	return clean
}

// agreements are the permissions that were ticked.
func agreements(v *visit, f *form) []resident.Agreement {
	var list []resident.Agreement
	for _, key := range f.all("consent") {
		purpose, version, ok := strings.Cut(key, ".")
		if ok {
			list = append(list, resident.Agreement{Purpose: purpose, Version: version, Language: string(v.Lang)})
		}
	}
	return list
}

// agree records permissions given with a message, in its transaction: there is
// never a contact without the permission to use it.
func (s *Server) agree(v *visit, list []resident.Agreement) func(tx *sqldb.Tx, problem int64) error {
	return func(tx *sqldb.Tx, problem int64) error {
		who := v.Who
		who.Problem = problem
		for _, a := range list {
			if _, err := s.Residents.ConsentIn(tx, who, a, v.From); err != nil {
				return err
			}
		}
		return nil
	}
}

// homeSide is what stands beside the question: honest figures and what others
// reported, near the place once it is known.
func (s *Server) homeSide(r *http.Request, v *visit, d *draft, p *view.HomePage) error {
	stats, err := s.Board.Statistics(r.Context(), v.City.ID, daysAgo(v, 30), daysAgo(v, -1))
	if err != nil {
		return err
	}
	p.Figures = figuresOf(stats)
	if v.Who.ID == 0 {
		p.Own = slices.Sorted(maps.Keys(v.followed))
		slices.Reverse(p.Own)
	}
	filter := board.Filter{Limit: 5}
	p.LinesFar = !d.housed && !d.point().known()
	if !p.LinesFar {
		box := geoAround(d.pointOr(v.City.Center))
		filter.Box = &box
	}
	list, err := s.Board.List(r.Context(), v.City.ID, filter)
	if err != nil {
		return err
	}
	p.Lines, err = s.linesOf(r.Context(), v, list.Lines)
	return err
}

// daysAgo is the beginning of a day of the city, so many days back.
func daysAgo(v *visit, days int) time.Time {
	y, m, d := v.Now.In(v.zone()).Date()
	return time.Date(y, m, d-days, 0, 0, 0, 0, v.zone())
}

// fewest is how many answers figures need before they say anything.
const fewest = 10

func figuresOf(st board.Statistics) view.Figures {
	if st.All.Answered < fewest || st.All.OnTimeShare() < 0 {
		return view.Figures{None: true}
	}
	return view.Figures{Messages: st.All.Received, OnTime: st.All.OnTimeShare(), MedianDays: max(st.All.Median, 0), Disputed: max(st.All.DisputedShare(), 0)}
}

// offer is a topic that a text may be about.
type offer struct{ topic topic.Topic }

// topicChoices are the topics to choose among: the one that was chosen by hand,
// or the proposals.
func (s *Server) topicChoices(v *visit, d *draft) []view.TopicChoice {
	if d.manual && d.sorted {
		c := s.topicChoice(v, d.sort)
		c.Chosen = true
		return []view.TopicChoice{c}
	}
	var list []view.TopicChoice
	for i, o := range d.offers {
		c := s.topicChoice(v, o.topic)
		c.Chosen = o.topic.ID == d.topic || d.topic == 0 && i == 0 && len(d.offers) == 1
		list = append(list, c)
	}
	if d.sorted && !slices.ContainsFunc(list, func(c view.TopicChoice) bool { return c.Chosen }) {
		c := s.topicChoice(v, d.sort)
		c.Chosen = true
		list = append([]view.TopicChoice{c}, list...)
	}
	return list
}

// topics are those that the form may show.
func (d *draft) topics() []topic.Topic {
	list := []topic.Topic{d.sort}
	for _, o := range d.offers {
		list = append(list, o.topic)
	}
	return list
}

// house reads a house by its number.
func (s *Server) house(ctx context.Context, v *visit, id place.HouseID) (place.House, error) {
	var h place.House
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		h, err = s.Places.HouseIn(tx, v.City.ID, id)
		return err
	})
	return h, err
}

// nextSteps are what the pack offers where the city's way ends. Mend is the
// page on which the message can be mended; "" where it is this one.
func (s *Server) nextSteps(ctx context.Context, v *visit, when, mend string) ([]view.Next, error) {
	steps, err := s.Packs.NextSteps(ctx, v.City.ID, when)
	if err != nil {
		return nil, err
	}
	var list []view.Next
	for _, step := range steps {
		list = append(list, s.nextStep(v, step, mend))
	}
	return list, nil
}

func (s *Server) nextStep(v *visit, step pack.NextStep, mend string) view.Next {
	n := view.Next{Kind: step.Kind, Text: v.text(step.Text)}
	switch step.Kind {
	case "mend":
		n.URL, n.Do = mend, s.say(v, "web.next_mend")
	case "call":
		n.Phone, n.Do = step.Value, s.say(v, "web.next_call", step.Value)
	case "appeal":
		n.URL, n.Do = step.Value, s.say(v, "web.next_appeal")
	default:
		n.URL, n.Do = step.Value, s.say(v, "web.next_site")
	}
	return n
}
