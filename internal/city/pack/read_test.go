package pack_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // the zones must not depend on the machine

	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/routing"
	"gorod/internal/platform/locale"
)

const town = "../../../packs/zarechny"

// said is a problem in one line.
func said(p pack.Problem) string {
	return fmt.Sprintf("%s %s %s %s %v", p.Severity, p.Where(), p.Field, p.Reason, p.Args)
}

func all(r pack.Report) string {
	var lines []string
	for _, p := range r.Problems {
		lines = append(lines, said(p))
	}
	return strings.Join(lines, "\n")
}

func TestATinyPackIsReadWhole(t *testing.T) {
	t.Parallel()
	p, r := pack.Read(packtest.Files())
	if len(r.Problems) != 0 || len(r.Defaulted) != 0 || r.Err() != nil {
		t.Fatalf("problems:\n%s\ndefaulted: %v", all(r), r.Defaulted)
	}
	counts := map[string]int{
		"topics": 2, "terms": 4, "calendars": 1, "areas": 2, "houses": 2, "streets": 1, "objects": 1, "kinds": 2, "organisations": 2, "people": 2,
		"routes": 3, "clauses": 2, "steps": 2, "templates": 2, "examples": 2, "texts": 10, "layers": 2, "photos": 1, "story": 1,
	}
	for name, n := range counts {
		if r.Counts[name] != n {
			t.Errorf("%d %s, want %d", r.Counts[name], name, n)
		}
	}
	if h := p.Houses[1]; h.Street != "ул. Мостовая" || h.Letter != "А" || h.District != "north" || h.Point.Lat != 60.061 {
		t.Errorf("house: %+v", h)
	}
	if r := p.Routes[1]; r.Category != 2 || r.Area != "north" || r.Executor != routing.Manager || r.From != "2020-01-01" {
		t.Errorf("route: %+v", r)
	}
	if tp := p.Topics[1]; tp.SeasonFrom != "10-01" || !tp.Asks("stairs") || tp.Name["en"] != "Lamp out" || !tp.Open {
		t.Errorf("topic: %+v", tp)
	}
}

func TestTheInventedTownHasNoErrors(t *testing.T) {
	t.Parallel()
	p, r := pack.Read(os.DirFS(town))
	if r.Errors > 0 {
		t.Fatal(all(r))
	}
	if len(p.Topics) != 200 || len(p.Houses) < 300 || len(p.Organisations) < 12 || len(p.Story) < 100 {
		t.Errorf("counts: %v", r.Counts)
	}
}

