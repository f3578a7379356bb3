package problem

import (
	"context"
	"slices"

	"gorod/internal/city/reading"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Card is a problem as one person may see it: to everyone but its author and
// staff all that people wrote comes masked (Masked), so that no page, letter
// or machine can publish what the words hide.
type Card struct {
	ID       int64
	State    State
	Feed     []Entry
	Contact  *Contact // nil: not for this reader
	IsAuthor bool
	Joined   bool
	Staff    bool // reads as staff: hidden texts and inner entries included
	Joiners  []int64
	May      []Verb // commands that this reader could give now
}

// Entry is one event with the texts it points to.
type Entry struct {
	Event
	Text   Text // the text of the event, if any
	Hidden bool // the text is hidden; only staff get its words
}

// Find reads a problem by its public number as the reader may see it; Missing
// when there is none or the reader may not know.
func (s *Service) Find(ctx context.Context, who resident.Who, number int64) (Card, error) {
	return s.card(ctx, who, func(tx *sqldb.Tx) (row, error) { return findByNumber(tx, who.City, number) })
}

// FindByUID is Find by the outside id.
func (s *Service) FindByUID(ctx context.Context, who resident.Who, uid string) (Card, error) {
	return s.card(ctx, who, func(tx *sqldb.Tx) (row, error) { return findByUID(tx, who.City, uid) })
}

// FindByID is Find by the inner key.
func (s *Service) FindByID(ctx context.Context, who resident.Who, problem int64) (Card, error) {
	return s.card(ctx, who, func(tx *sqldb.Tx) (row, error) { return findByID(tx, who.City, problem) })
}

func (s *Service) card(ctx context.Context, who resident.Who, find func(*sqldb.Tx) (row, error)) (Card, error) {
	var card Card
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		r, err := find(tx)
		if err != nil {
			return err
		}
		card, err = s.cardIn(tx, who, r)
		return err
	})
	return card, err
}

func (s *Service) cardIn(tx *sqldb.Tx, who resident.Who, r row) (Card, error) {
	card := Card{ID: r.id, State: r.state, IsAuthor: IsAuthor(who, r.state, r.id), Staff: MayRead(who, r.state)}
	if !card.IsAuthor && !card.Staff && !r.state.Visible() {
		return Card{}, fault.Missing.New("problem.missing")
	}
	joined, err := joinedBy(tx, who, r.id)
	if err != nil {
		return Card{}, err
	}
	card.Joined = joined
	if err := s.fillFeed(tx, who, &card); err != nil {
		return Card{}, err
	}
	if err := s.fillContact(tx, who, &card); err != nil {
		return Card{}, err
	}
	card.May = verbsFor(who, card)
	return card, nil
}

func (s *Service) fillFeed(tx *sqldb.Tx, who resident.Who, card *Card) error {
	events, err := feed(tx, who.City, card.ID)
	if err != nil {
		return err
	}
	list, err := texts(tx, who.City, card.ID)
	if err != nil {
		return err
	}
	byID := make(map[int64]Text, len(list))
	all := card.Staff || card.IsAuthor
	for _, t := range list {
		if !all {
			t.Body = Masked(t.Body)
		}
		byID[t.ID] = t
	}
	if !all {
		card.State.Place.Landmark = Masked(card.State.Place.Landmark)
	}
	for _, e := range events {
		if !card.reads(e) {
			continue
		}
		entry := Entry{Event: e, Text: byID[TextOf(e.Data).ID]}
		if slices.Contains(card.State.HiddenTexts, entry.Text.ID) && entry.Text.ID != 0 {
			entry.Hidden = true
			if !card.Staff {
				entry.Text.Body = ""
			}
		}
		if !card.Staff && innerReason(e.Data) {
			entry.Text = Text{}
		}
		card.Feed = append(card.Feed, entry)
	}
	return nil
}

// reads tells whether the card's reader may see an entry. An answer becomes
// public once it has passed its review, and is then told where it was given.
func (c *Card) reads(e Event) bool {
	if c.Staff {
		return true
	}
	if given, ok := e.Data.(Given); ok {
		i := given.Answer - 1
		return i < len(c.State.Answers) && c.State.Answers[i].Verdict == "passed"
	}
	switch e.Data.(type) {
	case Asked, Replied, Lapsed, ContactGiven, ContactForgotten, Claimed:
		return c.IsAuthor // no business of who joined, and nobody has checked a reply
	}
	switch e.Seen {
	case Public:
		return true
	case Author:
		return c.IsAuthor || c.Joined
	}
	return false
}

