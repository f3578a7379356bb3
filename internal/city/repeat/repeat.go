package repeat

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// Query is a message as far as it is written. Without a place nothing is found.
type Query struct {
	Text     string
	Topic    topic.ID   // 0: not chosen yet
	Proposed []Proposed // counts while Topic is 0
	Point    geo.Point
	House    place.HouseID // 0: a point in the open
	Thing    string        // id of the object of the city that it is about, "": none
	// Inside says that the problem is the house's own (place.OnBuilding): only
	// what was reported at this house is looked at.
	Inside bool
	At     time.Time
	Days   int   // how long ago a problem may have been closed; 0: only open ones
	Except int64 // key of the problem that the message itself is; 0: none
	Limit  int   // at most so many; 0: 3
	// Hidden finds what residents may not see as well; for the staff.
	Hidden bool
	// Least is the lowest probability to tell of; 0: Perhaps.
	Least float64
}

// Likeness is an earlier problem that a message may repeat.
type Likeness struct {
	problem.Item
	Metres int
	P      float64  // that joining it serves the author, 0 to 1
	Closed bool     // it is closed, not long ago
	Same   []string // words that both messages have, as the new one writes them
}

// Sure tells whether the likeness is worth a question before sending.
func (l Likeness) Sure() bool { return l.P >= Sure }

// Reach is how far from a point in the open a problem may be repeated, in
// metres. Beyond it not one of 254 pairs read by eye was the same.
const Reach = 150

// mostRead is how many texts are compared: those that are likeliest without.
const mostRead = 40

// candidate is a problem near, before and after its text was read.
type candidate struct {
	problem.Trace
	side side
	p    float64
	same []string
}

// candidates are what is near enough, the likeliest first if no text is read.
func candidates(now side, near []problem.Trace) []candidate {
	crowd := map[topic.ID]int{}
	list := make([]candidate, 0, len(near))
	for _, t := range near {
		at := now.house != 0 && t.House == now.house
		if !at && now.point.Distance(t.Point) > Reach {
			continue
		}
		crowd[t.Topic]++
		list = append(list, candidate{Trace: t, side: side{topic: t.Topic, category: t.Branch, object: t.Object,
			point: t.Point, house: t.House, thing: t.CityObject, over: t.Answered != 0 || t.Closed != 0}})
	}
	for i := range list {
		list[i].side.crowd = crowd[list[i].Topic]
		list[i].p = without(now, list[i].side)
	}
	rank(list)
	return list[:min(len(list), mostRead)]
}

// rank puts the likeliest first, of equal ones the newest.
func rank(list []candidate) {
	slices.SortStableFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(b.Created, a.Created), cmp.Compare(b.ID, a.ID))
	})
}

// metres is how far two marks are apart, rounded.
func metres(a, b geo.Point) int { return int(math.Round(a.Distance(b))) }
