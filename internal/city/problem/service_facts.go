package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

// facts finds out, inside the transaction, what the decision needs: the stored
// text, the topic, the place, who is responsible, when it is due.
func (s *Service) facts(tx *sqldb.Tx, who resident.Who, state State, part Part, c Command) (Facts, error) {
	city, err := s.Places.CityIn(tx, who.City)
	if err != nil {
		return Facts{}, fmt.Errorf("read city %d: %w", who.City, err)
	}
	f := Facts{
		Now:      Moment(tx.Micros()),
		By:       Actor{Part: part, Person: who.ID},
		Silence:  days(city.Settings.AutoCloseDays),
		AskAhead: days(city.Settings.AskBeforeCloseDays),
	}
	if part == AsStaff {
		f.By.Org = orgOf(who)
	}
	return f, s.circumstances(tx, who, city, state, c, &f)
}

func days(n int) int64 { return int64(n) * 24 * int64(time.Hour/time.Microsecond) }

// circumstances are what only some commands need.
func (s *Service) circumstances(tx *sqldb.Tx, who resident.Who, city place.City, state State, c Command, f *Facts) error {
	switch c := c.(type) {
	case Send:
		return s.forSend(tx, who, city, c, f)
	case ChangeTopic:
		return s.forTopic(tx, who.City, state, c.To, f)
	case Accept:
		return s.forAccept(tx, who.City, state, f)
	case Ask:
		f.Until = moment(tx.Now().AddDate(0, 0, max(city.Settings.QuestionDays, 1)))
		return nil
	case Reply, Lapse:
		return s.afterPause(tx, who.City, state, f)
	case Dispute:
		if err := checkLimit(tx, who, c.Sender, city.Settings); err != nil {
			return err
		}
		return s.dues(tx, who.City, state.Topic, tx.Now(), nil, f)
	case Reopen:
		return s.dues(tx, who.City, state.Topic, tx.Now(), nil, f, deadline.Processing, deadline.Review)
	case Give:
		return s.forAnswer(tx, who.City, state, f)
	}
	return nil
}

func (s *Service) forSend(tx *sqldb.Tx, who resident.Who, city place.City, c Send, f *Facts) error {
	if err := checkLimit(tx, who, c.Sender, city.Settings); err != nil {
		return err
	}
	t, err := s.Topics.FindIn(tx, who.City, c.Topic)
	if isMissing(err) {
		return fault.Invalid.Field("topic", "problem.no_such_topic")
	}
	if err != nil {
		return err
	}
	where, err := s.Places.LocateIn(tx, who.City, c.Place)
	if err != nil {
		return err
	}
	if !who.System {
		if err := checkTopic(t, c, tx.Now().In(city.Zone)); err != nil {
			return err
		}
		if err := refuseRepeat(tx, who, city, t, where); err != nil {
			return err
		}
	}
	f.Topic, f.Place, f.UID = t, Sent{Place: where}, c.UID
	if f.UID == "" {
		f.UID = s.IDs.UUID(tx.Now())
	}
	return s.dues(tx, who.City, t.Ref, tx.Now(), nil, f)
}

// checkTopic holds a message against what its topic asks for.
func checkTopic(t topic.Topic, c Send, now time.Time) error {
	var form fault.Form
	if !t.Open {
		form.Add("topic", "problem.topic_closed")
	}
	if !t.InSeason(now) {
		form.Add("topic", "problem.out_of_season")
	}
	if t.NeedsPhoto() && len(c.Photos) == 0 {
		form.Add("photos", "problem.photo_needed."+string(t.Evidence))
	}
	switch {
	case t.Widget == topic.FreePoint && c.Place.Mark == place.OnBuilding:
		form.Add("place", "problem.not_a_building")
	case t.Widget == topic.OnBuilding && c.Place.House == 0:
		form.Add("place", "problem.building_needed")
	}
	for _, e := range t.Extras {
		given := c.Contact.given(e)
		switch {
		case e.Own():
			if flaw := e.Flaw(given, now); flaw != "" {
				form.Add(e.Input(), "problem.field_"+flaw)
			}
		case e.Required && given == "":
			form.Add(e.Name, "problem.extra_needed."+e.Name)
		}
	}
	return form.Err()
}

// samePlace is how near two marks are the same place, in metres (design: near
// duplicates are looked for within 50 m).
const samePlace = 50

