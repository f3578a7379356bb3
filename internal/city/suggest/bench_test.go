package suggest_test

import (
	"testing"

	"gorod/internal/city/suggest"
)

// BenchmarkSuggest is one suggestion by the shipped model:
//
//	go test -run - -bench Suggest ./internal/city/suggest
func BenchmarkSuggest(b *testing.B) {
	rows := pack(b)
	m, _, err := suggest.TrainPack(b.Context(), rows, suggest.Options{Seed: 1, Passes: 4})
	must(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		m.Suggest(suggest.Input{Text: rows[i%len(rows)].Text}, 3)
	}
}

// BenchmarkContext is what it costs to fetch what the past tells of a message,
// BenchmarkScore all of a suggestion without that; both on an archive of
// 2,100 made-up messages:
//
//	go test -run - -bench "Context|Score" ./internal/city/suggest
func BenchmarkContext(b *testing.B) {
	_, p := remembering(b)
	list := habits(enough)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		in := list[i%len(list)].Input
		in.At = terse("").At
		suggest.FetchOnly(p, in)
	}
}

// BenchmarkScore is explained at BenchmarkContext.
func BenchmarkScore(b *testing.B) {
	_, p := remembering(b)
	list := habits(enough)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		in := list[i%len(list)].Input
		in.At = terse("").At
		b.StopTimer()
		weigh := suggest.Fetched(p, in)
		b.StartTimer()
		weigh()
	}
}