// broken lists one slip each and how it is reported.
var broken = []struct{ name, file, old, new, want string }{
	{"zone", "city.toml", "Europe/Moscow", "Europe/Moskau", "error city.toml:2 zone pack.zone [Europe/Moskau]"},
	{"syntax of city.toml", "city.toml", `id = "tiny"`, `id = tiny"`, "error city.toml:1  pack.toml"},
	{"bounds", "city.toml", "[30.0, 60.0, 30.1, 60.1]", "[31.0, 60.0, 30.1, 60.1]", "error city.toml:5 bounds pack.bounds"},
	{"centre", "city.toml", "[30.05, 60.05]", "[60.05, 30.05]", "error city.toml:6 center pack.center"},
	{"limit", "city.toml", "photos = 10", "photos = 1000", "error city.toml:23 limits.photos pack.out_of_range [1000 0 100]"},
	{"unknown key", "city.toml", "photo_mb", "foto_mb", "warning city.toml:24 limits.foto_mb pack.key_unknown"},
	{"second factor", "city.toml", "email = true", "email = true\nsecond_factor = \"perhaps\"", "error city.toml:30 sign_in.second_factor pack.not_listed [perhaps off, offered, required]"},
	{"roles of the second factor", "city.toml", "email = true", "email = true\nsecond_factor = \"required\"\nsecond_factor_roles = [\"boss\"]", "error city.toml:31 sign_in.second_factor_roles pack.not_listed [boss"},
	{"appeal", "city.toml", "https://tiny.example/appeal", "javascript:alert(1)", "error city.toml:32 appeal.url pack.url"},
	{"source of the map", "city.toml", "[map.attribution]", "[map]\nsource = \"mapbox\"\n[map.attribution]", "error city.toml:39 map.source pack.not_listed [mapbox pack, xyz, vector, pmtiles]"},
	{"images that are not https", "city.toml", "[map.attribution]", "[map]\nsource = \"xyz\"\nurl = \"http://t.example/tiles\"\n[map.attribution]", "error city.toml:40 map.url pack.url"},
	{"images without a row", "city.toml", "[map.attribution]", "[map]\nsource = \"xyz\"\nurl = \"https://t.example/{z}/{x}.png\"\n[map.attribution]", "error city.toml:40 map.url pack.map_template"},
	{"vectors of two kinds", "city.toml", "[map.attribution]", "[map]\nsource = \"vector\"\nurl = \"https://t.example/t.json\"\nstyle = \"https://t.example/s.json\"\n[map.attribution]", "error city.toml:40 map.url pack.map_vector"},
	{"file of a map in a folder", "city.toml", "[map.attribution]", "[map]\nsource = \"pmtiles\"\nfile = \"../city.pmtiles\"\n[map.attribution]", "error city.toml:40 map.file pack.map_file"},
	{"map of others without a name", "city.toml", "[map.attribution]", "[map]\nsource = \"pmtiles\"\nfile = \"city.pmtiles\"\n[map.unknown]", "error city.toml map.attribution.ru pack.empty"},
	{"main language", "city.toml", `main_language = "ru"`, `main_language = "tt"`, "error city.toml:4 main_language pack.main_language [tt]"},
	{"missing column", "topics.csv", "widget", "wigdet", "error topics.csv:1 widget pack.column_missing [widget]"},
	{"unknown column", "topics.csv", "evidence", "evidense", "warning topics.csv:1:11 evidense pack.column_unknown"},
	{"number of fields", "topics.csv", "8,1,", "8,", "error topics.csv:2  pack.columns [29 30]"},
	{"id that is no number", "topics.csv", "8,1,", "восемь,1,", "error topics.csv:2:1 id pack.not_number [восемь]"},
	{"id twice", "topics.csv", "9,1,", "8,1,", "error topics.csv:3:1 id pack.twice [8 2]"},
	{"widget", "topics.csv", "near", "far", "error topics.csv:2:10 widget pack.not_listed [far building, point, near]"},
	{"season", "topics.csv", "10-01", "10-32", "error topics.csv:3:16 season_from pack.not_day [10-32]"},
	{"half a season", "topics.csv", "04-30", "", "error topics.csv:3:16 season_from pack.half_season"},
	{"extra field", "topics.csv", "stairs!", "steps!", "error topics.csv:3:20 extra pack.extra"},
	{"flag", "topics.csv", "Photograph it.,1,1", "Photograph it.,1,да", "error topics.csv:2:15 open pack.not_flag [да]"},
	{"category under another name", "topics.csv", "3,Свет", "2,Свет", "error topics.csv:3:5 category_id pack.branch_differs [2 2]"},
	{"translation", "topics.csv", "Pothole", "", "warning topics.csv:2:9 name.en pack.untranslated [1 name.en]"},
	{"name in the main language", "topics.csv", "Яма", "", "error topics.csv:2:8 name.ru pack.empty"},
	{"replaced by what is not there", "topics.csv", ",дыра", "77,дыра", "error topics.csv:2:25 replaced_by pack.no_such_topic [77]"},
	{"replaced and open", "topics.csv", ",дыра", "9,дыра", "warning topics.csv:2:25 replaced_by pack.replaced_but_open [8]"},
	{"term of an unknown topic", "terms.csv", "category:2", "category:5", "error terms.csv:4:1 topic pack.no_such_category [5]"},
	{"unit of a term", "terms.csv", "10,wd", "10,years", "error terms.csv:3:4 unit deadline.term_unit [years]"},
	{"topic without a term", "terms.csv", "*,review", "8,review", "warning topics.csv:3:1 id pack.topic_without_term [9 review]"},
	{"term twice", "terms.csv", "category:2,", "*,", "error terms.csv:4:1 topic pack.twice"},
	{"area that is no polygon", "areas/areas.geojson", `"Polygon","coordinates":[[[30,60.05]`, `"Point","coordinates":[[[30,60.05]`, "error areas/areas.geojson:3 geometry pack.geometry"},
	{"ring that is not closed", "areas/areas.geojson", "[30,60.1],[30,60.05]]]", "[30,60.1]]]", "error areas/areas.geojson:3 geometry pack.geometry"},
	{"area that crosses itself", "areas/areas.geojson", "[30.1,60.05],[30.1,60.1],[30,60.1]", "[30.1,60.1],[30.1,60.05],[30,60.1]", "error areas/areas.geojson:3 geometry pack.geometry [polygon 0, ring 0 crosses itself"},
	{"area with swapped coordinates", "areas/areas.geojson", "[[[30,60.05],[30.1,60.05],[30.1,60.1],[30,60.1],[30,60.05]]]", "[[[60.05,30],[60.05,30.1],[60.1,30.1],[60.1,30],[60.05,30]]]", "error areas/areas.geojson:3 geometry pack.swapped_shape"},
	{"hole outside its area", "areas/areas.geojson", "[30,60.1],[30,60.05]]]", "[30,60.1],[30,60.05]],[[30.01,60.01],[30.02,60.01],[30.02,60.02],[30.01,60.01]]]", "error areas/areas.geojson:3 geometry pack.geometry [polygon 0, ring 1 is a hole outside"},
	{"areas that overlap", "areas/areas.geojson", "]]]}}\n]}", "]]]}},\n" + `{"type":"Feature","properties":{"id":"south","kind":"district","parent":"tiny","name.ru":"Юг","name.en":"South"},"geometry":{"type":"Polygon","coordinates":[[[30,60],[30.1,60],[30.1,60.06],[30,60.06],[30,60]]]}}` + "\n]}", "warning areas/areas.geojson:3 geometry pack.areas_overlap [north south]"},
	{"ring of the base map that is not closed", "base/buildings.geojson", "[30.0501,60.0601],[30.05,60.06]", "[30.0501,60.0601],[30.05,60.07]", "error base/buildings.geojson:2 geometry pack.geometry [polygon 0, ring 0 is not closed"},
	{"road with swapped coordinates", "base/roads.geojson", "[[30.04,60.06],[30.06,60.061]]", "[[60.06,30.04],[60.061,30.06]]", "error base/roads.geojson:2 geometry pack.swapped_shape"},
	{"kind of place of a route", "routing.csv", "valid_from", "where", "error routing.csv:3:10 where pack.not_listed"},
	{"area without an id", "areas/areas.geojson", `"id":"north",`, "", "error areas/areas.geojson:3 id pack.empty"},
	{"parent of an area", "areas/areas.geojson", `"parent":"tiny"`, `"parent":"huge"`, "error areas/areas.geojson:3 parent pack.no_such_area [huge]"},
	{"no districts", "areas/areas.geojson", `"district"`, `"municipality"`, "error areas  pack.no_districts"},
	{"area beyond the bounds", "areas/areas.geojson", "[30.1,60],", "[30.2,60],", "warning areas/areas.geojson:2 geometry pack.area_beyond_bounds [tiny]"},
	{"syntax of GeoJSON", "areas/areas.geojson", "]}\n", "]\n", "error areas/areas.geojson:4  pack.geojson"},
	{"street", "houses.csv", "101,Мостовая", "101,Садовая", "warning houses.csv:2:2 street pack.no_such_street [Садовая ул]"},
	{"house out of bounds", "houses.csv", "60.06,30.05", "50.05,60.06", "error houses.csv:2:10 lat pack.out_of_bounds [50.05, 60.06]"},
	{"house with swapped coordinates", "houses.csv", "60.06,30.05", "30.05,60.06", "error houses.csv:2:10 lat pack.swapped [60.06 30.05]"},
	{"house a little outside its district", "houses.csv", "60.06,30.05", "60.049,30.05", "warning houses.csv:2:12 district pack.house_outside [north 111]"},
	{"house far outside its district", "houses.csv", "60.06,30.05", "60.01,30.05", "error houses.csv:2:12 district pack.house_outside [north 4447]"},
	{"district", "houses.csv", "30.05,north", "30.05,south", "error houses.csv:2:12 district pack.no_such_area [south]"},
	{"manager", "houses.csv", "apartment,uk", "apartment,ku", "error houses.csv:2:19 manager pack.no_such_organisation [ku]"},
	{"degrees", "houses.csv", "60.06,30.05", "60.06,vostok", "error houses.csv:2:11 lon pack.not_degrees [vostok]"},
	{"storeys", "houses.csv", "1970,5,", "1970,500,", "error houses.csv:2:15 floors pack.out_of_range [500 0 200]"},
	{"address twice", "houses.csv", "д. 2, корп. 1, лит. А", "д. 1", "warning houses.csv:3:8 address pack.address_twice"},
	{"open quote", "houses.csv", "лит. А\"", "лит. А", "error houses.csv:3  pack.quotes"},
	{"kind of an object", "objects.csv", ",lamp,", ",lantern,", "error objects.csv:2:2 kind pack.no_such_kind [lantern]"},
	{"own field that its kind does not have", "objects.csv", ",lamp,", ",bin,", "error objects.csv:2:9 field.height pack.field_not_of_kind [height bin]"},
	{"own field that nobody has", "objects.csv", "field.height", "field.width", "error objects.csv:2:9 field.width pack.no_such_field [width]"},
	{"own field that is no number", "objects.csv", "8.5", "высокий", "error objects.csv:2:9 field.height pack.field_wrong [высокий number]"},
	{"object twice", "objects.csv", "lamp-1,lamp,Л-1,Фонарь,Lamp,60.06,30.05,uk,8.5", "lamp-1,lamp,Л-1,Фонарь,Lamp,60.06,30.05,uk,8.5\nlamp-1,lamp,Л-2,Фонарь,Lamp,60.06,30.05,uk,8.5", "error objects.csv:3:1 id pack.twice [lamp-1 2]"},
	{"object with swapped coordinates", "objects.csv", "60.06,30.05", "30.05,60.06", "error objects.csv:2:6 lat pack.swapped [60.06 30.05]"},
	{"object outside the city", "objects.csv", "60.06,30.05", "59.06,30.05", "error objects.csv:2:6 lat pack.out_of_bounds"},
	{"field of a kind", "object_kinds.csv", "40,height", "40,width", "error object_kinds.csv:2:4 fields pack.no_such_field [width]"},
	{"id of a kind", "object_kinds.csv", "bin,У", "Bin!,У", "error object_kinds.csv:3:1 id pack.bad_id [Bin!]"},
	{"type of a field", "object_fields.csv", "height,number", "height,length", "error object_fields.csv:2:2 type pack.not_listed [length text, number, year, date, flag]"},
	{"objects of a topic", "topics.csv", "lamp;bin", "lantern", "error topics.csv:3:30 objects pack.no_such_kind [lantern]"},
	{"owner of an object", "objects.csv", "30.05,uk", "30.05,nobody", "error objects.csv:2:8 owner pack.no_such_organisation [nobody]"},
	{"kind of an organisation", "organisations.csv", "company", "firm", "error organisations.csv:3:2 kind pack.not_listed"},
	{"parent of an organisation", "organisations.csv", ",adm,7801000001", ",mda,7801000001", "error organisations.csv:3:7 parent pack.no_such_organisation [mda]"},
	{"tax number", "organisations.csv", "7801000001", "78010", "error organisations.csv:3:8 inn pack.inn [78010]"},
	{"mail", "organisations.csv", "adm@tiny.example", "adm at tiny", "error organisations.csv:2:10 email pack.email"},
	{"role", "people.csv", "executor;controller", "executor;boss", "error people.csv:3:3 roles resident.role_unknown [boss]"},
	{"organisation of a person", "people.csv", "controller,uk", "controller,ku", "error people.csv:3:4 organisation pack.no_such_organisation [ku]"},
	{"area of a person", "people.csv", "north", "west", "error people.csv:3:9 areas pack.no_such_area [west]"},
	{"login twice", "people.csv", "north,petr", "north,vera", "error people.csv:3:10 login pack.twice [vera 2]"},
	{"route to an unknown body", "routing.csv", "102,uk", "102,ku", "error routing.csv:4:5 executor pack.no_such_organisation"},
	{"area of a route", "routing.csv", "north", "east", "error routing.csv:3:3 area pack.no_such_area [east]"},
	{"house of a route", "routing.csv", "*,102", "*,103", "error routing.csv:4:4 house pack.no_such_house [103]"},
	{"scope of a route", "routing.csv", "category:2", "branch:2", "error routing.csv:3:2 topic pack.not_scope [branch:2]"},
	{"day of a route", "routing.csv", "2021-01-01", "1 января", "error routing.csv:4:10 valid_from deadline.date"},
	{"route twice", "routing.csv", "2,category:2,north", "2,*,*", "error routing.csv:3:2 topic pack.twice"},
	{"route that can never win", "routing.csv", "2,category:2,north", "4,8,*,*,uk,,,,,\n2,category:2,north", "warning routing.csv:4:2 topic pack.route_dead [2]"},
	{"topic without a route", "routing.csv", "1,*,*,*", "1,*,north,*", "warning topics.csv:2:1 id pack.topic_without_route [8]"},
	{"what follows a clause", "clauses.csv", "mend", "mending", "error clauses.csv:2:6 next pack.not_listed"},
	{"link of a next step", "next_steps.csv", "https://", "http://", "error next_steps.csv:2:5 value pack.url"},
	{"phone of a next step", "next_steps.csv", "112", "", "error next_steps.csv:3:5 value pack.empty"},
	{"placeholder", "templates.csv", "{date}", "{when}", "error templates.csv:3:4 text.ru pack.placeholder"},
	{"example of an unknown topic", "examples.csv", "9,", "10,", "error examples.csv:3:1 topic pack.no_such_topic [10]"},
	{"example without a text", "examples.csv", "Яма у подъезда", "", "error examples.csv:2:2 text pack.empty"},
	{"mark of a day", "calendar/2026.xml", `t="1"`, `t="7"`, "error calendar/2026.xml:4  deadline.calendar_mark"},
	{"year of a calendar", "calendar/2026.xml", `year="2026"`, `year="2025"`, "error calendar/2026.xml  deadline.calendar_file_name [2026 2025]"},
	{"text that is empty", "texts/rules.en.md", "# Rules\n", " \n", "error texts/rules.en.md  pack.empty_file"},
	{"geometry of the map", "base/roads.geojson", "[30.04,60.06]", "[300,60.06]", "error base/roads.geojson:2 geometry pack.geometry"},
	{"house of an outline", "base/buildings.geojson", "101", "777", "warning base/buildings.geojson:2 house pack.no_such_house [777]"},
	{"photo of a story", "story.ndjson", "pothole.jpg", "hole.jpg", "error story.ndjson:1 photos pack.no_such_photo [hole.jpg]"},
	{"step of a story", "story.ndjson", `"accept"`, `"swallow"`, "error story.ndjson:1 do pack.not_listed"},
	{"wait of a story", "story.ndjson", "16h", "16 hours", "error story.ndjson:1 after pack.not_wait [16 hours]"},
	{"key of a story", "story.ndjson", `"via"`, `"viа"`, "error story.ndjson:1  pack.json"},
	{"who acts in a story", "story.ndjson", `"by":"vera"`, `"by":"olga"`, "warning story.ndjson:1 by pack.no_such_login [olga]"},
	{"encoding", "clauses.csv", "Не видно", "\xcd\xe5", "error clauses.csv:2  pack.not_utf8"},
}

