package deadline

import (
	"slices"
	"time"
)

// OnDayOff says what becomes of a term in calendar days whose last day is off.
type OnDayOff string

const (
	AsIs            OnDayOff = ""         // it stays: an answer can be read on a Sunday
	NextWorking     OnDayOff = "next"     // it moves on to the next working day
	PreviousWorking OnDayOff = "previous" // it moves back to the working day before
)

// Receipt is a city's rule for what arrives when nobody is at work. The zero
// Receipt counts everything on the day on which it came.
type Receipt struct {
	// NextWorkingDay counts what came on a day off or after hours as received
	// on the next working day.
	NextWorkingDay bool
	// Closes is when the working day ends, since midnight; zero when hours do
	// not matter.
	Closes time.Duration
	// ShortenedBy is how much earlier a shortened day ends.
	ShortenedBy time.Duration
}

// Rules are how a city counts time.
type Rules struct {
	Zone     *time.Location // whose clocks end a day; never nil
	Calendar *Calendar      // nil when none is loaded: working days are unknown then
	Receipt  Receipt
	OnDayOff OnDayOff
}

// Leg is one stretch of a plan. A plan is a list of legs, each beginning where
// the one before it is due.
type Leg struct {
	Stage Stage `json:"stage"`
	Term  Term  `json:"term"`
	// Extension makes the leg a continuation of the one before it: it counts
	// from the day on which that one would have ended, wherever days off had
	// moved its due date.
	Extension bool `json:"extension,omitempty"`
}

// Extend is the plan with more time for a stage: an extension after the last leg
// of that stage. The plan given is not touched; one without the stage is
// returned as it was.
func Extend(plan []Leg, stage Stage, by Term) []Leg {
	for i := len(plan) - 1; i >= 0; i-- {
		if plan[i].Stage == stage {
			return slices.Insert(slices.Clone(plan), i+1, Leg{Stage: stage, Term: by, Extension: true})
		}
	}
	return slices.Clone(plan)
}

// Pause is the time in which a question to the author was open.
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"` // zero while it is open
}

// Reason says why a date is unknown.
type Reason string

const (
	NoYear  Reason = "no_year"  // the calendar of Unknown.Year is not loaded
	NoTerm  Reason = "no_term"  // no rule gives this stage a term
	BadTerm Reason = "bad_term" // the term cannot be counted; Term.Check says why
	Paused  Reason = "paused"   // a question to the author is open
)

// Unknown says what a date lacks; it is known when Reason is empty.
type Unknown struct {
	Reason Reason `json:"reason"`
	Year   int    `json:"year,omitempty"`  // for NoYear
	Stage  Stage  `json:"stage,omitempty"` // where the counting stopped
}

// Skipped is a day that did not count, and why.
type Skipped struct {
	Date Date `json:"date"`
	Why  Why  `json:"why"`
}

// Step explains one leg of a promise.
type Step struct {
	Stage     Stage     `json:"stage,omitempty"`
	Term      Term      `json:"term"`
	Extension bool      `json:"extension,omitempty"`
	Start     time.Time `json:"start"`    // when the leg begins
	Received  Date      `json:"received"` // the day of Start in the city
	From      Date      `json:"from"`     // the day it counts as; counting starts the day after
	Nominal   Date      `json:"nominal"`  // the last day counted
	To        Date      `json:"to"`       // the day it is due; Nominal unless that was a day off (OnDayOff)
	Due       time.Time `json:"due"`
	// Skipped lists, ascending, the days that did not count: those between
	// Received and From, then those off or paused up to Nominal, then those
	// between Nominal and To. Terms in hours and minutes skip none.
	Skipped []Skipped `json:"skipped,omitempty"`
}

// Promise is a due date with everything that led to it.
type Promise struct {
	Due             time.Time `json:"due,omitzero"` // zero when unknown
	Steps           []Step    `json:"steps"`        // as far as they could be computed
	CalendarVersion string    `json:"calendar_version"`
	Unknown         Unknown   `json:"unknown,omitzero"`
}

// Known tells whether there is a due date.
func (p Promise) Known() bool { return p.Unknown.Reason == "" }

// Due is when a single term that begins with an event is due.
func (r Rules) Due(event time.Time, term Term, pauses ...Pause) Promise {
	return r.Promise(event, []Leg{{Term: term}}, pauses...)
}

// Promise computes a plan that begins with an event: at sending all stages, at
// acceptance those that are left. Pauses may come in any order and overlap;
// each holds up the leg that was running. What is not known is never guessed:
// the promise is Unknown then, with the steps up to there.
func (r Rules) Promise(event time.Time, plan []Leg, pauses ...Pause) Promise {
	p := Promise{CalendarVersion: r.Calendar.Version()}
	if len(plan) == 0 {
		p.Unknown = Unknown{Reason: NoTerm}
		return p
	}
	stops := r.stops(pauses)
	p.Steps = make([]Step, 0, len(plan))
	from := origin{at: event, day: DateOf(event, r.Zone), event: true}
	for _, leg := range plan {
		if leg.Extension && len(p.Steps) > 0 {
			from.day = p.Steps[len(p.Steps)-1].Nominal
		}
		step, unknown := r.settle(leg, from, stops)
		if unknown.Reason != "" {
			unknown.Stage = leg.Stage
			p.Unknown = unknown
			return p
		}
		p.Steps = append(p.Steps, step)
		from = origin{at: step.Due, day: step.To}
	}
	p.Due = from.at
	return p
}

// origin is where a leg begins. Only a real event is subject to the rule of
// receipt; the computed end of an earlier leg is not.
type origin struct {
	at    time.Time
	day   Date
	event bool
}