// innerReason tells whether residents read that something happened but not why:
// a coordinator writes for colleagues, and why a text was hidden may repeat what
// was in it.
func innerReason(d Data) bool {
	switch d.(type) {
	case Redirected, TextHidden, PhotoHidden, TextShown, PhotoShown:
		return true
	}
	return false
}

// fillContact shows phone and flat to the author, to moderators and operators,
// and to an executor only where the topic asks for them.
func (s *Service) fillContact(tx *sqldb.Tx, who resident.Who, card *Card) error {
	if !card.IsAuthor && !card.Staff {
		return nil
	}
	c, err := contact(tx, who.City, card.ID)
	if err != nil || c.Blank() {
		return err
	}
	wide := card.IsAuthor || hasAny(who, []resident.Role{resident.Moderator, resident.Operator})
	if !wide {
		t, err := s.Topics.AtIn(tx, who.City, card.State.Topic)
		if err != nil {
			return err
		}
		c = c.asked(t)
	}
	card.Contact = &c
	return nil
}

// verbsFor lists the commands that the reader could give now.
func verbsFor(who resident.Who, c Card) []Verb {
	var may []Verb
	for _, v := range Verbs() {
		if !allowed(c.State.Status, v) {
			continue
		}
		part, forResidents := residentVerbs[v]
		switch {
		case v == DoClaim && (who.ID == 0 || c.State.Author != 0 || c.State.Erased), v == DoForgetContact && c.Contact == nil:
		case v == DoJoin && !c.IsAuthor && !c.Joined && c.State.Visible(),
			v == DoLeave && c.Joined,
			forResidents && c.IsAuthor,
			forResidents && part == AsJoined && c.Joined,
			staffMay(who, c.State, v):
			may = append(may, v)
		}
	}
	return may
}

// Can tells whether the reader could give a command now.
func (c Card) Can(v Verb) bool { return slices.Contains(c.May, v) }

// TextOf is the text that an event points to; zero when it has none.
func TextOf(d Data) TextRef {
	switch d := d.(type) {
	case Sent:
		return d.Text
	case Disputed:
		return d.Text
	case Asked:
		return d.Text
	case Replied:
		return d.Text
	case Refused:
		return d.Text
	case Redirected:
		return d.Reason
	case RedirectAsked:
		return d.Reason
	case RedirectDeclined:
		return d.Reason
	case Given:
		return d.Text
	case SentBack:
		return d.Text
	case SolvedOnSpot:
		return d.Text
	case Reopened:
		return d.Text
	case DueMoved:
		return d.Reason
	case TextHidden:
		return d.Reason
	case PhotoHidden:
		return d.Reason
	case TextShown:
		return d.Reason
	case PhotoShown:
		return d.Reason
	case Noted:
		return d.Text
	}
	return TextRef{}
}

// Item is one line of a queue.
type Item struct {
	ID    int64
	State State
	Text  string // the beginning of the newest message
}

// Mine lists the problems of an account, sent or joined, the newest first.
func (s *Service) Mine(ctx context.Context, who resident.Who, limit int) ([]Item, error) {
	if who.ID == 0 {
		return nil, fault.Denied.New("problem.sign_in_first")
	}
	var items []Item
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		rows, err := mine(tx, who.City, who.ID, min(max(limit, 1), 200))
		if err != nil {
			return err
		}
		items, err = itemsOf(tx, who.City, rows)
		return err
	})
	for i, item := range items {
		if !IsAuthor(who, item.State, item.ID) {
			items[i] = item.public() // joined: another wrote it
		}
	}
	return items, err
}

// Written lists the problems that somebody has sent, in the order of their keys,
// those after one of them: for who goes through all of them. At most 200.
func (s *Service) Written(ctx context.Context, who resident.Who, after int64, limit int) ([]Item, error) {
	if who.ID == 0 {
		return nil, fault.Denied.New("problem.sign_in_first")
	}
	var items []Item
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		rows, err := writtenBy(tx, who.City, who.ID, after, min(max(limit, 1), 200))
		if err != nil {
			return err
		}
		items, err = itemsOf(tx, who.City, rows)
		return err
	})
	return items, err
}

