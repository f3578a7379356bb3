package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/repeat"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/text"
)

// draft is the form of the home page as it was sent, whatever step it is in.
type draft struct {
	form   *form
	key    string
	text   string
	topic  topic.ID
	manual bool
	mended int64 // public number of the refused problem that is sent again
	// object is the answer to the one question, 0 for none of what was offered;
	// answered tells whether there is one.
	object   topic.ID
	answered bool
	rest     string // a second problem of the same text, sent after this one
	photos   photosTaken
	// What is found for it:
	sort    topic.Topic // the topic, once one is chosen
	sorted  bool
	house   place.House
	housed  bool
	houses  []place.Found // to choose among
	next    []view.Next
	none    bool // a text, and nothing to propose
	offers  []offer
	repeats []repeat.Likeness // what it may repeat, once looked for
	looked  bool
	advice  suggest.Advice
	errors  view.FieldErrors
	// Why all of it was not taken, in words and as a status; "" and 0: it was.
	refused string
	status  int
	before  int64 // public number of the message that was sent with this form before
}

// takeReport takes one step of the form and answers with its next step, or
// sends the message. Whatever happens, what was typed comes back.
func (s *Server) takeReport(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	v.path = "/"
	f, taken, unread := s.readWithPhotos(r, v)
	if unread != nil && (len(f.values) == 0 || wantsJSON(r) || fault.Of(unread) == nil && !isTooLarge(unread)) {
		return unread
	}
	d := draftOf(f)
	d.photos, d.errors = taken, taken.errors
	if d.key == "" {
		d.key = s.newKey()
	}
	if unread != nil {
		d.refused, d.status = s.whyUnread(v, unread), statusOf(unread)
		return s.showDraft(w, r, v, d)
	}
	if n := f.int("join"); n > 0 {
		return s.joinInstead(w, r, v, d, n)
	}
	if uid := f.get("remove"); uid != "" {
		d.photos.drop(uid)
		return s.showDraft(w, r, v, d)
	}
	if err := f.err(); err != nil {
		d.errors = append(d.errors, s.fields(v, err)...)
		if wantsJSON(r) {
			return err
		}
		return s.showDraft(w, r, v, d)
	}
	if wantsJSON(r) {
		return s.send(w, r, v, d)
	}
	return s.step(w, r, v, d)
}

// draftOf reads what every step of the form carries.
func draftOf(f *form) *draft {
	d := &draft{form: f, key: f.get("key"), text: strings.TrimSpace(f.get("text")), topic: topic.ID(f.int("topic")),
		manual: f.get("manual") != "", mended: f.int("mended")}
	d.readAnswer()
	d.readParts()
	return d
}

// turns tells whether the pressed button only changes the form.
func (d *draft) turns() bool {
	return d.form.get("answer")+d.form.get("split")+d.form.get("unsplit") != ""
}

// step does what the pressed button wants.
func (s *Server) step(w http.ResponseWriter, r *http.Request, v *visit, d *draft) error {
	step := d.form.get("step")
	if d.turns() {
		step = "find_topic"
		d.form.values.Set("step", step)
	}
	switch step {
	case "pick_topic":
		return s.showTree(w, r, v, d)
	case "send":
		return s.send(w, r, v, d)
	case "next", "":
		// Enter in a field: go on to whatever is missing.
		if d.ready() && len(d.errors) == 0 {
			return s.send(w, r, v, d)
		}
	}
	if step != "add_photos" && d.text == "" && !d.manual {
		d.wrong(s, v, "text", "web.text_first")
	}
	d.measure(s, v)
	return s.showDraft(w, r, v, d)
}

// measure says at once what is too long to be sent.
func (d *draft) measure(s *Server, v *visit) {
	var long text.ErrTooLong
	if _, err := text.Clean(d.text, problem.MaxMessage); errors.As(err, &long) {
		d.wrong(s, v, "text", "problem.text_too_long", long.Max, long.Have)
	}
}

// whyUnread is why a form could not be read to its end.
func (s *Server) whyUnread(v *visit, err error) string {
	if isTooLarge(err) {
		return s.say(v, "web.large_form")
	}
	return s.say(v, "web.key_renewed")
}

// ready tells whether there is all that a message needs.
func (d *draft) ready() bool {
	return d.text != "" && d.topic != 0 && (d.form.int("house") > 0 || d.form.get("lat") != "")
}

func (d *draft) wrong(s *Server, v *visit, input, phrase string, args ...any) {
	d.errors = append(d.errors, view.FieldError{Name: input, Text: s.say(v, phrase, args...)})
}

