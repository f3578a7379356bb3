package suggest

import "context"

const (
	// netLeast is of how many examples a net is made: it needs more than a
	// linear model before it says anything.
	netLeast = 1000
	// netPasses go over an archive; a pack is shorter and gone over more often.
	netPasses, netMostPasses = 5, 12
	netReads                 = 70_000
	// In the passes in which the judging examples join, the net goes once more
	// at a part of the rate.
	netLastPasses = 2
	netLastRate   = 0.5
	// netEffort is what a pass of the net costs, in passes of the linear part.
	netEffort = 4
)

// netRun is the training of a net beside that of the linear part; nil where
// there are too few examples.
type netRun struct {
	*netTrainer
	train, all int // lessons
	passes     int
}

func (t *trainer) netOf(examples, judge []Example) *netRun {
	if len(examples) < netLeast {
		return nil
	}
	knobs := netKnobsOf(len(examples) + len(judge))
	if t.options.netKnobs != (netKnobs{}) {
		knobs = t.options.netKnobs
	}
	passes := min(netMostPasses, max(netPasses, netReads/len(examples)), t.options.Passes)
	return &netRun{
		netTrainer: newNetTrainer(t.options, knobs, t.topics, examples, judge),
		train:      len(examples), all: len(examples) + len(judge), passes: passes,
	}
}

// made is the net as it is now; nil where there is none.
func (n *netRun) made() *net {
	if n == nil {
		return nil
	}
	return n.netTrainer.net()
}

// runAll trains both parts: on the training examples, or once more (last) with
// those that judged.
func (t *trainer) runAll(ctx context.Context, n *netRun, last bool) error {
	list, passes, rate, before := t.train, t.options.Passes, float32(1), 0
	if last {
		list, passes, rate, before = append(t.train, t.judge...), lastPasses, lastRate, t.options.Passes
	}
	if err := t.run(ctx, list, passes, rate, before); err != nil || n == nil {
		return err
	}
	texts, turns, rate := n.train, n.passes, float32(1)
	if last {
		texts, turns, rate = n.all, netLastPasses, netLastRate
	}
	done := t.effort
	return n.run(ctx, texts, turns, rate, func(share float64) {
		t.effort = done + share*float64(turns*netEffort)
		t.tell()
	})
}

// efforts is what the whole training costs, in passes of the linear part.
func (t *trainer) efforts(n *netRun) float64 {
	all := t.options.Passes
	if n != nil {
		all += n.passes * netEffort
	}
	if !t.options.Apart && len(t.judge) > 0 {
		all += lastPasses
		if n != nil {
			all += netLastPasses * netEffort
		}
	}
	return float64(all)
}
