package osm_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	_ "time/tzdata" // the zones must not depend on the machine

	"gorod/internal/city/pack"
	"gorod/internal/city/pack/osm"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/packs"
)

const town = "testdata/town.osm"

// osmium turns XML into PBF with Debian's osmium-tool.
func osmium(t testing.TB, from string) string {
	t.Helper()
	tool, err := exec.LookPath("osmium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("osmium is not installed: apt-get install osmium-tool")
		}
		t.Skip("SKIPPED: osmium is not installed (Debian: osmium-tool)")
	}
	out := filepath.Join(t.TempDir(), "town.osm.pbf")
	if said, err := exec.Command(tool, "cat", from, "-o", out).CombinedOutput(); err != nil {
		t.Fatalf("osmium: %v\n%s", err, said)
	}
	return out
}

func build(t testing.TB, from string, options osm.Options) (string, osm.Result) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "pack")
	if options.Zone == "" {
		options.Zone = "Europe/Moscow"
	}
	result, err := osm.Build(context.Background(), from, packs.Zarechny(), out, options)
	if err != nil {
		t.Fatal(err)
	}
	return out, result
}

// files are all files of a pack by their names.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// rows are the rows of a table, each as the fields that are asked for.
func rows(t testing.TB, dir, file string, columns ...string) []string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, record := range records[1:] {
		var values []string
		for _, c := range columns {
			values = append(values, record[slices.Index(records[0], c)])
		}
		list = append(list, strings.Join(values, "|"))
	}
	return list
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestATownBecomesAPackWithoutErrors(t *testing.T) {
	t.Parallel()
	out, result := build(t, osmium(t, town), osm.Options{})
	_, report := pack.Read(os.DirFS(out))
	for _, p := range report.Problems {
		// Two houses of the map share an address, as they do in towns.
		if p.Severity == pack.Error || p.Reason != "pack.address_twice" {
			t.Errorf("%s %s: %s %v", p.Where(), p.Field, p.Reason, p.Args)
		}
	}
	for name, want := range map[string]int{
		"areas": 5, "houses": 37, "streets": 11, "objects": 22, "layers": 6, "topics": 200, "organisations": 1, "routes": 1, "calendars": 3,
	} {
		if got := report.Counts[name]; got != want {
			t.Errorf("%d %s, want %d", got, name, want)
		}
	}
	if result.City != "tikhorechensk" || result.Name["ru"] != "Тихореченск" || result.Name["en"] != "Tikhorechensk" {
		t.Errorf("the city is %s, %v", result.City, result.Name)
	}
	for name, body := range files(t, out) {
		for _, word := range []string{"Заречн", "Zarechn", ".example", "2-10-04"} {
			if strings.Contains(body, word) && name != "REPORT.md" {
				t.Errorf("%s speaks of the lender's %q", name, word)
			}
		}
	}
}