// showDraft finds what can be found for the form and shows it again.
func (s *Server) showDraft(w http.ResponseWriter, r *http.Request, v *visit, d *draft) error {
	if err := s.lookUp(r, v, d); err != nil {
		return err
	}
	page, err := s.homeOf(r, v, d)
	if err != nil {
		return err
	}
	page.Path = "/"
	switch {
	case d.status != 0:
		return s.render(w, d.status, page)
	case len(d.errors) > 0:
		return s.showAgain(w, page)
	}
	return s.show(w, page)
}

// lookUp finds topic, proposals and place.
func (s *Server) lookUp(r *http.Request, v *visit, d *draft) error {
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	d.sort, d.sorted = book.topics[d.topic]
	if err := s.lookUpPlace(r, v, d); err != nil {
		return err
	}
	if d.text == "" {
		return nil
	}
	in, err := s.inputOf(r.Context(), v, d)
	if err != nil {
		return err
	}
	if d.offers, d.advice, err = s.propose(r.Context(), v, in); err != nil {
		return err
	}
	d.none = len(d.offers) == 0 && !d.sorted && (d.advice.Ask == nil || d.answered)
	when := ""
	switch {
	case d.sorted && !d.sort.InSeason(v.Now.In(v.zone())):
		when = "season"
	case d.none:
		when = "nothing_fits"
	default:
		return nil
	}
	d.next, err = s.nextSteps(r.Context(), v, when, "")
	return err
}

// lookUpPlace finds the chosen house, or houses for the typed address.
func (s *Server) lookUpPlace(r *http.Request, v *visit, d *draft) error {
	address := strings.TrimSpace(d.form.get("address"))
	id := d.form.int("house")
	searching := d.form.get("step") == "find_place" || address != "" && id == 0 && !d.point().known()
	if id > 0 {
		house, err := s.house(r.Context(), v, place.HouseID(id))
		if err != nil && !errors.Is(err, fault.Missing) {
			return err
		}
		d.house, d.housed = house, err == nil
		if !d.housed {
			d.wrong(s, v, "address", "web.no_such_house")
		}
		searching = searching && !sameAddress(address, house.Address)
	}
	if !searching {
		return nil
	}
	if address == "" {
		d.wrong(s, v, "address", "web.place_first")
		return nil
	}
	found, err := s.Places.Search(r.Context(), v.City.ID, address, maxHouses)
	if err != nil {
		return err
	}
	d.choose(s, v, found)
	return nil
}

// maxHouses is how many houses are offered for an address.
const maxHouses = 8

// choose takes the only house found if it is what was typed, or offers what is
// there.
func (d *draft) choose(s *Server, v *visit, found []place.Found) {
	switch {
	case len(found) == 0:
		d.housed = false
		d.wrong(s, v, "address", "web.address_not_found")
	case len(found) == 1 && found[0].Sure():
		d.house, d.housed = found[0].House, true
	default:
		if !d.housed {
			d.houses = found
		} else if !slices.ContainsFunc(found, func(f place.Found) bool { return f.House.ID == d.house.ID }) {
			d.houses, d.housed = found, false
		}
	}
}

func sameAddress(typed, address string) bool {
	return typed == "" || strings.EqualFold(typed, address)
}

// spot is a point that may be absent.
type spot struct {
	geo.Point
	given bool
}

// known tells whether a point was given and can be on the earth.
func (p spot) known() bool { return p.given && p.Valid() }

// point is where the map or the phone put the mark.
func (d *draft) point() spot {
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(d.form.get("lat")), 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSpace(d.form.get("lon")), 64)
	return spot{geo.Point{Lat: lat, Lon: lon}, err1 == nil && err2 == nil}
}

func (d *draft) pointOr(other geo.Point) geo.Point {
	if d.housed {
		return d.house.Point
	}
	if p := d.point(); p.known() {
		return p.Point
	}
	return other
}

