package deadline

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/platform/fault"
)

// Unit is what a term is counted in; its text is what packs and tables say.
type Unit string

// The units.
const (
	WorkingDays  Unit = "wd"  // skip what the calendar marks as off
	CalendarDays Unit = "cd"  // every day counts
	Hours        Unit = "h"   // continuous, day and night
	Minutes      Unit = "min" // continuous; emergency terms are as short as half an hour
)

// Term is how long something may take. The zero Term is no term: nobody has
// decided one.
type Term struct {
	Amount int  `json:"amount"`
	Unit   Unit `json:"unit"`
}

// MaxAmount is the longest term that is believed, in any unit: a slip of the
// keyboard must not promise an answer to grandchildren.
const MaxAmount = 10_000

// IsZero tells whether no term was decided.
func (t Term) IsZero() bool { return t == Term{} }

// String writes a term as packs do: 10 wd.
func (t Term) String() string { return strconv.Itoa(t.Amount) + " " + string(t.Unit) }

// Check refuses an unknown unit and an amount below zero or above MaxAmount with
// an Invalid fault. Zero is a term: by the end of the same day.
func (t Term) Check() error {
	if t.Unit != WorkingDays && t.Unit != CalendarDays && !t.continuous() {
		return fault.Invalid.Field("unit", "deadline.term_unit", string(t.Unit))
	}
	if t.Amount < 0 || t.Amount > MaxAmount {
		return fault.Invalid.Field("amount", "deadline.term_amount", t.Amount, MaxAmount)
	}
	return nil
}

// ParseTerm reads what String writes.
func ParseTerm(s string) (Term, error) {
	amount, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(amount)
	if err != nil {
		return Term{}, fault.Invalid.Field("amount", "deadline.term", s)
	}
	t := Term{Amount: n, Unit: Unit(unit)}
	if err := t.Check(); err != nil {
		return Term{}, err
	}
	return t, nil
}

// continuous tells terms that run through nights from those that count days.
func (t Term) continuous() bool { return t.Unit == Hours || t.Unit == Minutes }

// duration is the length of a continuous term.
func (t Term) duration() time.Duration {
	if t.Unit == Minutes {
		return time.Duration(t.Amount) * time.Minute
	}
	return time.Duration(t.Amount) * time.Hour
}

// Stage is one part of the way of a message to its answer.
type Stage string

const (
	Moderation Stage = "moderation" // the message is checked
	Processing Stage = "processing" // the organisation does its work
	Review     Stage = "review"     // the answer is checked
)

// Stages lists the stages in the order in which a problem passes them.
func Stages() []Stage { return []Stage{Moderation, Processing, Review} }

// TopicKey is what a topic is known by when its term is looked up: its own id,
// and those of its category and object. In a Rule an empty field means any.
type TopicKey struct{ ID, Category, Object string }

// Rule gives a term to what matches all fields of Topic, from a day on.
type Rule struct {
	Topic TopicKey
	Stage Stage
	Term  Term
	From  Date // first day on which it holds; zero for always
}

// Terms is a city's table of terms. It never changes once made. The zero Terms
// is empty.
type Terms struct {
	rules map[termKey][]Rule // newest first
}

type termKey struct {
	topic TopicKey
	stage Stage
}

// NewTerms makes a table. A rule with a bad term or an unknown stage, and two
// rules for the same topic, stage and day, are Invalid faults, all at once;
// fields are named by the number of the rule, from 1.
func NewTerms(rules []Rule) (Terms, error) {
	var form fault.Form
	t := Terms{rules: make(map[termKey][]Rule, len(rules))}
	for i, rule := range rules {
		name := fmt.Sprintf("rule:%d", i+1)
		if !slices.Contains(Stages(), rule.Stage) {
			form.Add(name, "deadline.stage", string(rule.Stage))
		}
		if err := rule.Term.Check(); err != nil {
			refused := fault.Of(err)
			form.Add(name, refused.Phrase, refused.Args...)
		}
		key := termKey{rule.Topic, rule.Stage}
		same := func(r Rule) bool { return r.From == rule.From }
		if slices.ContainsFunc(t.rules[key], same) {
			form.Add(name, "deadline.term_twice", rule.Topic.ID, rule.Topic.Category, rule.Topic.Object, string(rule.Stage))
		}
		t.rules[key] = append(t.rules[key], rule)
	}
	for _, list := range t.rules {
		slices.SortFunc(list, func(a, b Rule) int { return cmp.Compare(b.From.n, a.From.n) })
	}
	return t, form.Err()
}

// Find looks up the term of a topic for a stage on a day. The most specific rule
// wins: the topic's own, then its category's, then its object's, then the one
// for any; among equals the one that came into force last. A specific rule wins
// over a general one that is newer. found is false when no rule covers it: a
// term is never made up.
func (t Terms) Find(topic TopicKey, stage Stage, on Date) (term Term, found bool) {
	const id, category, object = 4, 2, 1
	for mask := id | category | object; mask >= 0; mask-- {
		var key TopicKey
		if mask&id != 0 {
			key.ID = topic.ID
		}
		if mask&category != 0 {
			key.Category = topic.Category
		}
		if mask&object != 0 {
			key.Object = topic.Object
		}
		for _, rule := range t.rules[termKey{key, stage}] {
			if !rule.From.After(on) {
				return rule.Term, true
			}
		}
	}
	return Term{}, false
}

// Plan looks up the terms of several stages, in that order. A stage without a
// rule gets the zero Term, which makes the promise unknown and says so.
func (t Terms) Plan(topic TopicKey, on Date, stages ...Stage) []Leg {
	plan := make([]Leg, len(stages))
	for i, stage := range stages {
		term, _ := t.Find(topic, stage, on)
		plan[i] = Leg{Stage: stage, Term: term}
	}
	return plan
}