// refuseRepeat refuses the very same problem from the same account while the
// first is open (domain.md 1.7); others are offered to join instead.
func refuseRepeat(tx *sqldb.Tx, who resident.Who, city place.City, t topic.Topic, where place.Place) error {
	if who.ID == 0 || !city.Settings.RefuseRepeats {
		return nil
	}
	open, err := openOf(tx, who.City, who.ID, int64(t.ID))
	if err != nil {
		return fmt.Errorf("look for the same problem: %w", err)
	}
	for _, r := range open {
		other := r.state.Place
		if where.House != 0 && where.House == other.House || where.Point.Distance(other.Point) <= samePlace {
			return fault.Conflict.Field("text", "problem.sent_already", r.state.Number)
		}
	}
	return nil
}

func (s *Service) forTopic(tx *sqldb.Tx, city int64, state State, to topic.ID, f *Facts) error {
	t, err := s.Topics.FindIn(tx, city, to)
	if isMissing(err) {
		return fault.Invalid.Field("topic", "problem.no_such_topic")
	}
	if err != nil {
		return err
	}
	f.Topic = t
	if state.Status == Draft || state.Status == "" {
		return nil
	}
	// The promise follows the topic; the message was received when it was.
	return s.dues(tx, city, t.Ref, state.LastMessage().At.Time(), nil, f)
}

func (s *Service) forAccept(tx *sqldb.Tx, city int64, state State, f *Facts) error {
	t, err := s.Topics.AtIn(tx, city, state.Topic)
	if err != nil {
		return err
	}
	d, err := s.Routes.RouteIn(tx, city, t, state.Place, tx.Now())
	if err != nil {
		return fmt.Errorf("route: %w", err)
	}
	f.Topic = t
	f.Routing = Routing{Executor: d.Executor, Coordinator: d.Coordinator, Controller: d.Controller, Rule: d.Rule, Version: d.Version}
	if len(state.Messages) > 1 && state.Routing.Executor != "" {
		// A dispute goes back to who answered.
		f.Routing = state.Routing
	}
	return s.dues(tx, city, state.Topic, tx.Now(), nil, f, deadline.Processing, deadline.Review)
}

func (s *Service) forAnswer(tx *sqldb.Tx, city int64, state State, f *Facts) error {
	t, err := s.Topics.AtIn(tx, city, state.Topic)
	if err != nil {
		return err
	}
	f.Topic = t
	p, err := s.Deadlines.PromiseIn(tx, city, termKey(t), tx.Now(), nil, deadline.Review)
	if err != nil {
		return fmt.Errorf("term of review: %w", err)
	}
	f.Review = moment(p.Due)
	return nil
}

// afterPause computes the dates anew, without the time that the question was
// open.
func (s *Service) afterPause(tx *sqldb.Tx, city int64, state State, f *Facts) error {
	pause := []deadline.Pause{{From: state.AskedAt.Time(), To: tx.Now()}}
	return s.dues(tx, city, state.Topic, state.LastMessage().At.Time(), pause, f)
}

// dues computes the due date of every stage named, all three when none is.
func (s *Service) dues(tx *sqldb.Tx, city int64, ref topic.Ref, from time.Time, pauses []deadline.Pause, f *Facts, stages ...deadline.Stage) error {
	if len(stages) == 0 {
		stages = deadline.Stages()
	}
	t, err := s.Topics.AtIn(tx, city, ref)
	if err != nil {
		return err
	}
	p, err := s.Deadlines.PromiseIn(tx, city, termKey(t), from, pauses, stages...)
	if err != nil {
		return fmt.Errorf("compute due dates: %w", err)
	}
	f.Dues, err = duesOf(p)
	return err
}

// duesOf keeps what a promise says for the feed.
func duesOf(p deadline.Promise) (Dues, error) {
	steps, err := json.Marshal(p)
	if err != nil {
		return Dues{}, fmt.Errorf("write steps of promise: %w", err)
	}
	d := datesOf(p)
	d.Steps = steps
	return d, nil
}

// datesOf is the dates of a promise alone.
func datesOf(p deadline.Promise) Dues {
	d := Dues{Promised: moment(p.Due)}
	if !p.Known() {
		d.Unknown = string(p.Unknown.Reason)
	}
	for _, step := range p.Steps {
		switch step.Stage {
		case deadline.Moderation:
			d.Moderation = moment(step.Due)
		case deadline.Processing:
			d.Work = moment(step.Due)
		case deadline.Review:
			d.Review = moment(step.Due)
		}
	}
	return d
}

func termKey(t topic.Topic) deadline.TopicKey {
	return deadline.TopicKey{ID: fmt.Sprint(t.ID), Category: fmt.Sprint(t.Category), Object: fmt.Sprint(t.Object)}
}

