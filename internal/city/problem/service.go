package problem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// Service carries commands out: permission, facts, decision, feed, row, news,
// all in one transaction.
type Service struct {
	DB        *sqldb.DB
	Places    *place.Service
	Topics    *topic.Service
	Routes    *routing.Service
	Deadlines *deadline.Service
	Bus       *event.Bus // nil: nobody listens (replay)
	IDs       id.Source
	// FollowKey is a secret of at least 32 bytes that is not in the database:
	// follow links and codes are made with it. Another key makes the links of
	// before worthless to letters, not to who has them.
	FollowKey []byte
	// Photos takes the photos that a command names for the problem's own; nil
	// where a message has none (replay).
	Photos PhotoKeeper
	// Proposals keeps what the suggestion offered and what became of it, in the
	// transaction of the message; nil keeps nothing.
	Proposals ProposalKeeper

	numbers *numberBlock
}

// PhotoKeeper is what problem needs of package media.
type PhotoKeeper interface {
	// UseIn binds uploaded photos to a problem; a photo that is not there, or
	// that belongs to another problem, is a fault at the field "photos".
	UseIn(tx *sqldb.Tx, city, problem int64, photos []int64) error
	// EraseIn removes photos for good.
	EraseIn(tx *sqldb.Tx, city int64, photos []int64) error
}

// ProposalKeeper is what problem needs of package suggest, which is downstream.
type ProposalKeeper interface {
	// SentIn keeps what was offered to who sent a message, and what was taken.
	SentIn(tx *sqldb.Tx, city, problem int64, s Send) error
	// CorrectedIn notes the topic that staff put.
	CorrectedIn(tx *sqldb.Tx, city, problem int64, to topic.ID) error
	// AcceptedIn notes that a moderator accepted a message.
	AcceptedIn(tx *sqldb.Tx, city, problem int64) error
}

// Order is a command with the circumstances under which it is given.
type Order struct {
	Problem int64 // 0 for Send
	Command Command
	// Version is the Seq that the giver has seen; 0: whatever it is now.
	Version int64
	// With writes the caller's own rows that must be true together with the
	// command, such as a consent given with a message; nil for none. An error
	// undoes the command too. A retry that was done before does not call it.
	With func(tx *sqldb.Tx, problem int64) error
	// Key makes a retry harmless: the same key with the same command does
	// nothing again and gets the same outcome. "" for the city's own commands.
	Key string
}

// Receipt says what came of an order: the giver may keep it.
type Receipt struct {
	Problem int64  `json:"problem"`
	Number  int64  `json:"number"`
	UID     string `json:"uid"`
	Seq     int64  `json:"seq"`
	Status  Status `json:"status"`
	Due     Moment `json:"due,omitempty"`
	// Secret and Code open the problem for an author without an account; only
	// who repeats the order with its key gets them again.
	Secret string `json:"-"`
	Code   string `json:"-"`
	Again  bool   `json:"-"` // done before; this was a retry
}

// minKey is the shortest key of a retry: a UUID has 36 letters, our own
// secrets 32. A short key could be another person's.
const minKey = 22

// Do carries an order out.
func (s *Service) Do(ctx context.Context, who resident.Who, o Order) (Receipt, error) {
	if err := checkOrder(who, o); err != nil {
		return Receipt{}, err
	}
	number, err := s.number(ctx, who.City, o.Command)
	if err != nil {
		return Receipt{}, err
	}
	var out Receipt
	err = s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		out, err = s.doOnce(tx, who, o, number)
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	if _, first := o.Command.(Send); first && o.Key != "" && who.ID == 0 {
		out.Secret, out.Code = s.FollowSecret(out.UID)
	}
	return out, nil
}

func checkOrder(who resident.Who, o Order) error {
	if o.Command == nil {
		return fault.Invalid.New("problem.no_command")
	}
	if !who.System && len(o.Key) < minKey {
		return fault.Invalid.Field("key", "problem.key_missing")
	}
	return checkInput(o.Command, who)
}

