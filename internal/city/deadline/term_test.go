package deadline_test

import (
	"errors"
	"testing"

	"gorod/internal/city/deadline"
	"gorod/internal/platform/fault"
)

func TestMostSpecificTermWins(t *testing.T) {
	t.Parallel()
	rule := func(id, category, object, from string, days int) deadline.Rule {
		r := deadline.Rule{Topic: deadline.TopicKey{ID: id, Category: category, Object: object}, Stage: deadline.Processing, Term: wd(days)}
		if from != "" {
			r.From = date(t, from)
		}
		return r
	}
	terms, err := deadline.NewTerms([]deadline.Rule{
		rule("", "", "", "2026-01-01", 30),
		rule("", "", "yard", "2020-01-01", 20),
		rule("", "litter", "", "2020-01-01", 10),
		rule("", "litter", "yard", "2026-03-01", 9),
		rule("17", "", "", "2020-01-01", 5),
		rule("17", "", "", "2026-06-01", 4),
		rule("18", "", "", "2026-06-01", 3),
		rule("19", "", "", "", 2),
	})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name                 string
		id, category, object string
		on                   string
		days                 int // 0 for none
	}{
		{"own term over a newer general one", "17", "litter", "yard", "2026-05-31", 5},
		{"own newer term from its first day", "17", "litter", "yard", "2026-06-01", 4},
		{"own term not yet in force", "18", "litter", "yard", "2026-05-31", 9},
		{"category of this object over category", "20", "litter", "yard", "2026-03-01", 9},
		{"category before the narrower rule", "20", "litter", "yard", "2026-02-28", 10},
		{"category in another object", "20", "litter", "street", "2026-05-01", 10},
		{"object", "20", "snow", "yard", "2026-05-01", 20},
		{"any", "20", "snow", "street", "2026-05-01", 30},
		{"any not yet in force", "20", "snow", "street", "2025-12-31", 0},
		{"own term without a beginning", "19", "", "", "1950-01-01", 2},
		{"topic that says nothing of itself", "", "", "", "2026-05-01", 30},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			topic := deadline.TopicKey{ID: tc.id, Category: tc.category, Object: tc.object}
			term, found := terms.Find(topic, deadline.Processing, date(t, tc.on))
			if found != (tc.days != 0) || found && term != wd(tc.days) {
				t.Errorf("found %t %s, want %d working days", found, term, tc.days)
			}
			if term, found := terms.Find(topic, deadline.Review, date(t, tc.on)); found {
				t.Errorf("another stage has %s", term)
			}
		})
	}
}

func TestPlanLeavesAStageWithoutARuleOpen(t *testing.T) {
	t.Parallel()
	terms, err := deadline.NewTerms([]deadline.Rule{
		{Stage: deadline.Moderation, Term: wd(1)}, {Stage: deadline.Review, Term: wd(2)},
	})
	if err != nil {
		t.Fatal(err)
	}
	plan := terms.Plan(deadline.TopicKey{ID: "1"}, date(t, "2026-04-01"), deadline.Stages()...)
	want(t, "plan", plan, []deadline.Leg{
		{Stage: deadline.Moderation, Term: wd(1)}, {Stage: deadline.Processing}, {Stage: deadline.Review, Term: wd(2)}})

	r := moscow(t)
	p := r.Promise(at(t, r.Zone, "2026-04-29 10:00"), plan)
	want(t, "unknown", p.Unknown, deadline.Unknown{Reason: deadline.NoTerm, Stage: deadline.Processing})
	want(t, "steps before", len(p.Steps), 1)
	want(t, "due", p.Due.IsZero(), true)
}

func TestBadTermsAreRefusedAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := deadline.NewTerms([]deadline.Rule{
		{Stage: deadline.Review, Term: wd(1)},
		{Stage: deadline.Review, Term: wd(2)},
		{Stage: "later", Term: wd(1)},
		{Stage: deadline.Moderation, Term: deadline.Term{Amount: 1, Unit: "weeks"}},
		{Stage: deadline.Processing, Term: wd(-1)},
		{Stage: deadline.Processing, Term: hours(10_001), From: date(t, "2026-01-01")},
	})
	if !errors.Is(err, fault.Invalid) {
		t.Fatalf("accepted: %v", err)
	}
	var got []string
	for _, f := range fault.Of(err).Fields {
		got = append(got, f.Name+" "+f.Phrase)
	}
	want(t, "complaints", got, []string{"rule:2 deadline.term_twice", "rule:3 deadline.stage", "rule:4 deadline.term_unit",
		"rule:5 deadline.term_amount", "rule:6 deadline.term_amount"})
}

func TestTermIsWrittenAndReadBack(t *testing.T) {
	t.Parallel()
	for _, term := range []deadline.Term{wd(10), cd(0), hours(2), {Amount: 30, Unit: deadline.Minutes}} {
		got, err := deadline.ParseTerm(term.String())
		if err != nil || got != term {
			t.Errorf("%s was read as %s, %v", term, got, err)
		}
	}
	for _, s := range []string{"", "10", "wd", "10 weeks", "-1 wd", "1.5 h", "10  wd", "99999999999999999999 wd"} {
		if term, err := deadline.ParseTerm(s); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q was read as %s, %v", s, term, err)
		}
	}
}

func FuzzParseTerm(f *testing.F) {
	for _, s := range []string{"10 wd", "30 cd", "2 h", "30 min", "+1 wd", "010 wd", " 1 h", "1 wd "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		term, err := deadline.ParseTerm(s)
		if err != nil {
			return
		}
		if again, err := deadline.ParseTerm(term.String()); err != nil || again != term || term.Check() != nil {
			t.Fatalf("%q is %s, and that is %s, %v", s, term, again, err)
		}
	})
}