func TestXMLAndPBFMakeTheSamePackTwice(t *testing.T) {
	t.Parallel()
	first, _ := build(t, osmium(t, town), osm.Options{})
	want := files(t, first)
	for range 2 {
		second, _ := build(t, town, osm.Options{})
		got := files(t, second)
		for name, body := range want {
			if got[name] != body {
				t.Errorf("%s differs", name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d files, want %d", len(got), len(want))
		}
	}
}

func TestHousesHaveTheirAddressesAndAreas(t *testing.T) {
	t.Parallel()
	out, _ := build(t, town, osm.Options{})
	same(t, "houses", rows(t, out, "houses.csv", "id", "house", "building", "structure", "letter", "address", "district", "municipality", "year", "floors", "purpose"), []string{
		"1477|20||||г. Тихореченск, ул. Ленина, д. 20|r9011||||other",
		"1501|30|2|||г. Тихореченск, ул. Ленина, д. 30, корп. 2|r9011|r9021|||other",
		"4198|1||||г. Тихореченск, ул. Ленина, д. 1|r9011|r9021|1970|5|apartment",
		"4202|2||||г. Тихореченск, ул. Ленина, д. 2|r9011|r9021|||apartment",
		"4206|3|1|||г. Тихореченск, ул. Ленина, д. 3, корп. 1|r9011|r9021|||apartment",
		"4210|3|2|||г. Тихореченск, ул. Ленина, д. 3, корп. 2|r9011|r9021|||apartment",
		"4214|3|3|1||г. Тихореченск, ул. Ленина, д. 3, корп. 3, стр. 1|r9011|r9021|||apartment",
		"4218|5|||А|г. Тихореченск, ул. Ленина, д. 5, лит. А|r9011|r9021|||apartment",
		"4222|5|||Б|г. Тихореченск, ул. Ленина, д. 5, лит. Б|r9011|r9021|||apartment",
		"4226|5|||В|г. Тихореченск, ул. Ленина, д. 5, лит. В|r9011|r9021|||apartment",
		"4230|7А||||г. Тихореченск, ул. Ленина, д. 7А|r9011|r9021|||apartment",
		"4234|8/14||||г. Тихореченск, ул. Ленина, д. 8/14|r9011|r9021|||apartment",
		"4238|9||2||г. Тихореченск, ул. Ленина, д. 9, стр. 2|r9011|r9021|||apartment",
		"4242|10|2|||г. Тихореченск, ул. Ленина, д. 10, корп. 2|r9011|r9021|||apartment",
		"4246|12||||г. Тихореченск, ул. Ленина, д. 12|r9011|r9021|||apartment",
		"4250|14||||г. Тихореченск, ул. Ленина, д. 14|r9011|r9021|||apartment",
		"4254|16||||г. Тихореченск, ул. Ленина, д. 16|r9011||||apartment",
		"4258|8/14||||г. Тихореченск, ул. Ленина, д. 8/14|r9011||||apartment",
		"4262|1||||г. Тихореченск, 15-я линия, д. 1|r9011|r9021||1|private",
		"4266|2||||г. Тихореченск, 15-я линия, д. 2|r9011|r9021||1|private",
		"4270|3||||г. Тихореченск, 15-я линия, д. 3|r9011|r9021||1|private",
		"4274|4||||г. Тихореченск, 15-я линия, д. 4|r9011|r9021||1|private",
		"4278|1||||г. Тихореченск, ул. Садовая, д. 1|r9011|r9021|||private",
		"4282|2||||г. Тихореченск, ул. Садовая, д. 2|r9011|r9021|||private",
		"4286|1||||г. Тихореченск, Заполье, ул. Садовая, д. 1|r9012||||private",
		"4290|2||||г. Тихореченск, Заполье, ул. Садовая, д. 2|r9012||||private",
		"4294|3||||г. Тихореченск, Заполье, ул. Садовая, д. 3|r9012||||private",
		"4298|7||||г. Тихореченск, Заполье, д. 7|r9012||||private",
		"4302|2||||г. Тихореченск, пр. Большой, д. 2|r9012||||apartment",
		"4306|4||||г. Тихореченск, пр. Большой, д. 4|r9012||||apartment",
		"4310|6А||||г. Тихореченск, пр. Большой, д. 6А|r9012||||apartment",
		"4314|40||||г. Тихореченск, пр. Большой, д. 40|r9011||||public",
		"4318|2||||г. Тихореченск, ш. Восточное, д. 2|rest||||other",
		"4322|5||||г. Тихореченск, наб. реки Тихой, д. 5|r9012||||other",
		"4334|1||||г. Тихореченск, ул. Которой Нет, д. 1|r9012||||other",
		"4354|99||||г. Тихореченск, ул. Ленина, д. 99|r9011|r9021|||other",
		"36807|50||||г. Тихореченск, пр. Большой, д. 50|r9011|||9|apartment",
	})
	p, _ := pack.Read(os.DirFS(out))
	for _, h := range p.Houses {
		if h.ID == 36807 { // its middle is its court
			if yard := (geo.Box{Min: geo.Point{Lat: 57.0192, Lon: 41.0163}, Max: geo.Point{Lat: 57.0194, Lon: 41.0167}}); yard.Contains(h.Point) {
				t.Errorf("the house with a court stands in it: %v", h.Point)
			}
			if h.Street != "пр. Большой" {
				t.Errorf("its street is %q", h.Street)
			}
		}
		if h.ID == 4262 && h.Street != "15-я линия" {
			t.Errorf("the street of %d is %q", h.ID, h.Street)
		}
	}
}

func TestAreasHoldTheirPoints(t *testing.T) {
	t.Parallel()
	out, _ := build(t, town, osm.Options{})
	p, _ := pack.Read(os.DirFS(out))
	var shapes []geo.Shape
	for _, a := range p.Areas {
		shapes = append(shapes, a.Shape)
	}
	index := geo.NewIndex(shapes)
	for at, want := range map[geo.Point]string{
		{Lat: 57.020, Lon: 41.005}: "tikhorechensk r9011 r9021",
		{Lat: 57.020, Lon: 41.020}: "tikhorechensk r9011",
		{Lat: 57.005, Lon: 41.010}: "tikhorechensk r9012",
		{Lat: 57.005, Lon: 41.005}: "", // the enclave
		{Lat: 57.005, Lon: 41.035}: "tikhorechensk rest",
		{Lat: 57.020, Lon: 41.035}: "tikhorechensk rest",
		{Lat: 57.040, Lon: 41.020}: "",
	} {
		var in []string
		for _, i := range index.At(at) {
			in = append(in, string(p.Areas[i].ID))
		}
		if got := strings.Join(in, " "); got != want {
			t.Errorf("%v lies in %q, want %q", at, got, want)
		}
	}
	for _, a := range p.Areas {
		if a.ID == "r9021" && a.Parent != "r9011" {
			t.Errorf("the municipality lies in %q", a.Parent)
		}
		if a.ID == "r9011" && a.Name["en"] != "Northern District" || a.ID == "r9012" && a.Name["en"] != "Yuzhnyy rayon" {
			t.Errorf("%s is called %q", a.ID, a.Name["en"])
		}
	}
}

func TestStreetsAndObjectsAreRead(t *testing.T) {
	t.Parallel()
	out, _ := build(t, town, osm.Options{})
	same(t, "streets", rows(t, out, "streets.csv", "name.ru", "name.en", "kind", "aliases"), []string{
		"15-я|15-ya|линия|",
		"Большой|Bolshoy|пр|",
		"Восточное|Vostochnoe|ш|",
		"Западный|Zapadnyy|тракт|",
		"Заполье|Zapole||",
		"Которой Нет|Kotoroy Net|ул|",
		"Ленина|Lenina|ул|Большая Дворянская;Дворянская улица;Ленинка",
		"Лип|Lip|аллея|Липки",
		"Садовая|Sadovaya|ул|",
		"Садовая (Заполье)|Sadovaya (Zapolye)|ул|",
		"реки Тихой|reki Tikhoy|наб|",
	})
	same(t, "objects", rows(t, out, "objects.csv", "id", "kind", "number", "name.ru", "field.shelter", "field.height", "field.support"), []string{
		"n387|stop|17|Школа|1||", "n388|stop||Парк Лип|||", "n389|lamp|Л-12|Фонарь||8|pole", "n390|lamp||Фонарь|||",
		"n391|traffic_light||Светофор|||", "n392|crossing||Пешеходный переход|||", "n393|road_sign||Дорожный знак|||", "n394|manhole|К-3|Люк|||",
		"n395|manhole||Люк|||", "n396|container||Контейнерная площадка|||", "n397|recycling||Приём вторсырья|||", "n398|tree||Дерево|||",
		"n399|advertising||Рекламный щит||6|", "n401|bench||Скамейка|||", "n402|bin||Урна|||", "n403|bike_stand||Велопарковка|||",
		"n404|fountain||Рыбки|||", "n405|hydrant|ПГ-7|Пожарный гидрант|||", "n406|barrier||Шлагбаум|||", "n407|monument||Павшим|||",
		"n408|sports_ground||Спортивная площадка|||", "w1093|playground||Кораблик|||",
	})
}

func TestTheMapIsCutSimplifiedAndInOrder(t *testing.T) {
	t.Parallel()
	out, _ := build(t, town, osm.Options{})
	for name, want := range map[string][]string{
		"water":   {"river Polygon 2", "stream LineString", "pond Polygon 1"},
		"green":   {"cemetery Polygon 1", "park Polygon 1", "forest Polygon 1"},
		"rail":    {"rail LineString", "siding LineString"},
		"bridges": {"bridge LineString"},
	} {
		body, err := os.ReadFile(filepath.Join(out, "base", name+".geojson"))
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Features []struct {
				Properties map[string]any
				Geometry   struct {
					Type        string
					Coordinates json.RawMessage
				}
			}
		}
		if err := json.Unmarshal(body, &c); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range c.Features {
			line := f.Properties["kind"].(string) + " " + f.Geometry.Type
			var rings [][][]float64
			if f.Geometry.Type == "Polygon" {
				if err := json.Unmarshal(f.Geometry.Coordinates, &rings); err != nil {
					t.Fatal(err)
				}
				line += " " + string(rune('0'+len(rings)))
			}
			for _, p := range slices.Concat(rings...) {
				if p[0] < 40.9949 || p[0] > 41.0451 || p[1] < 56.9949 || p[1] > 57.0361 {
					t.Errorf("%s: %v lies beyond the bounds", name, p)
				}
			}
			got = append(got, line)
		}
		same(t, name, got, want)
	}
}

func TestWhatIsBrokenIsNamedInTheReport(t *testing.T) {
	t.Parallel()
	out, result := build(t, town, osm.Options{})
	report := files(t, out)["REPORT.md"]
	for _, phrase := range []string{
		`r9013 "Восточный район" (admin_level 9): its line ends at node`, "way 77777 is not in the extract", "r9102 Разорванное озеро",
		"w1081 набережная реки Тихой без номера", "w1058, w1064", "w1063 16;18", "ул. Которой Нет", "Вне районов", "ODbL 1.0",
		"Городская администрация", "Managing companies are not in OpenStreetMap", "0 errors", "without a lasting id",
	} {
		if !strings.Contains(report, phrase) {
			t.Errorf("the report does not say %q", phrase)
		}
	}
	if len(result.Notes) < 8 {
		t.Errorf("%d notes", len(result.Notes))
	}
}

func TestTheCityCanBeChosen(t *testing.T) {
	t.Parallel()
	_, result := build(t, town, osm.Options{City: "Приречная область", ID: "region", DistrictLevel: 6})
	if result.City != "region" || result.Check.Counts["areas"] != 5 { // with the rest and two wards
		t.Errorf("%s has %d areas", result.City, result.Check.Counts["areas"])
	}
	_, result = build(t, town, osm.Options{City: "r9012", ID: "south"})
	if result.Name["ru"] != "Южный район" || result.Check.Counts["areas"] != 2 {
		t.Errorf("%v has %d areas", result.Name, result.Check.Counts["areas"])
	}
	for name, tt := range map[string]struct {
		options osm.Options
		want    string
	}{
		"no zone":                {osm.Options{}, "--zone Europe/Moscow"},
		"no such zone":           {osm.Options{Zone: "Europe/Mosow"}, `no time zone "Europe/Mosow"`},
		"no such city":           {osm.Options{Zone: "UTC", City: "Атлантида"}, "no boundary is Атлантида; there are: w1"},
		"a broken boundary":      {osm.Options{Zone: "UTC", City: "Восточный район"}, "is broken: its line ends at node"},
		"no such district level": {osm.Options{Zone: "UTC", DistrictLevel: 11}, "no boundary of admin_level 11"},
		"no such ward level":     {osm.Options{Zone: "UTC", MunicipalityLevel: 11}, "no boundary of admin_level 11"},
		"a key that is none":     {osm.Options{Zone: "UTC", ID: "Большой"}, "give one with --id"},
	} {
		_, err := osm.Build(context.Background(), town, packs.Zarechny(), filepath.Join(t.TempDir(), "x"), tt.options)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v\nwant one with %q", name, err, tt.want)
		}
	}
}

func TestNothingIsHalfWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "pack")
	other := filepath.Join(dir, "other")
	for _, folder := range []string{out, other} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(other, "mine.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	options := osm.Options{Zone: "UTC", Say: func(string) { cancel() }}
	if _, err := osm.Build(ctx, town, packs.Zarechny(), out, options); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if _, err := osm.Build(context.Background(), town, packs.Zarechny(), other, osm.Options{Zone: "UTC"}); err == nil ||
		!strings.Contains(err.Error(), "holds something else") {
		t.Errorf("over another folder: %v", err)
	}
	// A lender with errors: the pack that would come of it is not even begun.
	if _, err := osm.Build(context.Background(), town, os.DirFS(dir), out, osm.Options{Zone: "UTC"}); fault.Of(err) == nil {
		t.Errorf("a broken lender: %v", err)
	}
	if got := files(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
}
