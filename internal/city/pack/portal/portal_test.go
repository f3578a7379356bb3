package portal_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata" // the zones must not depend on the machine

	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/pack/portal"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/packs"
)

const small = "testdata/shared"

// realFolder is GOROD_DATA, or shared/data beside the checkout.
func realFolder(t testing.TB) string {
	t.Helper()
	data := os.Getenv("GOROD_DATA")
	if data == "" {
		data = "../../../../../shared/data"
	}
	if _, err := os.Stat(filepath.Join(data, "ourspb", "classifier.tsv")); err != nil {
		t.Skipf("SKIPPED: no collected files of the portal in %s; set GOROD_DATA to the folder of real data", data)
	}
	return data
}

func build(t testing.TB, shared string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "spb")
	if err := portal.Build(shared, packtest.Files(), out, nil); err != nil {
		t.Fatal(err)
	}
	return out
}

// table reads a table of the pack, each row by its columns, under a column.
func table(t *testing.T, out, file, by string) map[string]map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(out, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]map[string]string{}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows[row[by]] = row
	}
	return rows
}

func fields(row map[string]string, names ...string) string {
	var values []string
	for _, name := range names {
		values = append(values, row[name])
	}
	return strings.Join(values, "|")
}

func want(t *testing.T, what, got, exp string) {
	t.Helper()
	if got != exp {
		t.Errorf("%s is %s, want %s", what, got, exp)
	}
}

func TestASmallFolderBecomesAPack(t *testing.T) {
	t.Parallel()
	out := build(t, small)
	_, r := pack.Read(os.DirFS(out))
	if r.Err() != nil {
		t.Fatal(r.Problems)
	}
	topics := table(t, out, "topics.csv", "id")
	names := []string{"name.ru", "name.en", "widget", "evidence", "public", "open", "extra", "season_from", "season_to", "season.ru"}
	want(t, "a topic that the lender has", fields(topics["8"], names...), "Яма в асфальте|Pothole|near|photo|1|1||||")
	want(t, "a topic with a season of its own", fields(topics["21"], names...),
		"Сосульки||building|none|1|1|stairs!;floor|05-15|10-15|Принимаем с 15 мая по 15 октября.")
	want(t, "a closed topic that was observed", fields(topics["22"], names...), "Лужа (искл.)||near|none|1|0||||")
	want(t, "a closed topic", fields(topics["23"], names...), "Прочее||point|none|0|0||||")

	houses := table(t, out, "houses.csv", "id")
	names = []string{"street", "kind", "letter", "district", "municipality", "purpose", "manager"}
	want(t, "a house", fields(houses["501"], names...), "1-я Красная|улица|А|7|mo-1|apartment|inn-7801000001")
	want(t, "a house in a line", fields(houses["502"], names...), "5-я линия В.О.|линия||7||other|")

	objects := table(t, out, "objects.csv", "id")
	want(t, "an object", fields(objects["street_lamp-1"], "kind", "name.ru"), "lamp|Фонарь, 1-я Красная улица, дом 1")
	want(t, "a bin", fields(objects["litter_bin-1"], "kind", "name.en"), "bin|Litter bin")
}

func TestSpellingsOfAnOrganisationAreJoinedWhereThatIsSafe(t *testing.T) {
	t.Parallel()
	rows := table(t, build(t, small), "organisations.csv", "id")
	want(t, "a company", fields(rows["inn-7801000001"], "kind", "name.ru"), `company|ООО "ДОМ №1"`)
	want(t, "a namesake with another tax number", fields(rows["inn-7802000002"], "kind", "inn"), "supplier|7802000002")
	want(t, "an agency", fields(rows["spb-gku-zha-severnogo-rayona"], "kind", "inn"), "institution|")
	if len(rows) != 7 {
		t.Errorf("%d organisations: %v", len(rows), rows)
	}
}