// placeDraft is the place as problem wants it; false when none was given.
func (d *draft) placeDraft() (place.Draft, bool) {
	p := d.point()
	typed := strings.TrimSpace(d.form.get("address"))
	out := place.Draft{Point: p.Point, Mark: place.Mark(d.form.get("mark"))}
	if accuracy, err := strconv.ParseFloat(d.form.get("accuracy"), 64); err == nil && accuracy > 0 {
		out.Accuracy = accuracy
	}
	switch {
	case d.housed:
		out.House = d.house.ID
		if !p.known() || out.Mark == place.OnBuilding {
			out.Point = d.house.Point
		}
		if out.Mark == "" || out.Mark == place.FreePoint {
			out.Mark = place.NearBuilding
		}
		if d.sort.Widget == topic.OnBuilding {
			out.Mark, out.Point = place.OnBuilding, d.house.Point
		}
		if d.sort.Widget == topic.FreePoint && out.Mark == place.OnBuilding {
			out.Mark = place.NearBuilding
		}
	case p.known():
		out.Mark = place.FreePoint
	default:
		return out, false
	}
	if !sameAddress(typed, d.house.Address) {
		out.Landmark = typed
	}
	return out, true
}

// send sends the message, or shows what keeps it from being sent.
func (s *Server) send(w http.ResponseWriter, r *http.Request, v *visit, d *draft) error {
	if err := s.lookUp(r, v, d); err != nil {
		return err
	}
	s.guessTopic(v, d)
	where, placed := d.placeDraft()
	contact, consent, err := s.contactOf(r.Context(), v, d)
	if err != nil {
		return err
	}
	switch {
	case d.text == "":
		d.wrong(s, v, "text", "web.text_first")
	case !d.sorted && d.topic != 0:
		d.wrong(s, v, "topic", "web.topic_gone")
	case !d.sorted:
		d.wrong(s, v, "topic", "web.topic_first")
	}
	d.measure(s, v)
	switch {
	case placed || d.errors.For("address") != "":
	case len(d.houses) > 0:
		d.wrong(s, v, "address", "web.house_first")
	default:
		d.wrong(s, v, "address", "web.place_first")
	}
	if len(d.errors) > 0 {
		return s.notSent(w, r, v, d)
	}
	mended, err := s.mendedOf(r, v, d.mended)
	if err != nil {
		return err
	}
	if where.Object, err = s.thingOf(r.Context(), v, d); err != nil {
		return err
	}
	if where.House == 0 {
		if where.Beside, err = s.Places.BesideOf(r.Context(), v.City.ID, where.Point); err != nil {
			return err
		}
	}
	if asked, err := s.askFirst(w, r, v, d); asked || err != nil {
		return err
	}
	if told, err := s.tellFirst(w, r, v, d); told || err != nil {
		return err
	}
	offered, model := s.shownWith(v, d)
	receipt, err := s.Problems.Do(r.Context(), v.Who, problem.Order{Key: d.key, With: s.agree(v, consent), Command: problem.Send{
		Text: d.text, Photos: d.photos.ids, Topic: d.topic, Manual: d.manual, Place: where, Channel: "web",
		Contact: contact, Sender: s.senderOf(w, r, v), Mended: mended, Offered: offered, Model: model, Asked: d.object,
	}})
	if err != nil {
		return s.refuse(w, r, v, d, err)
	}
	return s.sent(w, r, v, d, receipt)
}

// refuse says why a message was not taken: at the inputs, else above the form.
// Everything stays in it. Mistakes of ours and a city that is away are told by a
// page of their own.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, v *visit, d *draft, err error) error {
	f := fault.Of(err)
	if f != nil && f.Phrase == problem.KeyTaken {
		return s.sentBefore(w, r, v, d, f)
	}
	d.errors = append(d.errors, atAddress(s.fields(v, err))...)
	if wantsJSON(r) || f == nil || f.Kind == fault.Internal || f.Kind == fault.Broken {
		return err
	}
	d.status = statusOf(err)
	if len(d.errors) == 0 {
		d.refused = s.phraseOf(v, err)
	}
	return s.notSent(w, r, v, d)
}

// sentBefore gives the form a new key: it was sent, and has been changed since.
// Whoever means to send that as well presses once more.
func (s *Server) sentBefore(w http.ResponseWriter, r *http.Request, v *visit, d *draft, f *fault.Fault) error {
	number, _ := f.Args[0].(int64)
	if wantsJSON(r) {
		return fault.Conflict.New("web.sent_before", v.number(number))
	}
	d.key, d.before, d.status = s.newKey(), number, http.StatusConflict
	if err := s.copyPhotos(r.Context(), v, d, d.photos.ids); err != nil {
		return err
	}
	return s.notSent(w, r, v, d)
}

// atAddress puts what problem says of the place at the input of the address.
func atAddress(list view.FieldErrors) view.FieldErrors {
	list = renamed(list, "place", "address")
	list = renamed(list, "house", "address")
	list = renamed(list, "object", "address")
	return renamed(list, "key", "text")
}