func TestEverySlipIsReportedWhereItStands(t *testing.T) {
	t.Parallel()
	phrases, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range broken {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, r := pack.Read(packtest.With(c.file, c.old, c.new))
			found := slices.ContainsFunc(r.Problems, func(p pack.Problem) bool { return strings.HasPrefix(said(p), c.want) })
			if !found {
				t.Errorf("want %s, got:\n%s", c.want, all(r))
			}
			if isError := strings.HasPrefix(c.want, "error"); isError != (r.Err() != nil) {
				t.Errorf("error of the report: %v", r.Err())
			}
			for _, p := range r.Problems {
				if strings.HasPrefix(p.Reason, "resident.") {
					continue // that package sees to its own phrases
				}
				if text := phrases.T(locale.EN, p.Reason, p.Args...); strings.ContainsAny(text, "⟦{") && p.Reason != "pack.placeholder" {
					t.Errorf("%s is said as %q", said(p), text)
				}
			}
		})
	}
}

func TestReadingDoesNotStopAtTheFirstBrokenRow(t *testing.T) {
	t.Parallel()
	files := packtest.Files()
	files["examples.csv"] = &fstest.MapFile{Data: []byte("topic,text\n8,\n77,Есть\n,Есть\n8,\"a\"b\n9,Хорошо\nx,Есть\n0,Привет\n")}
	files["city.toml"] = packtest.With("city.toml", "photos = 10", "photos = -1")["city.toml"]
	p, r := pack.Read(files)
	if r.Errors != 6 {
		t.Errorf("%d errors, want 6:\n%s", r.Errors, all(r))
	}
	if len(p.Examples) != 2 || p.Examples[0].Text != "Хорошо" || p.Examples[1].Topic != 0 {
		t.Errorf("examples: %v", p.Examples)
	}
}