func TestWhatWasObservedBecomesRules(t *testing.T) {
	t.Parallel()
	out := build(t, small)
	rows := table(t, out, "routing.csv", "id")
	names := []string{"topic", "area", "executor", "coordinator", "controller"}
	north, south := "administratsiya-severnogo-rayona", "administratsiya-yuzhnogo-rayona"
	want(t, "an observed cell", fields(rows["8007"], names...), "8|7|spb-gku-zha-severnogo-rayona|"+north+"|"+north)
	want(t, "the same kind of body of another district", fields(rows["8009"], names...), "8|9|spb-gku-zha-yuzhnogo-rayona|"+south+"|"+south)
	want(t, "a body of the whole city elsewhere", fields(rows["21009"], names...), "21|9|spb-gku-svet||")
	want(t, "the rule for the whole city", fields(rows["21000"], names...), "21|*|spb-gku-svet||")
	want(t, "the rule for what was never observed", fields(rows["900000009"], names...), "*|9|"+south+"|"+south+"|"+south)

	terms := map[string]string{}
	p, _ := pack.Read(os.DirFS(out))
	for _, r := range p.Terms {
		terms[r.Topic.ID+" "+string(r.Stage)] = r.Term.String()
	}
	for key, days := range map[string]string{"8 processing": "12 wd", " processing": "12 wd", " moderation": "1 wd", " review": "1 wd"} {
		want(t, "term of "+key, terms[key], days)
	}
}