// notSent shows the form with what is wrong, to a person or a script.
func (s *Server) notSent(w http.ResponseWriter, r *http.Request, v *visit, d *draft) error {
	if !wantsJSON(r) {
		page, err := s.homeOf(r, v, d)
		if err != nil {
			return err
		}
		page.Path = "/"
		if d.status != 0 {
			return s.render(w, d.status, page)
		}
		return s.showAgain(w, page)
	}
	var body errorBody
	body.Error.Kind, body.Error.Text = fault.Invalid.Error(), d.errors[0].Text
	body.Error.Fields = map[string]string{}
	for _, e := range d.errors {
		body.Error.Fields[e.Name] = e.Text
	}
	writeJSON(w, http.StatusUnprocessableEntity, body)
	return nil
}

// guessTopic takes the best proposal that can be sent when the person left the
// topic to us: a moderator looks at every topic.
func (s *Server) guessTopic(v *visit, d *draft) {
	if d.sorted || d.text == "" || d.topic != 0 {
		return
	}
	for _, o := range d.offers {
		t := o.topic
		required := slices.ContainsFunc(t.Extras, func(e topic.Extra) bool { return e.Required && d.form.get(e.Input()) == "" })
		if t.Open && t.InSeason(v.Now.In(v.zone())) && !required && (!t.NeedsPhoto() || len(d.photos.ids) > 0) {
			d.sort, d.sorted, d.topic = t, true, t.ID
			return
		}
	}
	if len(d.offers) > 0 {
		d.sort, d.sorted, d.topic = d.offers[0].topic, true, d.offers[0].topic.ID
	}
}

// sentBody is what a script gets for a message that was taken.
type sentBody struct {
	Number int64  `json:"number"`
	UID    string `json:"uid"`
	Code   string `json:"code,omitempty"`
	Follow string `json:"follow,omitempty"` // the secret link
	URL    string `json:"url"`              // of the page after sending
	Due    string `json:"due,omitempty"`    // RFC 3339
	Again  bool   `json:"again"`            // was taken before: this was a retry
}

// sent leads to the page that says what happens next. The secret travels in a
// cookie that lives for this one page.
func (s *Server) sent(w http.ResponseWriter, r *http.Request, v *visit, d *draft, receipt problem.Receipt) error {
	if receipt.Secret != "" {
		s.follow(w, v, receipt.Number, receipt.Problem)
		s.setCookie(w, sentCookie, s.keys.sign("sent", strconv.FormatInt(receipt.Number, 10)+"-"+receipt.Secret+"-"+receipt.Code), sentLife, false)
	}
	address := "/sent/" + strconv.FormatInt(receipt.Number, 10)
	if d.rest != "" && !wantsJSON(r) {
		first := view.SentFirst{Number: receipt.Number, URL: problemURL(receipt.Number), Code: receipt.Code}
		if receipt.Secret != "" {
			first.FollowURL = s.followURL(receipt.Secret)
		}
		return s.showRest(w, r, v, d, first)
	}
	if !wantsJSON(r) {
		return goTo(w, r, address)
	}
	if d.rest != "" {
		address += "?rest=1"
	}
	personal(w)
	body := sentBody{Number: receipt.Number, UID: receipt.UID, Code: receipt.Code, URL: address, Again: receipt.Again}
	if receipt.Secret != "" {
		body.Follow = s.followURL(receipt.Secret)
	}
	if receipt.Due != 0 {
		body.Due = receipt.Due.Time().In(v.zone()).Format("2006-01-02T15:04:05Z07:00")
	}
	writeJSON(w, http.StatusCreated, body)
	return nil
}

// showRest shows a fresh form with the second problem of a text, at the same
// place. It answers the sending itself: the text must not travel in an address.
// Asking for it again sends nothing twice.
func (s *Server) showRest(w http.ResponseWriter, r *http.Request, v *visit, d *draft, first view.SentFirst) error {
	values := url.Values{"text": {d.rest}, "step": {"find_topic"}}
	for _, name := range []string{"address", "house", "lat", "lon", "accuracy", "contact_phone", "contact_email", "consent"} {
		values[name] = d.form.all(name)
	}
	rest := draftOf(&form{values: values})
	rest.key = s.newKey()
	if err := s.lookUp(r, v, rest); err != nil {
		return err
	}
	page, err := s.homeOf(r, v, rest)
	if err != nil {
		return err
	}
	page.Path, page.First = "/", first
	personal(w)
	return s.show(w, page)
}