// doOnce looks the key up and does the command only if it is new.
func (s *Service) doOnce(tx *sqldb.Tx, who resident.Who, o Order, number int64) (Receipt, error) {
	if o.Key == "" {
		return s.do(tx, who, o, number)
	}
	actor, sum := actorKey(who), s.sumOf(o)
	first, err := claimCommand(tx, who.City, actor, o.Key, sum)
	if err != nil {
		return Receipt{}, err
	}
	if !first {
		return again(tx, who.City, actor, o.Key, sum)
	}
	out, err := s.do(tx, who, o, number)
	if err != nil {
		return Receipt{}, err
	}
	packed, err := json.Marshal(out)
	if err != nil {
		return Receipt{}, fmt.Errorf("write outcome: %w", err)
	}
	return out, finishCommand(tx, who.City, actor, o.Key, string(packed))
}

// KeyTaken is the phrase of a Conflict: the key did another command before. Its
// argument is the public number of the problem that the first one was about.
const KeyTaken = "problem.key_of_another_command"

// again answers a retry with what the first try achieved.
func again(tx *sqldb.Tx, city int64, actor, key, sum string) (Receipt, error) {
	known, found, err := knownCommand(tx, city, actor, key)
	if err != nil {
		return Receipt{}, err
	}
	if !found {
		return Receipt{}, fault.Conflict.Field("key", "problem.key_missing")
	}
	var out Receipt
	if err := json.Unmarshal([]byte(known.outcome), &out); err != nil {
		return Receipt{}, fmt.Errorf("read outcome of %s: %w", key, err)
	}
	if known.sum != sum {
		return Receipt{}, fault.Conflict.New(KeyTaken, out.Number)
	}
	out.Again = true
	return out, nil
}

// do is the one path of every command.
func (s *Service) do(tx *sqldb.Tx, who resident.Who, o Order, number int64) (Receipt, error) {
	problem, state, fresh, err := s.begin(tx, who, o)
	if err != nil {
		return Receipt{}, err
	}
	part, err := permit(tx, who, state, problem, o.Command)
	if err != nil {
		return Receipt{}, err
	}
	f, err := s.facts(tx, who, state, part, o.Command)
	if err != nil {
		return Receipt{}, err
	}
	text, err := s.writeDown(tx, part, o.Command)
	if err != nil {
		return Receipt{}, err
	}
	f.Number, f.Text = number, text.ref()
	changes, err := decide(state, o.Command, f)
	if err != nil {
		return Receipt{}, err
	}
	before := state
	state, events := unfold(state, changes, f)
	if err := s.write(tx, who.City, problem, before, state, fresh, events); err != nil {
		return Receipt{}, err
	}
	if err := insertText(tx, who.City, problem, text); err != nil {
		return Receipt{}, fmt.Errorf("write text: %w", err)
	}
	if err := s.aftermath(tx, who, o, problem, before, state); err != nil {
		return Receipt{}, err
	}
	if o.With != nil {
		if err := o.With(tx, problem); err != nil {
			return Receipt{}, err
		}
	}
	return Receipt{Problem: problem, Number: state.Number, UID: state.UID, Seq: state.Seq, Status: state.Status, Due: state.Due()}, nil
}

// begin finds the problem, or makes the key of a new one.
func (s *Service) begin(tx *sqldb.Tx, who resident.Who, o Order) (problem int64, state State, fresh bool, err error) {
	if o.Problem == 0 {
		switch o.Command.(type) {
		case Send, ChangeTopic: // a topic may change before the first message
		default:
			return 0, State{}, false, fault.Missing.New("problem.missing")
		}
		problem, err = tx.NewID()
		return problem, State{Status: Draft}, true, err
	}
	state, err = load(tx, who.City, o.Problem)
	if err != nil {
		return 0, State{}, false, err
	}
	if o.Version != 0 && o.Version != state.Seq {
		return 0, State{}, false, fault.Conflict.New("problem.changed_meanwhile", string(state.Status))
	}
	return o.Problem, state, false, nil
}