func TestAReportListsEveryProblemAndPutsTheSameOnesTogether(t *testing.T) {
	t.Parallel()
	files := packtest.Files()
	files["examples.csv"] = &fstest.MapFile{Data: []byte("topic,text\n" + strings.Repeat("77,Есть\n", 2000) + "x,Есть\n")}
	_, r := pack.Read(files)
	if r.Errors != 2001 || len(r.Problems) != 2001 || r.More() != 0 {
		t.Errorf("%d errors, %d listed, %d more", r.Errors, len(r.Problems), r.More())
	}
	groups := r.Groups()
	if len(groups) != 2 || groups[0].Line != 2 || len(groups[0].Others) != 1999 || groups[0].Others[1998].Line != 2001 || len(groups[1].Others) != 0 {
		t.Errorf("%d groups: %+v", len(groups), groups)
	}
}

func TestEveryRowThatLacksATranslationIsListed(t *testing.T) {
	t.Parallel()
	files := packtest.Files()
	files["topics.csv"] = &fstest.MapFile{Data: []byte(strings.NewReplacer("Pothole", "", "Dark", "").Replace(string(files["topics.csv"].Data)))}
	_, r := pack.Read(files)
	i := slices.IndexFunc(r.Problems, func(p pack.Problem) bool { return p.Reason == "pack.untranslated" && p.Field == "name.en" })
	if i < 0 || len(r.Problems[i].Lines) != r.Problems[i].Args[0] || r.Problems[i].Lines[0] != 2 {
		t.Errorf("the report says %+v", r.Problems)
	}
}

