package suggest_test

import (
	"slices"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

func TestHowManyProposalsAreShown(t *testing.T) {
	t.Parallel()
	limits := suggest.Limits{Sure: 0.9, Lost: 0.3, Faint: 0.02}
	for name, tt := range map[string]struct {
		p     []float64
		shown int
	}{
		"sure":                    {[]float64{0.93, 0.05, 0.01}, 1},
		"just sure":               {[]float64{0.9, 0.05, 0.01}, 1},
		"not quite sure":          {[]float64{0.89, 0.05, 0.03}, 3},
		"a faint third":           {[]float64{0.6, 0.3, 0.01}, 2},
		"only one worth a look":   {[]float64{0.7, 0.01, 0.01}, 1},
		"lost":                    {[]float64{0.12, 0.1, 0.07}, 0},
		"just not lost":           {[]float64{0.15, 0.1, 0.08}, 3},
		"more than three are cut": {[]float64{0.3, 0.2, 0.2, 0.2}, 3},
		"nothing known":           {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var list []suggest.Proposal
			for i, p := range tt.p {
				list = append(list, suggest.Proposal{Topic: topic.ID(i + 1), P: p})
			}
			if got := suggest.Decide(list, limits); len(got) != tt.shown {
				t.Errorf("%d are shown, want %d", len(got), tt.shown)
			}
		})
	}
}

func TestWhereNothingFitsNothingIsShown(t *testing.T) {
	t.Parallel()
	limits := suggest.Limits{Sure: 0.9, Lost: 0.3, Faint: 0.02}
	if got := suggest.Decide([]suggest.Proposal{{Topic: suggest.Nothing, P: 0.6}, {Topic: lamp, P: 0.3}}, limits); len(got) != 0 {
		t.Errorf("shown %v", got)
	}
	got := suggest.Decide([]suggest.Proposal{{Topic: lamp, P: 0.6}, {Topic: suggest.Nothing, P: 0.3}, {Topic: hole, P: 0.05}}, limits)
	if len(got) != 2 || got[0].Topic != lamp || got[1].Topic != hole {
		t.Errorf("shown %v, want the lamp and the hole", got)
	}
}

func TestClosedAndOutOfSeasonAreOfferedAndMarked(t *testing.T) {
	t.Parallel()
	tree := map[topic.ID]topic.Topic{
		lamp: {Open: true},
		hole: {Open: false},
		snow: {Open: true, SeasonFrom: "10-16", SeasonTo: "04-15"},
	}
	find := func(id topic.ID) (topic.Topic, bool) { t, ok := tree[id]; return t, ok }
	list := []suggest.Proposal{{Topic: lamp, P: 0.4}, {Topic: hole, P: 0.3}, {Topic: 999, P: 0.1}, {Topic: snow, P: 0.1}}
	offers := suggest.Mark(list, find, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	var got []string
	for _, o := range offers {
		s := map[topic.ID]string{lamp: "lamp", hole: "hole", snow: "snow"}[o.Proposal.Topic]
		if o.Closed {
			s += " closed"
		}
		if o.OutSeason {
			s += " out of season"
		}
		got = append(got, s)
	}
	if exp := []string{"lamp", "hole closed", "snow out of season"}; !slices.Equal(got, exp) {
		t.Errorf("got %q, want %q", got, exp)
	}
}
