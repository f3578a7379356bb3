package suggest

import (
	"context"

	"gorod/internal/city/topic"
)

// Examples are rows as Train takes them, by what each kind counts. How often a
// city hears of a topic is no example of it: see priorOf.
func Examples(rows []Row) []Example {
	examples := make([]Example, 0, len(rows))
	for _, r := range rows {
		if r.Kind != Often {
			examples = append(examples, r.example())
		}
	}
	return examples
}

const (
	// often is how much more a common topic is expected than one of usual
	// frequency, and a rare one less, in natural logarithms. On February 2021, by
	// models that had seen no real message, 0.5, 1 and 1.5 make 59.8, 60.3 and 60.3 %
	// right first and 79.9, 81.1 and 80.8 % among three; without it 56.5 and 76.5 %.
	often = 1
	// lessonsKnow is how many decided messages know as much of frequencies as the
	// pack: with as many of them it counts half.
	lessonsKnow = 300
)

// priorOf is what rows tell of frequencies to a city with so many messages of
// its own.
func priorOf(rows []Row, lessons int) map[topic.ID]float64 {
	prior := map[topic.ID]float64{}
	by := often * lessonsKnow / float64(lessonsKnow+lessons)
	for _, r := range rows {
		switch {
		case r.Kind != Often:
		case topic.Frequency(r.Text) == topic.Common:
			prior[r.Topic] = by
		case topic.Frequency(r.Text) == topic.Rare:
			prior[r.Topic] = -by
		}
	}
	return prior
}

// parted are the sample messages of a pack, and the rest of its examples: names
// and synonyms are not what residents write, and cannot judge.
func parted(rows []Row) (samples, rest []Example) {
	for _, r := range rows {
		switch r.Kind {
		case Often:
		case Sample:
			samples = append(samples, r.example())
		default:
			rest = append(rest, r.example())
		}
	}
	return samples, rest
}

// TrainPack makes a model of what a pack teaches, for a city without an archive.
// It is judged by a tenth of the pack's sample messages: names and synonyms are
// not what residents write. Options and errors are those of Train; o.Judge stays
// empty.
func TrainPack(ctx context.Context, rows []Row, o Options) (*Model, Report, error) {
	samples, examples := parted(rows)
	samples, o.Judge = holdOut(samples, o.Seed)
	o.Prior = priorOf(rows, 0)
	m, report, err := Train(ctx, append(examples, samples...), o)
	if err == nil {
		m.doubt()
		report.Limits, report.Bytes = m.Limits(), len(m.Encode())
	}
	return m, report, err
}

// doubting is the curve of a model that only a pack has taught. Texts of a pack
// are clearer than what residents write: judged by its own texts such a model is
// too sure of itself, the more the surer it is (calibration error 0.14). This
// curve was fitted on February 2021, for the models of 7,406 and of 9,519 texts
// alike.
func doubting() curve {
	return curve{knots: []knot{{0, 0.63}, {0.35, 0.84}, {0.65, 0.96}, {0.85, 1.06}, {1, 1.3}}}
}

// doubtSure is from which probability on it shows a topic alone: hardly anything
// that it says is right 95 times in 100.
const doubtSure = 0.95

// doubt corrects a model that only a pack has taught and judged.
func (m *Model) doubt() {
	for level := range m.levels {
		m.levels[level].curve = doubting()
		m.levels[level].limits.Sure = max(doubtSure, m.levels[level].limits.Sure)
	}
}