// unfold turns decisions into events and applies them.
func unfold(state State, changes []Data, f Facts) (State, []Event) {
	events := make([]Event, 0, len(changes))
	for _, d := range changes {
		e := Event{Seq: state.Seq + 1, At: f.Now, By: f.By, Seen: seen(d), Data: d}
		state = apply(state, e)
		events = append(events, e)
	}
	return state, events
}

// write keeps feed and row together and tells the city.
func (s *Service) write(tx *sqldb.Tx, city, problem int64, before, state State, fresh bool, events []Event) error {
	var err error
	if fresh {
		err = insertProblem(tx, city, problem, state)
	} else {
		err = updateProblem(tx, city, problem, state, before.Seq)
	}
	if err != nil {
		return fmt.Errorf("write problem %d: %w", problem, err)
	}
	for _, e := range events {
		if err := insertEvent(tx, city, problem, e); err != nil {
			return fmt.Errorf("write event %d of problem %d: %w", e.Seq, problem, err)
		}
		news := event.Event{City: city, Kind: NewsPrefix + string(e.Data.kind()), Subject: problem, Seq: e.Seq}
		if err := s.Bus.Publish(tx, news); err != nil {
			return err
		}
	}
	return nil
}

// aftermath writes the rows beside the feed: contact, follow link, joiner,
// sender, photos; and erases them.
func (s *Service) aftermath(tx *sqldb.Tx, who resident.Who, o Order, problem int64, before, state State) error {
	switch c := o.Command.(type) {
	case Send:
		return s.afterSend(tx, who, o, c, problem, state.UID)
	case Dispute:
		if err := s.usePhotos(tx, who.City, problem, c.Photos); err != nil {
			return err
		}
		return countSender(tx, who, c.Sender)
	case Reply:
		return s.usePhotos(tx, who.City, problem, c.Photos)
	case Give:
		return s.usePhotos(tx, who.City, problem, c.Photos)
	case ConfirmOnSpot:
		return s.usePhotos(tx, who.City, problem, c.Photos)
	case GiveContact:
		return s.keepContact(tx, who.City, problem, state, c.Contact)
	case ForgetContact:
		return s.forgetContact(tx, who.City, problem, state)
	case Join:
		added, err := addJoined(tx, who.City, problem, c.Key, who.ID)
		if err == nil && !added {
			return fault.Conflict.New("problem.joined_already")
		}
		return err
	case Leave:
		removed, err := removeJoined(tx, who.City, problem, c.Key)
		if err == nil && !removed {
			return fault.Missing.New("problem.not_joined")
		}
		return err
	case Erase:
		return s.erase(tx, who.City, problem, before)
	case ChangeTopic:
		if s.Proposals != nil && before.Status != Draft {
			return s.Proposals.CorrectedIn(tx, who.City, problem, c.To)
		}
	case Accept:
		if s.Proposals != nil {
			return s.Proposals.AcceptedIn(tx, who.City, problem)
		}
	}
	return nil
}

func (s *Service) afterSend(tx *sqldb.Tx, who resident.Who, o Order, c Send, problem int64, uid string) error {
	if err := insertContact(tx, who.City, problem, c.Contact); err != nil {
		return fmt.Errorf("write contact: %w", err)
	}
	if who.ID == 0 && o.Key != "" {
		secret, code := s.FollowSecret(uid)
		if err := insertFollow(tx, who.City, problem, secret, code); err != nil {
			return fmt.Errorf("write follow link: %w", err)
		}
	}
	if err := s.usePhotos(tx, who.City, problem, c.Photos); err != nil {
		return err
	}
	if s.Proposals != nil && !who.System {
		if err := s.Proposals.SentIn(tx, who.City, problem, c); err != nil {
			return fmt.Errorf("keep proposals: %w", err)
		}
	}
	return countSender(tx, who, c.Sender)
}

// forgetContact drops what was kept by consent. What the topic's own form asked
// for is a part of the message and stays with it until that is erased.
func (s *Service) forgetContact(tx *sqldb.Tx, city, problem int64, state State) error {
	kept, err := contact(tx, city, problem)
	if err != nil {
		return fmt.Errorf("read contact: %w", err)
	}
	t, err := s.Topics.AtIn(tx, city, state.Topic)
	if err != nil {
		return err
	}
	if len(t.OwnFields()) == 0 || len(kept.Answers) == 0 {
		return deleteContact(tx, city, problem)
	}
	kept = kept.asked(t)
	kept.Phone = ""
	return insertContact(tx, city, problem, kept)
}

