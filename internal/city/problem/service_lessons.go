package problem

import (
	"encoding/json"
	"fmt"

	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// Lesson is what a message teaches the suggestion: what was known when it was
// sent, and which topic it has now.
type Lesson struct {
	Problem      int64
	Topic        topic.ID
	Text         string // of the first message
	Created      Moment
	Author       int64 // person; 0: sent without an account
	Point        geo.Point
	District     place.AreaID
	Municipality place.AreaID
	// Changes are the topics that staff put, oldest first.
	Changes []TopicChange
}

// TopicChange is a change of a problem's topic by staff.
type TopicChange struct {
	At       Moment
	From, To topic.ID
}

// DecidedIn lists accepted problems with keys below before (0: from the
// newest), newest first, for learning; erased ones are left out.
func (s *Service) DecidedIn(tx *sqldb.Tx, city, before int64, limit int) ([]Lesson, error) {
	list, err := decided(tx, city, before, limit)
	if err != nil {
		return nil, err
	}
	return list, fillChanges(tx, city, list)
}

// SentIn lists problems with keys above after, oldest first, decided or not yet,
// for remembering; refused, withdrawn and erased ones are left out.
func (s *Service) SentIn(tx *sqldb.Tx, city, after int64, limit int) ([]Lesson, error) {
	list, err := sent(tx, city, after, limit)
	if err != nil {
		return nil, err
	}
	return list, fillChanges(tx, city, list)
}

// SentBeforeIn is the key after which the n newest problems come; 0: there are
// not so many.
func (s *Service) SentBeforeIn(tx *sqldb.Tx, city int64, n int) (int64, error) {
	return keyBefore(tx, city, n)
}

// fillChanges says of each lesson how its topic was changed.
func fillChanges(tx *sqldb.Tx, city int64, list []Lesson) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[int64]int, len(list))
	keys := make([]int64, len(list))
	for i, l := range list {
		at[l.Problem], keys[i] = i, l.Problem
	}
	rows, err := topicChanges(tx, city, keys)
	if err != nil {
		return err
	}
	for _, r := range rows {
		var d TopicChanged
		if err := json.Unmarshal([]byte(r.data), &d); err != nil {
			return fmt.Errorf("read change of problem %d: %w", r.problem, err)
		}
		l := &list[at[r.problem]]
		l.Changes = append(l.Changes, TopicChange{At: r.at, From: d.From.ID, To: d.To.ID})
	}
	return nil
}
