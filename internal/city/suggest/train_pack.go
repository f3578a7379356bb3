package suggest

import "context"

// Examples are rows as Train takes them, by what each kind counts.
func Examples(rows []Row) []Example {
	examples := make([]Example, len(rows))
	for i, r := range rows {
		examples[i] = r.example()
	}
	return examples
}

// TrainPack makes a model of what a pack teaches, for a city without an archive.
// It is judged by a tenth of the pack's sample messages: names and synonyms are
// not what residents write. Options and errors are those of Train; o.Judge stays
// empty.
func TrainPack(ctx context.Context, rows []Row, o Options) (*Model, Report, error) {
	var samples, examples []Example
	for _, r := range rows {
		if r.Kind == Sample {
			samples = append(samples, r.example())
		} else {
			examples = append(examples, r.example())
		}
	}
	samples, o.Judge = holdOut(samples, o.Seed)
	return Train(ctx, append(examples, samples...), o)
}
