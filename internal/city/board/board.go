package board

import (
	"time"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// Line is a problem in a list.
type Line struct {
	Problem  int64
	Number   int64
	Status   problem.Status
	Topic    topic.ID
	District string
	Address  string
	Point    geo.Point
	Created  time.Time
	Due      time.Time // what was promised; zero: unknown
	Joined   int
	Disputed bool
	Photo    int64 // key of the first photo; 0: none
	Excerpt  string
	Late     bool // open, and its promise has passed (deadline.Passed)
}

// Overdue tells by how many whole days a late problem is past its promise; 0
// where it is not late.
func (l Line) Overdue(now time.Time) int {
	if !l.Late {
		return 0
	}
	return int(max(now.Sub(l.Due), 0)/(24*time.Hour)) + 1
}

// Filter narrows lists and the map; zero fields narrow nothing.
type Filter struct {
	Text     string
	Object   topic.ID
	Category topic.ID
	Topic    topic.ID
	District string
	// Municipality is the area below the district.
	Municipality string
	House        int64
	Standing     Standing
	// Late leaves only what is open and past its promise (deadline.Passed).
	Late     bool
	From, To time.Time // when the message was sent; To is excluded
	Box      *geo.Box
	// After is where the page before ended (keyset, newest first).
	After Cursor
	Limit int // 20 when zero, at most 100
}

// Cursor is a place in a list.
type Cursor struct {
	Created int64
	Problem int64
}

// Zero tells whether this is the beginning.
func (c Cursor) Zero() bool { return c.Problem == 0 }

// Page is a part of a list.
type Page struct {
	Lines []Line
	Next  Cursor // zero on the last page
	// Until tells how far back a filter of several conditions was looked
	// through where that ended the page before it was full; zero: no end was
	// put. Next goes on from there.
	Until time.Time
	Total int  // how many fit, as far as it was counted: only of the first page
	Exact bool // Total is all of them
}

// Figures are the counts of one group (all, a topic, a district) in a period.
type Figures struct {
	Received   int
	Answered   int
	OnTime     int // of those promised: answered no later than that
	Promised   int // answered ones that had a promise, and those past it that wait for their first answer
	Confirmed  int
	Controlled int
	Silent     int
	Disputed   int
	Rejected   int
	OverdueNow int
	Median     int // days to the answer; -1: none answered
	Checked    int // median hours to the moderator's decision; -1: none

	took    map[int]int
	checked map[int]int
}

// OnTimeShare is the percentage of promises kept; -1 when there were none.
func (f Figures) OnTimeShare() int { return share(f.OnTime, f.Promised) }

// DisputedShare is the percentage of answered problems that were disputed; -1
// when none was answered.
func (f Figures) DisputedShare() int { return share(f.Disputed, f.Answered) }

func share(part, whole int) int {
	if whole == 0 {
		return -1
	}
	return (part*100 + whole/2) / whole
}

// Statistics are the figures of a period, whole and by group.
type Statistics struct {
	From, To   time.Time // first day, and the day after the last
	Made       time.Time
	All        Figures
	ByTopic    map[topic.ID]Figures
	ByDistrict map[string]Figures
}

// median of counted values; -1 when there are none. With an even number it is
// the lower of the two in the middle, so that it is a value that occurred.
func median(counts map[int]int) int {
	total := 0
	highest := 0
	for v, n := range counts {
		total += n
		highest = max(highest, v)
	}
	if total == 0 {
		return -1
	}
	seen := 0
	for v := range highest + 1 {
		seen += counts[v]
		if seen*2 >= total {
			return v
		}
	}
	return highest
}

// fact is the flat row of a problem.
type fact struct {
	problem  int64
	state    problem.State
	passed   problem.Moment // the promise that package problem told to have passed; 0: none
	day      int64          // of creation, in the city's zone, days since 1970
	answered int64          // day of the first final answer that passed; 0: none
	took     int64          // days; -1: none
	onTime   int64          // 1, 0; -1: no promise or no answer
	checked  int64          // hours to the first verdict of a moderator; -1: none
	ending   string
	photo    int64
	excerpt  string
	stems    string // "": nothing that everyone may read
}

// dayOf numbers the days of a zone since 1970.
func dayOf(t time.Time, zone *time.Location) int64 {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// judge fills in what statistics count.
func judge(f *fact, zone *time.Location) {
	s := f.state
	f.day = dayOf(s.Created.Time(), zone)
	f.took, f.onTime, f.checked = -1, -1, -1
	f.ending = ending(s)
	for _, a := range s.Answers {
		if a.Interim || a.Passed == 0 {
			continue
		}
		f.answered = dayOf(a.Passed.Time(), zone)
		f.took = max(f.answered-f.day, 0)
		if s.Original != 0 {
			f.onTime = 0
			if a.Passed <= s.Original {
				f.onTime = 1
			}
		}
		break
	}
	if first := firstVerdict(s); first != 0 {
		f.checked = int64(first.Time().Sub(s.Created.Time()) / time.Hour)
	}
}

// firstVerdict is when a moderator first decided, as far as the state knows:
// exact for problems with one message.
func firstVerdict(s problem.State) problem.Moment {
	if len(s.Messages) != 1 {
		return 0
	}
	if s.Status == problem.Rejected {
		return s.Closed
	}
	return s.Accepted
}

func ending(s problem.State) string {
	switch s.Status {
	case problem.Confirmed, problem.Controlled, problem.Silent, problem.Rejected, problem.Withdrawn:
		return string(s.Status)
	}
	return ""
}