// public is an item as everyone may read it.
func (i Item) public() Item {
	i.Text, i.State.Place.Landmark = Masked(i.Text), Masked(i.State.Place.Landmark)
	return i
}

// itemsOf puts the beginning of its newest message beside each row.
func itemsOf(tx *sqldb.Tx, city int64, rows []row) ([]Item, error) {
	items := make([]Item, len(rows))
	for i, r := range rows {
		items[i] = Item{ID: r.id, State: r.state}
		m := r.state.LastMessage()
		if m.Text == 0 || slices.Contains(r.state.HiddenTexts, m.Text) {
			continue
		}
		body, err := textBody(tx, city, m.Text)
		if err != nil {
			return nil, err
		}
		items[i].Text = body
	}
	return items, nil
}

// Some lists problems by their keys, in that order, as far as the reader may see
// them; at most 200, without texts.
func (s *Service) Some(ctx context.Context, who resident.Who, keys []int64) ([]Item, error) {
	keys = keys[:min(len(keys), 200)]
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []row
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		rows, err = some(tx, who.City, keys)
		return err
	})
	byKey := make(map[int64]State, len(rows))
	for _, r := range rows {
		if r.state.Visible() || IsAuthor(who, r.state, r.id) || MayRead(who, r.state) {
			byKey[r.id] = r.state
		}
	}
	items := make([]Item, 0, len(byKey))
	for _, key := range keys {
		state, ok := byKey[key]
		if !ok {
			continue
		}
		item := Item{ID: key, State: state}
		if !IsAuthor(who, state, key) && !MayRead(who, state) {
			item = item.public()
		}
		items = append(items, item)
	}
	return items, err
}

// PeekIn reads a problem's state and texts for projections in the caller's
// transaction.
func (s *Service) PeekIn(tx *sqldb.Tx, city, problem int64) (State, []Text, error) {
	r, err := findByID(tx, city, problem)
	if err != nil {
		return State{}, nil, err
	}
	list, err := texts(tx, city, problem)
	return r.state, list, err
}

// Keys gives the keys of all problems of a city to a function, so many at a
// time.
func (s *Service) Keys(ctx context.Context, city int64, size int, each func(keys []int64) error) error {
	after := int64(0)
	for {
		var keys []int64
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			var err error
			keys, err = keysAfter(tx, city, after, size)
			return err
		})
		if err != nil || len(keys) == 0 {
			return err
		}
		after = keys[len(keys)-1]
		if err := each(keys); err != nil {
			return err
		}
	}
}

// PublicTexts are the messages and passed answers that everyone may read,
// messages first, with personal data masked.
func (s State) PublicTexts(list []Text) []string {
	byID := make(map[int64]Text, len(list))
	for _, t := range list {
		byID[t.ID] = t
	}
	var public []string
	add := func(id int64) {
		if t := byID[id]; t.Body != "" && !slices.Contains(s.HiddenTexts, id) {
			public = append(public, Masked(t.Body))
		}
	}
	for _, m := range s.Messages {
		if m.Verdict == "accepted" {
			add(m.Text)
		}
	}
	for _, a := range s.Answers {
		if a.Verdict == "passed" {
			add(a.Text)
		}
	}
	return public
}

// FirstPhoto is the key of the first photo that everyone may see; 0: none.
func (s State) FirstPhoto() int64 {
	for _, m := range s.Messages {
		if m.Verdict != "accepted" {
			continue
		}
		for _, p := range m.Photos {
			if !slices.Contains(s.HiddenPhotos, p) {
				return p
			}
		}
	}
	return 0
}

// Masked is a text without telephones, flats, names and other personal data:
// what everyone may read, whoever wrote it. Masking what is masked changes
// nothing.
func Masked(body string) string { return reading.Mask(body) }

// JoinersIn lists the accounts that joined a problem, for notices.
func (s *Service) JoinersIn(tx *sqldb.Tx, city, problem int64) ([]int64, error) {
	return joiners(tx, city, problem)
}

// ContactIn is how the author wants to be reached, for notices.
func (s *Service) ContactIn(tx *sqldb.Tx, city, problem int64) (Contact, error) {
	return contact(tx, city, problem)
}