// written is a text on its way into its row.
type written struct {
	key      int64
	resident bool
	body     string
	salt     []byte
	signer   Signer
}

// writeDown gives the words of a command a key and a commitment; nil when it has
// none.
func (s *Service) writeDown(tx *sqldb.Tx, part Part, c Command) (*written, error) {
	body, signer := words(c)
	clean, err := text.Clean(body, maxAnswer)
	if err != nil || clean == "" {
		return nil, err
	}
	key, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	return &written{key: key, resident: part == AsAuthor || part == AsJoined || isSend(c), body: clean, salt: s.IDs.Salt(), signer: signer}, nil
}

func (w *written) ref() TextRef {
	if w == nil {
		return TextRef{}
	}
	return TextRef{ID: w.key, Commitment: id.Commitment(w.salt, w.body)}
}

func isSend(c Command) bool {
	switch c.(type) {
	case Send, Dispute, Reply:
		return true
	}
	return false
}

// words are what a person wrote in a command.
func words(c Command) (string, Signer) {
	switch c := c.(type) {
	case Send:
		return c.Text, Signer{}
	case Dispute:
		return c.Text, Signer{}
	case Reply:
		return c.Text, Signer{}
	case Ask:
		return c.Text, Signer{}
	case Reject:
		return c.Text, Signer{}
	case Redirect:
		return c.Reason, Signer{}
	case RequestRedirect:
		return c.Reason, Signer{}
	case DeclineRedirect:
		return c.Reason, Signer{}
	case Give:
		return c.Text, c.Signer
	case SendBack:
		return c.Text, Signer{}
	case ConfirmOnSpot:
		return c.Text, Signer{}
	case Reopen:
		return c.Text, Signer{}
	case SetDue:
		return c.Reason, Signer{}
	case HideText:
		return c.Reason, Signer{}
	case HidePhoto:
		return c.Reason, Signer{}
	case ShowText:
		return c.Reason, Signer{}
	case ShowPhoto:
		return c.Reason, Signer{}
	case Note:
		return c.Text, Signer{}
	}
	return "", Signer{}
}

// MaxMessage is the longest text of a resident in characters: the portal's own
// limit.
const MaxMessage = 1000

// maxAnswer is the longest text of the staff in characters: the portal's answers
// have a 95th percentile of 1,912.
const maxAnswer = 10000

// checkInput looks at a command before any transaction: what is too long,
// empty or not text is refused at its field.
func checkInput(c Command, who resident.Who) error {
	body, signer := words(c)
	var form fault.Form
	limit := maxAnswer
	if isSend(c) && !who.System {
		limit = MaxMessage
	}
	clean, err := text.Clean(body, limit)
	var long text.ErrTooLong
	switch {
	case errors.As(err, &long):
		form.Add("text", "problem.text_too_long", long.Max, long.Have)
	case err != nil:
		form.Add("text", "problem.text_broken")
	case clean == "" && needsWords(c) && !who.System:
		form.Add("text", "problem.text_missing."+string(c.verb()))
	}
	if _, ok := c.(Give); ok && !who.System && signer.Name == "" {
		form.Add("signer", "problem.signer_missing")
	}
	if c, ok := c.(GiveContact); ok {
		if _, err := c.Contact.parsed(); err != nil {
			return err
		}
	}
	return form.Err()
}

// parsed is phone and e-mail as they are kept, read as at sign-in. What is wrong
// is said at "phone" and "email"; with neither there is no contact.
func (c Contact) parsed() (Contact, error) {
	var form fault.Form
	if c.Phone = strings.TrimSpace(c.Phone); c.Phone != "" {
		phone, err := resident.ParsePhone(c.Phone)
		if err != nil {
			form.Add("phone", "resident.phone_wrong")
		}
		c.Phone = string(phone)
	}
	if c.Email = strings.TrimSpace(c.Email); c.Email != "" {
		email, err := resident.ParseEmail(c.Email)
		if err != nil {
			form.Add("email", "resident.email_wrong")
		}
		c.Email = string(email)
	}
	if err := form.Err(); err != nil {
		return c, err
	}
	if c.Phone == "" && c.Email == "" {
		return c, fault.Invalid.Field("contact", "problem.contact_missing")
	}
	return c, nil
}

// needsWords tells which commands say nothing without a text.
func needsWords(c Command) bool {
	switch c.(type) {
	case Send, Dispute, Reply, Ask, Redirect, RequestRedirect, DeclineRedirect, Give, SendBack, Reopen, SetDue, Note:
		return true
	}
	return false
}