// settle computes a leg, taking in one pause after the other as long as it began
// before the due date: a question asked too late moves nothing.
func (r Rules) settle(leg Leg, from origin, stops []stop) (Step, Unknown) {
	for k := 0; ; k++ {
		step, unknown := r.step(leg, from, stops[:k])
		if unknown.Reason != "" {
			return Step{}, unknown
		}
		if k == len(stops) || stops[k].from.After(step.Due) {
			return step, Unknown{}
		}
		if stops[k].holds(leg.Term) {
			return Step{}, stops[k].unknown
		}
	}
}

func (r Rules) step(leg Leg, from origin, stops []stop) (Step, Unknown) {
	s := Step{Stage: leg.Stage, Term: leg.Term, Extension: leg.Extension, Start: from.at, Received: from.day, From: from.day}
	if leg.Term.IsZero() {
		return s, Unknown{Reason: NoTerm}
	}
	if leg.Term.Check() != nil {
		return s, Unknown{Reason: BadTerm}
	}
	if leg.Term.continuous() {
		s.Due = lapse(from.at, leg.Term.duration(), stops)
		s.To = DateOf(s.Due, r.Zone)
		s.Nominal = s.To
		return s, Unknown{}
	}
	var unknown Unknown
	if from.event {
		s.From, s.Skipped, unknown = r.receive(from.at)
	}
	if unknown.Reason == "" {
		unknown = r.count(&s, stops)
	}
	s.To = s.Nominal
	if unknown.Reason == "" && leg.Term.Unit == CalendarDays {
		unknown = r.land(&s, stops)
	}
	if unknown.Reason == "" {
		s.Due = s.To.End(r.Zone)
	}
	return s, unknown
}

// count walks from the day after From until the term is used up.
func (r Rules) count(s *Step, stops []stop) Unknown {
	d, left := s.From, s.Term.Amount
	if left == 0 && stopped(d, stops) {
		left = 1 // the only day there was has been given back
	}
	for left > 0 {
		d = d.AddDays(1)
		if s.Term.Unit == WorkingDays {
			working, known := r.Calendar.Working(d)
			if !known {
				return Unknown{Reason: NoYear, Year: d.Year()}
			}
			if !working {
				s.Skipped = append(s.Skipped, Skipped{d, r.Calendar.Explain(d)})
				continue
			}
		}
		if stopped(d, stops) {
			s.Skipped = append(s.Skipped, Skipped{d, Why{Kind: InPause}})
			continue
		}
		left--
	}
	s.Nominal = d
	return Unknown{}
}

// land moves a due date in calendar days off a day off, as the city decided.
// Moving back ends at the day the term began and at any day that a pause gave
// back: nobody can be asked to have answered by then, so it moves on instead.
func (r Rules) land(s *Step, stops []stop) Unknown {
	if r.OnDayOff == AsIs {
		return Unknown{}
	}
	working, known := r.Calendar.Working(s.Nominal)
	if !known {
		return Unknown{Reason: NoYear, Year: s.Nominal.Year()}
	}
	if working {
		return Unknown{}
	}
	if r.OnDayOff == PreviousWorking {
		for d := s.Nominal.AddDays(-1); d.After(s.From) && !stopped(d, stops); d = d.AddDays(-1) {
			working, known := r.Calendar.Working(d)
			if !known {
				return Unknown{Reason: NoYear, Year: d.Year()}
			}
			if working {
				s.To = d
				r.skip(s, d.AddDays(1), s.Nominal)
				return Unknown{}
			}
		}
	}
	return r.landNext(s, stops)
}

func (r Rules) landNext(s *Step, stops []stop) Unknown {
	for d := s.Nominal; ; d = d.AddDays(1) {
		working, known := r.Calendar.Working(d)
		switch {
		case !known:
			return Unknown{Reason: NoYear, Year: d.Year()}
		case !working:
			r.skip(s, d, d)
		case stopped(d, stops):
			s.Skipped = append(s.Skipped, Skipped{d, Why{Kind: InPause}})
		default:
			s.To = d
			return Unknown{}
		}
	}
}

// skip notes days off, first and last included.
func (r Rules) skip(s *Step, first, last Date) {
	for d := first; !d.After(last); d = d.AddDays(1) {
		s.Skipped = append(s.Skipped, Skipped{d, r.Calendar.Explain(d)})
	}
}

// receive says which day an event counts as, with the days passed over.
func (r Rules) receive(at time.Time) (Date, []Skipped, Unknown) {
	day := DateOf(at, r.Zone)
	if !r.Receipt.NextWorkingDay {
		return day, nil, Unknown{}
	}
	var skipped []Skipped
	for d := day; ; d = d.AddDays(1) {
		working, known := r.Calendar.Working(d)
		if !known {
			return Date{}, nil, Unknown{Reason: NoYear, Year: d.Year()}
		}
		why := r.Calendar.Explain(d)
		if working {
			if d != day || !r.afterHours(at, day) {
				return d, skipped, Unknown{}
			}
			why = Why{Kind: AfterHours}
		}
		skipped = append(skipped, Skipped{d, why})
	}
}

// afterHours tells whether the working day was over by an instant; at the very
// minute of closing it is.
func (r Rules) afterHours(at time.Time, day Date) bool {
	closes := r.Receipt.Closes
	if closes == 0 {
		return false
	}
	if shortened, _ := r.Calendar.Shortened(day); shortened {
		closes -= r.Receipt.ShortenedBy
	}
	hour, minute, second := at.In(r.Zone).Clock()
	clock := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	return clock >= closes
}