func TestWhatAPackLacksHasADefaultThatIsTold(t *testing.T) {
	t.Parallel()
	files := packtest.Files()
	for name := range files {
		if !slices.Contains([]string{"city.toml", "topics.csv", "areas/areas.geojson", "organisations.csv", "routing.csv"}, name) {
			delete(files, name)
		}
	}
	files["city.toml"] = &fstest.MapFile{Data: []byte("id = \"tiny\"\nzone = \"Europe/Moscow\"\nbounds = [30, 60, 30.1, 60.1]\n[name]\nru = \"Крошкино\"\n")}
	files["routing.csv"] = &fstest.MapFile{Data: []byte("id,topic,area,house,executor,coordinator,controller\n1,*,*,*,adm,,\n")}
	p, r := pack.Read(files)
	if r.Err() != nil {
		t.Fatal(all(r))
	}
	var lacking []string
	for _, d := range r.Defaulted {
		lacking = append(lacking, strings.TrimSpace(d.File+" "+d.Field))
	}
	for _, want := range []string{
		"houses.csv", "terms.csv", "clauses.csv", "calendar", "base", "people.csv", "texts/rules.ru.md", "city.toml languages", "city.toml limits.photos",
	} {
		if !slices.Contains(lacking, want) {
			t.Errorf("the default of %s is not told: %v", want, lacking)
		}
	}
	if s := p.City.Settings; s.Photos != 10 || s.AutoCloseDays != 20 || !s.RefuseRepeats || p.City.Center.Lat != 60.05 {
		t.Errorf("city: %+v", p.City)
	}
}

func TestAFolderThatIsNoPackSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	p, r := pack.Read(fstest.MapFS{})
	for _, file := range []string{"city.toml", "topics.csv", "organisations.csv", "routing.csv"} {
		if !strings.Contains(all(r), "error "+file+"  pack.file_missing") {
			t.Errorf("%s is not missed:\n%s", file, all(r))
		}
	}
	if p == nil || r.Err() == nil {
		t.Error("an empty folder passed for a pack")
	}
}

func TestTheHashNamesTheContent(t *testing.T) {
	t.Parallel()
	one, _ := pack.Read(packtest.Files())
	again, _ := pack.Read(packtest.Files())
	other, _ := pack.Read(packtest.With("houses.csv", "1970", "1971"))
	shown, _ := pack.Read(packtest.With("story.ndjson", "Яма", "Дыра"))
	if one.Hash != again.Hash || one.Hash == "" {
		t.Error("the same content has two names")
	}
	if one.Hash == other.Hash {
		t.Error("a house changed and the hash did not")
	}
	if one.Hash != shown.Hash {
		t.Error("the story is not imported, but changes the hash")
	}
}

func TestAWaitOfAStory(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"30m": 30 * time.Minute, "16h": 16 * time.Hour, "3d": 72 * time.Hour} {
		if got, err := pack.ParseWait(text); err != nil || got != want {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "3", "-3d", "3w", "99999999999d"} {
		if got, err := pack.ParseWait(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

// TestEveryPhraseOfThePackageExists reads our own sources, so that no reason is
// shown to an administrator as a key.
func TestEveryPhraseOfThePackageExists(t *testing.T) {
	t.Parallel()
	phrases, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"(pack\.[a-z_]*[a-z])"`)
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range key.FindAllStringSubmatch(string(body), -1) {
			for _, lang := range locale.Langs() {
				if found[1] != pack.Switched && !phrases.Has(lang, found[1]) {
					t.Errorf("%s: %s is not in the catalogue of %s", file, found[1], lang)
				}
			}
		}
	}
}

// FuzzRead puts anything in the place of any file: nothing may panic, every
// problem names its file, and a report can be stored.
func FuzzRead(f *testing.F) {
	names := []string{}
	for name := range packtest.Files() {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		f.Add(uint8(i), packtest.Files()[name].Data)
	}
	for _, c := range broken {
		f.Add(uint8(slices.Index(names, c.file)), packtest.With(c.file, c.old, c.new)[c.file].Data)
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		files := packtest.Files()
		files[names[int(which)%len(names)]] = &fstest.MapFile{Data: data}
		p, r := pack.Read(files)
		for _, problem := range r.Problems {
			if problem.File == "" || problem.Reason == "" {
				t.Errorf("a problem without a place or reason: %+v", problem)
			}
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("the report cannot be stored: %v", err)
		}
		if p.Hash == "" {
			t.Error("no hash")
		}
	})
}

func BenchmarkReadTown(b *testing.B) {
	for b.Loop() {
		if _, r := pack.Read(os.DirFS(town)); r.Errors > 0 {
			b.Fatal(all(r))
		}
	}
}

func FuzzGeoJSONOfAPack(f *testing.F) {
	files := packtest.Files()
	f.Add(files["areas/areas.geojson"].Data, files["base/buildings.geojson"].Data)
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":1},"geometry":{"type":"MultiPolygon","coordinates":[[[[30,60],[30.1,60.1],[30.1,60],[30,60.1],[30,60]]]]}}]}`), []byte(`{"type":"FeatureCollection","features":[{"geometry":{"coordinates":[[[1e999]]]}}]}`))
	f.Add([]byte(`{"features":[[[[`), []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[]]}}]}`))
	f.Fuzz(func(t *testing.T, areas, base []byte) {
		files := packtest.Files()
		files["areas/areas.geojson"] = &fstest.MapFile{Data: areas}
		files["base/buildings.geojson"] = &fstest.MapFile{Data: base}
		p, r := pack.Read(files)
		if r.Err() == nil && len(p.Areas) == 0 {
			t.Error("a pack without areas was let through")
		}
	})
}