// keepContact puts phone, e-mail and language in the place of the ones before.
// What the topic asked for stays, also the phone where no other one is given.
func (s *Service) keepContact(tx *sqldb.Tx, city, problem int64, state State, given Contact) error {
	given, err := given.parsed()
	if err != nil {
		return err
	}
	kept, err := contact(tx, city, problem)
	if err != nil {
		return fmt.Errorf("read contact: %w", err)
	}
	t, err := s.Topics.AtIn(tx, city, state.Topic)
	if err != nil {
		return err
	}
	kept.Email, kept.Language = given.Email, given.Language
	if given.Phone != "" || !t.Asks("phone") {
		kept.Phone = given.Phone
	}
	if err := insertContact(tx, city, problem, kept); err != nil {
		return fmt.Errorf("write contact: %w", err)
	}
	return nil
}

func (s *Service) usePhotos(tx *sqldb.Tx, city, problem int64, photos []int64) error {
	if len(photos) == 0 || s.Photos == nil {
		return nil
	}
	return s.Photos.UseIn(tx, city, problem, photos)
}

func (s *Service) erase(tx *sqldb.Tx, city, problem int64, state State) error {
	if err := eraseTexts(tx, city, problem); err != nil {
		return fmt.Errorf("erase texts of problem %d: %w", problem, err)
	}
	var photos []int64
	for _, m := range append(state.Messages, state.Replies...) {
		photos = append(photos, m.Photos...)
	}
	if s.Photos == nil || len(photos) == 0 {
		return nil
	}
	return s.Photos.EraseIn(tx, city, photos)
}

// numberBlock are public numbers reserved by this process.
type numberBlock struct {
	lock chan struct{}
	next map[int64][2]int64
}

// numberBlockSize bounds the gap that a restart leaves.
const numberBlockSize = 20

// number takes the next public number for a first message. It is reserved
// before the transaction: a number is never waited for, gaps are allowed.
func (s *Service) number(ctx context.Context, city int64, c Command) (int64, error) {
	send, ok := c.(Send)
	if !ok || send.Number != 0 {
		return send.Number, nil
	}
	select {
	case s.numbers.lock <- struct{}{}:
		defer func() { <-s.numbers.lock }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	block := s.numbers.next[city]
	if block[0] == block[1] {
		from, err := s.DB.Reserve(ctx, fmt.Sprintf("problem_number_%d", city), numberBlockSize)
		if err != nil {
			return 0, fmt.Errorf("reserve public numbers: %w", err)
		}
		block = [2]int64{from, from + numberBlockSize}
	}
	s.numbers.next[city] = [2]int64{block[0] + 1, block[1]}
	return block[0], nil
}

// New makes a service; the fields of Service say what each part is for.
func New(s Service) *Service {
	s.numbers = &numberBlock{lock: make(chan struct{}, 1), next: map[int64][2]int64{}}
	return &s
}

// isMissing tells a fault of kind Missing.
func isMissing(err error) bool { return errors.Is(err, fault.Missing) }

// Under is the same service over another view of the database, with another
// clock: replay and the demo give each history its own.
func (s *Service) Under(db *sqldb.DB) *Service {
	return &Service{DB: db, Places: s.Places, Topics: s.Topics, Routes: s.Routes, Deadlines: s.Deadlines,
		Bus: s.Bus, IDs: s.IDs, Photos: s.Photos, FollowKey: s.FollowKey, Proposals: s.Proposals, numbers: s.numbers}
}

// VerbOf names a command, for reports.
func VerbOf(c Command) string { return string(c.verb()) }

// Quiet is the same service, but nobody is told what happens: for worlds that
// are made at once.
func (s *Service) Quiet() *Service {
	quiet := s.Under(s.DB)
	quiet.Bus = nil
	return quiet
}
