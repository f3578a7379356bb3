package suggest

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "suggest", Files: files} }

// Lessons gives the messages of a city; package app makes it of package problem.
// Input.At is in the zone of the city, Input.Author the decimal key of the
// author's account.
type Lessons interface {
	// Decided lists up to limit decided problems with keys below before, the
	// newest first; before 0 means from the newest on. A problem is decided when
	// a moderator has accepted its first message; the topic is the one it has
	// now; erased texts are left out.
	Decided(tx *sqldb.Tx, city, before int64, limit int) ([]Message, error)
	// Sent lists up to limit problems with keys above after, the oldest first,
	// decided or not yet; refused and erased ones are left out.
	Sent(tx *sqldb.Tx, city, after int64, limit int) ([]Message, error)
	// SentBefore is the key after which the n newest problems come; 0: there are
	// not so many.
	SentBefore(tx *sqldb.Tx, city int64, n int) (int64, error)
}

// Service proposes topics and keeps the models of all cities.
type Service struct {
	DB *sqldb.DB
	// Lessons are the decided messages; nil: only packs teach.
	Lessons Lessons
	// Seed makes trainings repeatable.
	Seed uint64
	// Workers train; 0: all cores.
	Workers int
	// Tree gives the two upper levels over the topics of a city; nil: no questions
	// are asked, and nothing but texts is learned.
	Tree func(ctx context.Context, city int64) (Tree, error)

	cities *shelf
}

// New makes a service; the fields of Service say what each part is for.
func New(s Service) *Service {
	s.cities = &shelf{of: map[int64]*slot{}}
	return &s
}

// Advice is what the model of a city says of a text.
type Advice struct {
	Model int64 // its version, for the audit; 0: the city has none
	// Best are the three most probable topics, Shown those of them that a page
	// shows: one, two, three or none.
	Best  []Proposal
	Shown []Proposal
	// Ask is a question whose answer would help, beside what is shown; nil: none.
	Ask *Question
}

// Propose reads a text. A city without a model gets an empty advice: the
// resident picks the topic by hand, nothing stops.
func (s *Service) Propose(ctx context.Context, city int64, in Input) (Advice, error) {
	now, err := s.current(ctx, city)
	if err != nil || now.model == nil {
		return Advice{}, err
	}
	advice := now.past.Advise(in)
	advice.Model = now.version
	return advice, nil
}

// Explain gives the n things that spoke most for a topic.
func (s *Service) Explain(ctx context.Context, city int64, in Input, t topic.ID, n int) ([]Reason, error) {
	now, err := s.current(ctx, city)
	if err != nil || now.model == nil {
		return nil, err
	}
	return now.past.Explain(in, t, n), nil
}

// shelf holds the current model of each city.
type shelf struct {
	lock sync.Mutex
	of   map[int64]*slot
}

type slot struct {
	now   atomic.Pointer[current]
	asked atomic.Int64 // when the pointer was last read, microseconds
	lock  sync.Mutex   // who loads

	followed atomic.Bool // Follow looks at the pointer: readers need not
}

type current struct {
	version  int64
	model    *Model
	past     *Past // what it remembers
	outdated bool  // there is one that another version of this program wrote
	told     bool  // and a training was asked for
	filled   bool  // the past was read from the database
	read     int64 // when that was, or what came after it, in microseconds
	last     int64 // key of the newest message read
}

func (s *shelf) slot(city int64) *slot {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.of[city] == nil {
		s.of[city] = &slot{}
	}
	return s.of[city]
}

// askEvery is how soon another node's new model is noticed. Between, a
// suggestion touches no database.
const askEvery = 10 * time.Second

// current gives the model in hand and looks now and then whether the pointer
// has moved. Only the very first reader waits for a model; while a new one is
// loaded, or cannot be, the old one answers.
func (s *Service) current(ctx context.Context, city int64) (current, error) {
	at := s.cities.slot(city)
	held, now := at.now.Load(), s.DB.Now().UnixMicro()
	if held != nil && (at.followed.Load() || now-at.asked.Load() < askEvery.Microseconds()) {
		return *held, nil
	}
	if held == nil {
		at.lock.Lock()
	} else if !at.lock.TryLock() {
		return *held, nil
	}
	defer at.lock.Unlock()
	if again := at.now.Load(); again != nil && held == nil {
		return *again, nil
	}
	next, err := s.load(ctx, city, held)
	switch {
	case err == nil:
		at.now.Store(&next)
	case held == nil:
		return current{}, err
	default:
		next = *held
	}
	at.asked.Store(now)
	return next, nil
}

