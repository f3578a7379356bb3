package suggest_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
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
func pack(t testing.TB) []suggest.Row {
	t.Helper()
	var rows []suggest.Row
	add := func(kind suggest.Kind, topic, text string) {
		if text = strings.TrimSpace(text); text != "" {
			rows = append(rows, suggest.Row{Num: int64(len(rows) + 1), Topic: number(t, topic), Kind: kind, Text: text})
		}
	}
	for _, r := range table(t, filepath.Join(packFolder, "examples.csv"), ',') {
		add(suggest.Sample, r["topic"], r["text"])
	}
	for _, r := range table(t, filepath.Join(packFolder, "topics.csv"), ',') {
		add(suggest.Often, r["id"], r["frequency"])
		add(suggest.Named, r["id"], r["name.ru"])
		add(suggest.Help, r["id"], r["help.ru"])
		for s := range strings.SplitSeq(r["synonyms.ru"], ";") {
			add(suggest.Synonym, r["id"], s)
		}
	}
	return rows
}
