package suggest_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The topics of the small examples.
const (
	lamp topic.ID = 10 + iota
	hole
	trash
	snow
)

// small are examples of four topics, clear enough to be learned from few.
func small() []suggest.Example {
	texts := map[topic.ID][]string{
		lamp:  {"не горит фонарь", "во дворе темно, фонари не светят", "погас свет на столбе", "перегорела лампа фонаря", "фонарь мигает", "нет освещения во дворе"},
		hole:  {"яма на дороге", "провалился асфальт", "разбит асфальт, ямы", "выбоина на проезжей части", "колесо попало в яму", "дорога в ямах"},
		trash: {"мусор не вывозят", "переполнены баки", "помойка у дома", "контейнеры с мусором полные", "гора мусора на площадке", "не вывезли отходы"},
		snow:  {"не убран снег", "гололёд на тротуаре", "сугробы у подъезда", "скользко, не посыпано", "снег не чистят", "тротуар во льду"},
	}
	var examples []suggest.Example
	for _, id := range []topic.ID{lamp, hole, trash, snow} {
		for _, s := range texts[id] {
			examples = append(examples, suggest.Example{Topic: id, Text: s})
		}
	}
	return examples
}

// rows are the same as a pack gives them.
func rows() []suggest.Row {
	var list []suggest.Row
	for i, e := range small() {
		list = append(list, suggest.Row{Num: int64(i), Topic: e.Topic, Kind: suggest.Sample, Text: e.Text})
	}
	return list
}

func train(t testing.TB, examples []suggest.Example, o suggest.Options) (*suggest.Model, suggest.Report) {
	t.Helper()
	m, report, err := suggest.Train(context.Background(), examples, o)
	must(t, err)
	return m, report
}

func first(m *suggest.Model, text string) topic.ID {
	list := m.Suggest(suggest.Input{Text: text}, 1)
	if len(list) == 0 {
		return 0
	}
	return list[0].Topic
}

const packFolder = "../../../packs/zarechny"

// table reads a table with its heading; rows are maps by column.
func table(t testing.TB, path string, comma rune) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = comma, true
	lines, err := r.ReadAll()
	must(t, err)
	list := make([]map[string]string, 0, len(lines))
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		list = append(list, row)
	}
	return list
}

func number(t testing.TB, s string) topic.ID {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	must(t, err)
	return topic.ID(n)
}

// pack is what the town that ships teaches: its examples, and its names,
// synonyms and help texts.
func pack(t testing.TB) (samples, names []suggest.Example) {
	t.Helper()
	for _, r := range table(t, filepath.Join(packFolder, "examples.csv"), ',') {
		e := suggest.Example{Topic: number(t, r["topic"]), Text: r["text"]}
		e.Weight = suggest.WeightOf(suggest.Row{Topic: e.Topic, Kind: suggest.Sample})
		samples = append(samples, e)
	}
	for _, r := range table(t, filepath.Join(packFolder, "topics.csv"), ',') {
		id := number(t, r["id"])
		names = append(names,
			suggest.Example{Topic: id, Text: r["name.ru"]},
			suggest.Example{Topic: id, Text: r["help.ru"], Weight: 0.5})
		for s := range strings.SplitSeq(r["synonyms.ru"], ";") {
			names = append(names, suggest.Example{Topic: id, Text: strings.TrimSpace(s), Weight: 0.5})
		}
	}
	names = slices.DeleteFunc(names, func(e suggest.Example) bool { return e.Text == "" })
	return samples, names
}

// tenth parts off every tenth example to judge by.
func tenth(samples []suggest.Example) (judge, rest []suggest.Example) {
	for i, e := range samples {
		if i%10 == 3 {
			judge = append(judge, e)
		} else {
			rest = append(rest, e)
		}
	}
	return judge, rest
}

// message is a real message, as far as these tests look.
type message struct {
	day       string
	corrected bool
	suggest.Example
}

// messages are the real ones: the folder ourspb of GOROD_DATA, or of shared/data
// beside the checkout.
func messages(t testing.TB) []message {
	t.Helper()
	data := os.Getenv("GOROD_DATA")
	if data == "" {
		data = "../../../../shared/data"
	}
	path := filepath.Join(data, "ourspb", "messages.tsv")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: no real messages at %s; set GOROD_DATA to the folder of real data", path)
	}
	var list []message
	for _, r := range table(t, path, '\t') {
		m := message{day: r["created"][:10], corrected: r["original_reason_path"] != ""}
		m.Topic, m.Text = number(t, r["reason_id"]), strings.ReplaceAll(r["text"], "⏎", "\n")
		if m.corrected {
			m.Weight = suggest.CorrectedWeight
		}
		list = append(list, m)
	}
	return list
}