// forget makes the next reader look at the pointer.
func (s *Service) forget(city int64) { s.cities.slot(city).asked.Store(0) }

// load reads the current model of a city unless it is the one held.
func (s *Service) load(ctx context.Context, city int64, held *current) (current, error) {
	next := current{}
	var packed []byte
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if next.version, err = pointer(tx, city); err != nil || next.version == 0 {
			return err
		}
		if held != nil && held.version == next.version {
			return nil
		}
		packed, err = partsOf(tx, city, next.version)
		return err
	})
	if err != nil {
		return current{}, fmt.Errorf("read model of city %d: %w", city, err)
	}
	if next.version == 0 {
		return next, nil
	}
	if packed == nil {
		return *held, nil
	}
	if next.model, err = Decode(packed); outdated(err) {
		next.outdated = true // no model: whoever refreshes asks for a new one
		return next, nil
	}
	if err != nil {
		return current{}, fmt.Errorf("model %d of city %d: %w", next.version, city, err)
	}
	next.past = next.model.Past()
	return next, nil
}

func partsOf(tx *sqldb.Tx, city, version int64) ([]byte, error) {
	stored, err := modelOf(tx, city, version)
	if err != nil {
		return nil, err
	}
	parts := make([][]byte, 0, stored.parts)
	for part := range stored.parts {
		b, err := partOf(tx, city, version, part)
		if err != nil {
			return nil, fmt.Errorf("part %d of model %d: %w", part, version, err)
		}
		parts = append(parts, b)
	}
	return slices.Concat(parts...), nil
}

// Load writes rows of a version of a city's pack; rows with the same numbers
// are replaced. It does not train: see LearnPack.
func (s *Service) Load(tx *sqldb.Tx, city, version int64, rows ...Row) error {
	for _, r := range rows {
		if err := insertRow(tx, city, version, r); err != nil {
			return fmt.Errorf("write example %d: %w", r.Num, err)
		}
	}
	return nil
}

// Forget drops the rows of a version of a city's pack.
func (s *Service) Forget(tx *sqldb.Tx, city, version int64) error {
	if err := deleteRows(tx, city, version); err != nil {
		return fmt.Errorf("drop examples of version %d: %w", version, err)
	}
	return nil
}

// RecordIn keeps what was offered and chosen, in the transaction that sends
// the message. The first record of a problem stands.
func (s *Service) RecordIn(tx *sqldb.Tx, city, problem int64, a Audit) error {
	a.Offered = a.Offered[:min(shown, len(a.Offered))]
	if a.Offered == nil {
		a.Offered = []Proposal{}
	}
	if err := insertAudit(tx, city, problem, a); err != nil {
		return fmt.Errorf("record proposals for problem %d: %w", problem, err)
	}
	return nil
}

// EraseIn drops the record of a problem whose author is erased, and the problem
// out of the memory of earlier messages: out of this process's when the
// transaction is through, out of others' when they refresh.
func (s *Service) EraseIn(tx *sqldb.Tx, city, problem int64) error {
	if err := deleteAudit(tx, city, problem); err != nil {
		return fmt.Errorf("erase proposals for problem %d: %w", problem, err)
	}
	return s.noteIn(tx, city, news{problem: problem, topic: Nothing})
}

// AuditIn finds the record of a problem; found is false where there is none.
func (s *Service) AuditIn(tx *sqldb.Tx, city, problem int64) (a Audit, found bool, err error) {
	if a, found, err = auditOf(tx, city, problem); err != nil {
		return a, false, fmt.Errorf("read proposals for problem %d: %w", problem, err)
	}
	return a, found, nil
}

// Models lists the newest trainings of a city, promoted or not, newest first.
func (s *Service) Models(ctx context.Context, city int64, limit int) (list []Stored, current int64, err error) {
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		if list, err = models(tx, city, limit); err != nil {
			return err
		}
		current, err = pointer(tx, city)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("list models of city %d: %w", city, err)
	}
	return list, current, nil
}

// Use makes a model that is still kept the current one: the way back from a
// promotion. A model that is not there is Missing.
func (s *Service) Use(ctx context.Context, city, version int64) error {
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		stored, err := modelOf(tx, city, version)
		if errors.Is(err, sqldb.ErrNoRow) || err == nil && !stored.Kept {
			return fault.Missing.New("suggest.no_such_model", version)
		}
		if err != nil {
			return err
		}
		return point(tx, city, version)
	})
	if err != nil {
		return fmt.Errorf("use model %d: %w", version, err)
	}
	s.forget(city)
	return nil
}
