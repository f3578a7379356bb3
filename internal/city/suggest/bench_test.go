package suggest_test

import (
	"runtime"
	"testing"
	"time"

	"gorod/internal/city/suggest"
)

// BenchmarkCrossValidation judges the shipped examples by five models, each of
// which has not seen a fifth of them:
//
//	go test -run - -bench CrossValidation -benchtime 1x ./internal/city/suggest
func BenchmarkCrossValidation(b *testing.B) {
	for range b.N {
		samples, names := pack(b)
		var sum suggest.Score
		const folds = 5
		for fold := range folds {
			rest, judge := names[:len(names):len(names)], []suggest.Example(nil)
			for i, e := range samples {
				if i%folds == fold {
					judge = append(judge, e)
				} else {
					rest = append(rest, e)
				}
			}
			_, report := train(b, rest, suggest.Options{Seed: 1, Judge: judge, Apart: true})
			s := report.Judged
			sum.Top1, sum.Top3, sum.LogLoss, sum.ECE = sum.Top1+s.Top1, sum.Top3+s.Top3, sum.LogLoss+s.LogLoss, sum.ECE+s.ECE
		}
		b.ReportMetric(sum.Top1/folds, "top1")
		b.ReportMetric(sum.Top3/folds, "top3")
		b.ReportMetric(sum.LogLoss/folds, "logloss")
		b.ReportMetric(sum.ECE/folds, "ece")
	}
}

// march parts the real messages by time: what came before is learned from,
// March 2021 judges once.
func march(b *testing.B) (before, newest, judged []suggest.Example) {
	for _, m := range messages(b) {
		switch {
		case m.day < "2021-02-01":
			before = append(before, m.Example)
		case m.day < "2021-03-01":
			newest = append(newest, m.Example)
		default:
			judged = append(judged, m.Example)
		}
	}
	return before, newest, judged
}

// BenchmarkMarch trains on the real messages before 1 March 2021 (calibrated on
// February, which then joins) and judges the text-only model on March:
//
//	go test -run - -bench March -benchtime 1x ./internal/city/suggest
func BenchmarkMarch(b *testing.B) {
	for range b.N {
		before, newest, judged := march(b)
		at := time.Now()
		m, report := train(b, before, suggest.Options{Seed: 1, Judge: newest})
		b.ReportMetric(time.Since(at).Seconds(), "train_s")
		b.ReportMetric(heldBy(b, m.Encode()), "held_MB")
		show(b, m.Judge(judged))
		b.ReportMetric(float64(report.Bytes)/(1<<20), "model_MB")
		if s := m.Judge(judged); s.Top1 < 0.691 || s.Top3 < 0.888 {
			b.Errorf("first %.3f, among three %.3f; fastText has 0.691 and 0.888", s.Top1, s.Top3)
		}
	}
}

// heldBy is how much memory a model holds that is read from the database.
func heldBy(b *testing.B, packed []byte) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // pools live for one more
	runtime.ReadMemStats(&before)
	m, err := suggest.Decode(packed)
	must(b, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(m)
	runtime.KeepAlive(packed)
	return (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / (1 << 20)
}

// BenchmarkColdMarch judges the shipped model, which has seen no real message,
// on March 2021:
//
//	go test -run - -bench ColdMarch -benchtime 1x ./internal/city/suggest
func BenchmarkColdMarch(b *testing.B) {
	for range b.N {
		_, _, judged := march(b)
		samples, names := pack(b)
		judge, rest := tenth(samples)
		at := time.Now()
		m, report := train(b, append(rest, names...), suggest.Options{Seed: 1, Judge: judge})
		b.ReportMetric(time.Since(at).Seconds(), "train_s")
		b.ReportMetric(float64(report.Bytes)/(1<<20), "model_MB")
		show(b, m.Judge(judged))
	}
}

func show(b *testing.B, s suggest.Score) {
	b.ReportMetric(s.Top1, "top1")
	b.ReportMetric(s.Top3, "top3")
	b.ReportMetric(s.LogLoss, "logloss")
	b.ReportMetric(s.ECE, "ece")
	b.ReportMetric(s.Alone, "alone")
	b.ReportMetric(s.Right, "alone_right")
	b.ReportMetric(s.Lost, "lost")
}

// BenchmarkSuggest is one suggestion by the shipped model:
//
//	go test -run - -bench Suggest ./internal/city/suggest
func BenchmarkSuggest(b *testing.B) {
	samples, names := pack(b)
	m, _ := train(b, append(samples, names...), suggest.Options{Seed: 1, Passes: 4})
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		m.Suggest(suggest.Input{Text: samples[i%len(samples)].Text}, 3)
	}
}

// BenchmarkSuggestReal is one suggestion of March 2021, by a model of the
// messages before:
//
//	go test -run - -bench SuggestReal ./internal/city/suggest
func BenchmarkSuggestReal(b *testing.B) {
	before, _, judged := march(b)
	m, _ := train(b, before, suggest.Options{Seed: 1, Judge: judged[:100], Apart: true, Passes: 2})
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		m.Suggest(suggest.Input{Text: judged[i%len(judged)].Text}, 3)
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