func TestTextsAreBorrowedWithoutTheLendersTown(t *testing.T) {
	t.Parallel()
	out := build(t, small)
	p, _ := pack.Read(os.DirFS(out))
	if len(p.Clauses) != 2 || len(p.Steps) != 2 || len(p.Examples) != 1 || len(p.Templates) != 2 {
		t.Errorf("borrowed %d clauses, %d steps, %d examples, %d templates", len(p.Clauses), len(p.Steps), len(p.Examples), len(p.Templates))
	}
	for _, s := range p.Steps {
		if strings.Contains(s.Value, "tiny") {
			t.Errorf("a step leads to the lender: %+v", s)
		}
	}
	report, err := os.ReadFile(filepath.Join(out, "REPORT.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{
		"## Open topics without an observed term", "- 21", "## Topics without an English name", "- 21, 22, 23", "1 examples", "bin: 1",
		"no such organisation: Никто",
	} {
		if !strings.Contains(string(report), said) {
			t.Errorf("REPORT.md does not say %q", said)
		}
	}
}

func TestAFolderIsMadeAnewButNothingElseIsOverwritten(t *testing.T) {
	t.Parallel()
	out := build(t, small)
	if err := os.WriteFile(filepath.Join(out, "left.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := portal.Build(small, packtest.Files(), out, nil); err != nil {
		t.Errorf("made anew: %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "left.txt")); err == nil {
		t.Error("something is left of the former pack")
	}
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "letters.txt"), []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := portal.Build(small, packtest.Files(), home, nil); err == nil {
		t.Error("a folder with other things was taken")
	}
	if _, err := os.Stat(filepath.Join(home, "letters.txt")); err != nil {
		t.Error("a file of others is gone")
	}
}

func TestMistakesOfTheSourceAreRefusedAndLeaveNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, old, new, want string }{
		{"widget", "ourspb/classifier.tsv", "\t2\tFalse", "\t3\tFalse", "wizard_widget"},
		{"column", "geo/spb_houses.csv", "litera", "letter", "column litera is missing"},
		{"district", "ourspb/routing_observed.tsv", "Северный", "Западный", "is not on the map"},
		{"number", "ourspb/sla_observed.tsv", "\t12\t", "\tмного\t", "no whole number"},
		{"geometry", "geo/spb_districts.geojson", "[30,60]]]", "[30,60.01]]]", "pack.broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			shared := filepath.Join(t.TempDir(), "shared")
			if err := os.CopyFS(shared, os.DirFS(small)); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(shared, filepath.FromSlash(c.file))
			body, err := os.ReadFile(file)
			if err != nil || !strings.Contains(string(body), c.old) {
				t.Fatalf("%s does not hold %q: %v", c.file, c.old, err)
			}
			if err := os.WriteFile(file, []byte(strings.Replace(string(body), c.old, c.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			parent := t.TempDir()
			err = portal.Build(shared, packtest.Files(), filepath.Join(parent, "spb"), nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
			if c.want == "pack.broken" && !errors.Is(err, fault.Invalid) {
				t.Errorf("kind of %v", err)
			}
			if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
				t.Errorf("left: %v, %v", left, err)
			}
		})
	}
}

// remembered is the small folder with histories of its own.
func remembered(t *testing.T, list ...history.History) string {
	t.Helper()
	shared := filepath.Join(t.TempDir(), "shared")
	if err := os.CopyFS(shared, os.DirFS(small)); err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	for _, h := range list {
		if err := json.NewEncoder(w).Encode(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shared, "ourspb", "problems.ndjson.gz"), zipped.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return shared
}

func TestWhatOnlyHistoriesKnowIsEnteredToo(t *testing.T) {
	t.Parallel()
	change := func(old, current string) history.Entry {
		return history.Entry{Type: history.TypeChange, At: "2026-11-02T10:00:00", Change: &history.Change{Old: old, Current: current}}
	}
	petition := history.Entry{Type: history.TypePetition, At: "2026-11-02T09:00:00", Body: "Яма"}
	shared := remembered(t,
		history.History{ID: 1, Reason: 8, Events: []history.Entry{petition,
			change("Двор/Дороги/Ухаб", "Двор/Дороги/Яма в асфальте"),
			{Type: history.TypeAnswer, At: "2026-11-03T09:00:00", Org: "ООО «Ровный двор»"}}},
		history.History{ID: 2, Reason: 8, Events: []history.Entry{petition,
			change("Двор/Дороги/Яма в асфальте", "Двор/Дороги/Яма, прежнее имя"),
			{Type: history.TypeRoute, At: "2026-11-03T09:00:00", Comment: `от координатора: "А" координатору: "ГКУ «Тротуары»".`}}},
		history.History{ID: 3, Reason: 8, Events: []history.Entry{petition,
			change("Двор/Дороги/Яма, прежнее имя", "Двор/Дороги/Яма в асфальте"),
			change("Луг/Тропы/Кочка / бугор", "Двор/Дороги/Яма в асфальте")}})
	out := build(t, shared)
	if _, r := pack.Read(os.DirFS(out)); r.Err() != nil {
		t.Fatal(r.Problems)
	}
	topics := table(t, out, "topics.csv", "name.ru")
	names := []string{"id", "object_id", "category_id", "public", "open"}
	want(t, "a retired topic", fields(topics["Ухаб"], names...), "1000001|1|2|1|0")
	want(t, "a retired topic of a retired object", fields(topics["Кочка / бугор"], "id", "object.ru", "category.ru", "open"), "1000002|Луг|Тропы|0")
	if _, ok := topics["Яма, прежнее имя"]; ok {
		t.Error("a former name that a history explains became a topic")
	}
	bodies := table(t, out, "organisations.csv", "name.ru")
	for _, name := range []string{"ООО «Ровный двор»", "ГКУ «Тротуары»"} {
		if _, ok := bodies[name]; !ok {
			t.Errorf("%s is not in the register", name)
		}
	}
	if _, err := os.Stat(filepath.Join(out, pack.HistoriesFile)); err != nil {
		t.Error("a demo has nothing to replay:", err)
	}
}

func TestABrokenHistoryIsToldWithItsLine(t *testing.T) {
	t.Parallel()
	whole := history.History{ID: 1, Events: []history.Entry{{Type: history.TypePetition}}}
	err := portal.Build(remembered(t, whole, history.History{ID: 2}), packtest.Files(), filepath.Join(t.TempDir(), "spb"), nil)
	if err == nil || !strings.Contains(err.Error(), "problems.ndjson.gz:2") {
		t.Errorf("error %v", err)
	}
}

func TestTheRealFolderBecomesStPetersburg(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "spb")
	if err := portal.Build(realFolder(t), packs.Zarechny(), out, nil); err != nil {
		t.Fatal(err)
	}
	p, r := pack.Read(os.DirFS(out))
	if r.Err() != nil {
		t.Fatal(r.Problems)
	}
	closed := 0
	for _, topic := range p.Topics {
		if !topic.Open {
			closed++
		}
	}
	areas := map[string]int{}
	for _, a := range p.Areas {
		areas[a.Kind]++
	}
	if len(p.Topics) != 277+1 || closed != 77+1 || len(p.Houses) != 14399 || areas[place.District] != 18 || areas[place.Municipality] != 111 {
		t.Errorf("%d topics, %d closed, %d houses, areas %v", len(p.Topics), closed, len(p.Houses), areas)
	}
	if len(p.Years) != 7 || len(p.Routes) < 2000 || len(p.Terms) < 100 || len(p.Organisations) < 400 {
		t.Errorf("counts %v", r.Counts)
	}
	if palace := (geo.Point{Lat: 59.9390, Lon: 30.3158}); !p.City.Bounds.Contains(palace) || p.City.Center.Distance(palace) > 20_000 {
		t.Errorf("city %+v", p.City)
	}
}
