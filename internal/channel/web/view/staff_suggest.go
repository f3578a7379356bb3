package view

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// StaffSuggestPage is how well topics are proposed: what residents took, what
// staff corrected, what got worse, and the models that did it.
type StaffSuggestPage struct {
	Base
	Periods []StaffChoice // stretches of weeks, as links
	Topics  []StaffChoice // to narrow everything to one
	Weeks   int           // of the stretch that is shown
	Topic   string        // what it is narrowed to; empty: all
	Action  string
	Days    [2]time.Time // first and last day of the stretch

	Totals  SuggestFigures
	Right   *SuggestChart // how often the first was right, and any of the shown
	Taken   *SuggestChart // how often the first was taken
	ByWeek  []SuggestRow  // the newest first
	ByTopic []SuggestRow  // the most frequent first
	More    []SuggestRow  // further topics, folded
	Worse   []SuggestWorse
	Models  []SuggestModel

	// The tables for programs.
	WeekCSV, TopicCSV, WorseCSV, ModelCSV string
	Export                                *StaffCommand
	Errors                                FieldErrors
	Conflict                              *StaffConflict
}

// Template names the page's file.
func (StaffSuggestPage) Template() string { return "staff/suggest.html" }

// SuggestFigures are counts of messages; shares are in percent, -1 where there
// is too little to tell.
type SuggestFigures struct {
	Messages int
	Offered  int
	Saved    int // taps of the tree that were spared
	Asked    int
	Judged   int

	OfferedShare, First, Other, ByHand, Nothing         int // of Messages: Offered; of Offered: First to ByHand; of Messages: Nothing
	Corrected                                           int // of Messages
	CorrectedFirst, CorrectedOther, CorrectedByHand     int // of who took that
	CorrectedNothing                                    int
	RightFirst, RightAny                                int // of Judged
	CorrectedCount, FirstCount, OtherCount, ByHandCount int
	NothingCount                                        int
}

// SuggestRow is a line of a table: a topic or a week.
type SuggestRow struct {
	Name  string
	Note  string // where the topic stands in the tree; that a week is not over
	Href  string
	Marks []Stretch // what was taken, as a bar of stretches
	SuggestFigures
}

// Stretch is a part of a bar, in units of 1000. Tone is "first", "other",
// "hand" or "nothing".
type Stretch struct {
	At, Width int
	Tone      string
}

// Stretches puts counts beside each other on a bar.
func Stretches(first, other, hand, nothing int) []Stretch {
	all := first + other + hand + nothing
	if all == 0 {
		return nil
	}
	var list []Stretch
	sum := 0
	for _, part := range []struct {
		n    int
		tone string
	}{{first, "first"}, {other, "other"}, {hand, "hand"}, {nothing, "nothing"}} {
		from := sum * 1000 / all
		sum += part.n
		if to := sum * 1000 / all; to > from {
			list = append(list, Stretch{At: from, Width: to - from, Tone: part.tone})
		}
	}
	return list
}

// SuggestWorse is a topic whose proposals got worse beyond chance: shares in
// percent of so many messages, then and now.
type SuggestWorse struct {
	Name, Path    string
	Href          string
	Early, Late   int
	EarlyN, LateN int
	Least         int // at least so many points it fell, in 99 of 100 cases
}

// SuggestModel is one training. Shares are in percent with one digit.
type SuggestModel struct {
	Version  int64
	Made     time.Time
	Size     string // «6,1 МБ»; empty: not kept
	Examples int
	Lessons  int // decided messages among them
	Judged   int // messages that it was judged by
	First    string
	Three    string
	Error    string // of calibration
	// Rival is what the model of before did on the same messages; "" there was none.
	Rival   string
	State   string // "current", "kept", "refused", "swept"
	Use     *StaffCommand
	Confirm bool // its box was ticked
}

// SuggestChart is a line over weeks, drawn on the server. The numbers stand in
// the table below it, so that it may be silent.
type SuggestChart struct {
	Title string
	Lines []SuggestLine
	First string // what stands under the left end
	Last  string // and under the right
}

// SuggestLine is one line of a chart, with the interval of chance around it.
// Tone is "first" or "any".
type SuggestLine struct {
	Name  string
	Tone  string
	Now   string   // its newest value in words
	Lines []string // runs of points as «x,y x,y»: weeks without a value part them
	Bands []string
	Dots  [][2]string // weeks that stand alone
}

// SuggestPoint is a share with its interval, 0 to 1; Known false leaves a gap.
type SuggestPoint struct {
	Share, Low, High float64
	Known            bool
}

// Chart sizes: units of the drawing, not of the screen.
const (
	chartWidth  = 600.0
	chartHeight = 100.0
)

// DrawLine turns points, the oldest first, into a line of a chart.
func DrawLine(name, tone string, points []SuggestPoint) SuggestLine {
	l := SuggestLine{Name: name, Tone: tone}
	step := chartWidth / float64(max(1, len(points)-1))
	y := func(share float64) string { return coordinate(chartHeight * (1 - share)) }
	for from := 0; from < len(points); {
		if !points[from].Known {
			from++
			continue
		}
		to := from
		var line, back []string
		for ; to < len(points) && points[to].Known; to++ {
			x := coordinate(step * float64(to))
			line = append(line, x+","+y(points[to].Share))
			back = append(back, x+","+y(points[to].High))
		}
		for i := to - 1; i >= from; i-- {
			back = append(back, coordinate(step*float64(i))+","+y(points[i].Low))
		}
		if to-from == 1 {
			x, at, _ := strings.Cut(line[0], ",")
			l.Dots = append(l.Dots, [2]string{x, at})
		} else {
			l.Lines, l.Bands = append(l.Lines, strings.Join(line, " ")), append(l.Bands, strings.Join(back, " "))
		}
		from = to
	}
	return l
}

func coordinate(f float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", math.Round(f*10)/10), ".0")
}
