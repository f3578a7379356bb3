package arch

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// rules are all that is kept.
var rules = []struct {
	name  string
	check func(*tree) []finding
}{
	{"imports go inward", checkLayers},
	{"capabilities stand in an order", checkOrder},
	{"each file knows only what is its own", checkFiles},
	{"packages are named after what they are for", checkNames},
	{"nothing happens by being imported", checkInit},
	{"files and functions are short", checkSize},
	{"packages and exported names are explained", checkComments},
	{"migrations are numbered and led by the city", checkMigrations},
	{"links lead somewhere", checkLinks},
	{"no words of one machine", checkWords},
}

func TestTheHouseIsInOrder(t *testing.T) {
	t.Parallel()
	house, err := load(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(house.files) < 20 {
		t.Fatalf("only %d files were found: this is not the house", len(house.files))
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			for _, f := range sortedFindings(rule.check(house)) {
				t.Error(f)
			}
		})
	}
}

// root is the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above the test")
	}
}

func sortedFindings(list []finding) []string {
	var lines []string
	for _, f := range list {
		lines = append(lines, f.String())
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// planted is a tree with one violation, or with something that looks like one.
type planted struct {
	name  string
	files map[string]string
	want  string // part of the one finding; "" when there is none
}

func try(t *testing.T, check func(*tree) []finding, cases []planted) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{}
			for name, body := range c.files {
				fsys[name] = &fstest.MapFile{Data: []byte(body)}
			}
			house, err := load(fsys)
			if err != nil {
				t.Fatal(err)
			}
			got := sortedFindings(check(house))
			switch {
			case c.want == "" && len(got) > 0:
				t.Errorf("found %v", got)
			case c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)):
				t.Errorf("found %q, want one with %q", got, c.want)
			}
		})
	}
}

// imports is a Go file that imports the given folders of ours.
func imports(pkg string, folders ...string) string {
	body := "package " + pkg + "\n"
	for _, folder := range folders {
		body += "import _ \"" + module + folder + "\"\n"
	}
	return body
}

func one(name, body string) map[string]string { return map[string]string{name: body} }

func TestImportsThatGoOutwardAreFound(t *testing.T) {
	t.Parallel()
	const city, channel, platform = "internal/city/", "internal/channel/", "internal/platform/"
	try(t, checkLayers, []planted{
		{"cmd imports app", one("cmd/gorod/main.go", imports("main", "internal/app")), ""},
		{"app imports cmd", one("internal/app/a.go", imports("app", "cmd/gorod")), "internal/app may not import cmd"},
		{"channel imports city", one(channel+"web/a.go", imports("web", city+"problem")), ""},
		{"channel imports app", one(channel+"web/a.go", imports("web", "internal/app")), "inward only"},
		{"a test of a channel imports app", one(channel+"web/a_test.go", imports("web", "internal/app")), "inward only"},
		{"the browser's journey imports app", one(channel+"web/browser/a_test.go", imports("browser", "internal/app")), ""},
		{"a channel imports a part of itself", one(channel+"web/a.go", imports("web", channel+"web/view")), ""},
		{"a channel imports another", one(channel+"web/a.go", imports("web", channel+"api")), "channels do not import each other"},
		{"city imports a channel", one(city+"problem/a.go", imports("problem", channel+"web")), "internal/city may not import internal/channel"},
		{"a test of city imports a channel", one(city+"problem/a_test.go", imports("problem", channel+"web")), "inward only"},
		{"city imports platform", one(city+"problem/a.go", imports("problem", platform+"sqldb")), ""},
		{"platform imports city", one(platform+"job/a.go", imports("job", city+"problem")), "internal/platform may not import internal/city"},
		{"platform imports by a listed edge", one(platform+"job/a.go", imports("job", platform+"sqldb")), ""},
		{"platform imports fault", one(platform+"geo/a.go", imports("geo", platform+"fault")), ""},
		{"platform imports by another edge", one(platform+"sqldb/a.go", imports("sqldb", platform+"job")), "sqldb → job is not listed"},
		{"a test of platform does", one(platform+"sqldb/a_test.go", imports("sqldb", platform+"job")), ""},
		{"packs are for all", one(city+"pack/a.go", imports("pack", "packs")), ""},
		{"packs import nothing", one("packs/a.go", imports("packs", platform+"geo")), "inward only"},
		{"a package beside the layers", one("internal/stuff/a.go", "package stuff"), "in none of the layers"},
		{"an import from beside the layers", one(city+"problem/a.go", imports("problem", "internal/stuff")), "in none of the layers"},
		{"this test imports the house", one("internal/arch/a.go", imports("arch", platform+"fault")), "imports nothing of the house"},
	})
}

func TestCapabilitiesOutOfOrderAreFound(t *testing.T) {
	t.Parallel()
	const city = "internal/city/"
	cases := []planted{
		{"problem imports routing", one(city+"problem/a.go", imports("problem", city+"routing")), ""},
		{"routing imports problem", one(city+"routing/a.go", imports("routing", city+"problem")), "problem comes after routing"},
		{"samples of routing import problem", one(city+"routing/routingtest/a.go", imports("routingtest", city+"problem")), "problem comes after routing"},
		{"a test of routing imports problem", one(city+"routing/a_test.go", imports("routing", city+"problem")), ""},
		{"suggest imports board", one(city+"suggest/a.go", imports("suggest", city+"board")), "board comes after suggest"},
		{"resident imports org", one(city+"resident/a.go", imports("resident", city+"org")), ""},
		{"org imports resident", one(city+"org/a.go", imports("org", city+"resident")), "this edge is not listed"},
		{"routing imports deadline", one(city+"routing/a.go", imports("routing", city+"deadline")), "this edge is not listed"},
		{"schema imports board", one(city+"schema/a.go", imports("schema", city+"board")), ""},
		{"problem imports schema", one(city+"problem/a.go", imports("problem", city+"schema")), "list of migrations"},
		{"problem imports a part of itself", one(city+"problem/a.go", imports("problem", city+"problem/state")), ""},
		{"an unknown capability is imported", one(city+"board/a.go", imports("board", city+"poll")), "poll is not in the order"},
	}
	try(t, checkLayers, cases)
	try(t, checkOrder, []planted{
		{"a known capability", one(city+"board/a.go", "package board"), ""},
		{"an unknown capability", one(city+"poll/a.go", "package poll"), "poll is not in the order"},
	})
}

func TestFilesThatKnowTooMuchAreFound(t *testing.T) {
	t.Parallel()
	const dir = "internal/city/problem/"
	doc := func(name, body string) map[string]string {
		return map[string]string{dir + "doc.go": "package problem", dir + name: body}
	}
	sqldb := imports("problem", "internal/platform/sqldb")
	try(t, checkFiles, []planted{
		{"the store knows the database", doc("store.go", sqldb), ""},
		{"a part of the store too", doc("store_feed.go", sqldb), ""},
		{"the service too", doc("service.go", sqldb), ""},
		{"jobs and events too", doc("jobs.go", sqldb), ""},
		{"rules do not", doc("problem.go", sqldb), "problem.go may not import gorod/internal/platform/sqldb"},
		{"rules know no raw database", doc("problem.go", "package problem\nimport _ \"database/sql\""), "may not import database/sql"},
		{"rules know no HTTP", doc("problem.go", "package problem\nimport _ \"net/http\""), "may not import net/http"},
		{"a test knows what it likes", doc("problem_test.go", sqldb), ""},
		{"samples know what they like", one(dir+"problemtest/sent.go", sqldb), ""},
		{"SQL in the store", doc("store.go", "package problem\nconst q = `SELECT 1`"), ""},
		{"SQL in the service", doc("service.go", "package problem\nconst q = `\n\tSELECT id FROM problem`"), "service.go holds SQL (SELECT)"},
		{"SQL that writes", doc("problem.go", `package problem; const q = "DELETE FROM problem"`), "holds SQL (DELETE FROM)"},
		{"prose is no SQL", doc("problem.go", `package problem; const q = "select one, update it"`), ""},
		{"doc.go is missing", one(dir+"problem.go", "package problem"), "doc.go is missing"},
	})
}

func TestVagueNamesAreFound(t *testing.T) {
	t.Parallel()
	try(t, checkNames, []planted{
		{"a name of the domain", one("internal/city/problem/a.go", "package problem"), ""},
		{"a vague package", one("internal/platform/text/a.go", "package util"), "util says nothing"},
		{"a vague folder", one("internal/common/a.go", "package text"), "common says nothing"},
		{"a vague package of tests", one("internal/platform/text/a_test.go", "package helpers_test"), "helpers_test says nothing"},
	})
}

func TestInitIsFound(t *testing.T) {
	t.Parallel()
	try(t, checkInit, []planted{
		{"a method named init", one("a.go", "package a\ntype r struct{}\nfunc (r) init() {}"), ""},
		{"func init", one("a.go", "package a\nfunc init() {}"), "a.go:2: func init"},
		{"func init in a test", one("a_test.go", "package a\nfunc init() {}"), "func init"},
		{"a file that is never built", one("a.go", "//go:build ignore\n\npackage a\nfunc init() {}"), ""},
	})
}

func TestLongFilesAndFunctionsAreFound(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return "package a\nfunc f() {\n" + strings.Repeat("_ = 1\n", n-2) + "}\n" }
	try(t, checkSize, []planted{
		{"a function of 120 lines", one("a.go", long(120)), ""},
		{"a function of 121 lines", one("a.go", long(121)), "func f has 121 lines"},
		{"a file of 600 lines", one("a.go", "package a"+strings.Repeat("\n", 600)), ""},
		{"a file of 601 lines", one("a.go", "package a"+strings.Repeat("\n", 601)), "601 lines, more than 600"},
	})
}

func TestWhatIsNotExplainedIsFound(t *testing.T) {
	t.Parallel()
	const doc = "// Package a is for b.\npackage a\n"
	try(t, checkComments, []planted{
		{"all is explained", one("a.go", doc+"// F does.\nfunc F() {}\n// T is.\ntype T int\n// M does.\nfunc (T) M() {}\nconst (\n// A is.\nA = 1\nB = 2 // B is.\n)\n"), ""},
		{"the package is not", one("a/a.go", "package a"), "package a has no comment"},
		{"one comment a package is enough", map[string]string{"a.go": doc, "b.go": "package a"}, ""},
		{"a function is not", one("a.go", doc+"func F() {}"), "F is exported"},
		{"a method is not", one("a.go", doc+"// T is.\ntype T int\nfunc (*T) M() {}"), "M is exported"},
		{"a method of a generic type is not", one("a.go", doc+"// T is.\ntype T[A any] int\nfunc (*T[A]) M() {}"), "M is exported"},
		{"a method nobody reaches", one("a.go", doc+"type t int\nfunc (t) M() {}"), ""},
		{"a method of the standard library", one("a.go", doc+"// T is.\ntype T int\nfunc (T) String() string { return \"\" }"), ""},
		{"a type is not", one("a.go", doc+"type T int"), "T is exported"},
		{"a type in a group is not", one("a.go", doc+"// Both are.\ntype (\nT int\n)"), "T is exported"},
		{"a constant is not", one("a.go", doc+"const A = 1"), "A is exported"},
		{"a group of constants is", one("a.go", doc+"// The states.\nconst (\nA = 1\nB = 2\n)"), ""},
		{"tests need not be", one("a_test.go", "package a\nfunc TestX() {}"), ""},
	})
}

func TestMigrationsOutOfOrderAreFound(t *testing.T) {
	t.Parallel()
	const a, b = "internal/city/problem/migrations/", "internal/city/board/migrations/"
	table := func(columns string) string { return "CREATE TABLE problem (" + columns + ");" }
	good := table("\n\tcity BIGINT NOT NULL,\n\tid BIGINT NOT NULL,\n\tprice NUMERIC(10, 2),\n\tPRIMARY KEY (city, id)\n")
	try(t, checkMigrations, []planted{
		{"led by the city", one(a+"0100_problem.sql", good), ""},
		{"a bad name", one(a+"1_problem.sql", good), "is not named NNNN"},
		{"an unknown engine", one(a+"0100_problem.mysql.sql", good), "is not named NNNN"},
		{"two of one number", map[string]string{a + "0100_problem.sql": good, b + "0100_row.sql": good}, "has the number of"},
		{"a pair of variants", map[string]string{a + "0100_fts.sqlite.sql": good, a + "0100_fts.postgres.sql": good}, ""},
		{"half a pair", one(a+"0100_fts.sqlite.sql", good), "once for each of the two"},
		{"a pair and a third", map[string]string{a + "0100_f.sqlite.sql": good, a + "0100_f.postgres.sql": good, a + "0100_f.sql": good}, "either once for both"},
		{"led by an id", one(a+"0100_problem.sql", table("id BIGINT PRIMARY KEY, city BIGINT")), `led by "id"`},
		{"led by an id in a key of two", one(a+"0100_problem.sql", table("city BIGINT, id BIGINT, PRIMARY KEY (id, city)")), `led by "id"`},
		{"without a key", one(a+"0100_problem.sql", table("city BIGINT, id BIGINT")), `led by ""`},
		{"with a named key", one(a+"0100_problem.sql", table("city BIGINT, CONSTRAINT k PRIMARY KEY (city, id)")), ""},
		{"led by the city as its only key", one(a+"0100_problem.sql", table("city BIGINT PRIMARY KEY")), ""},
		{"a key in a comment", one(a+"0100_problem.sql", "-- CREATE TABLE x (id BIGINT PRIMARY KEY);\n"+good), ""},
		{"if not exists", one(a+"0100_problem.sql", "create table if not exists problem (id BIGINT PRIMARY KEY)"), `led by "id"`},
		{"listed with a reason", one(a+"0100_city.sql", "CREATE TABLE city (id BIGINT PRIMARY KEY)"), ""},
		{"an index of text is no table", one(a+"0100_f.sql", "CREATE VIRTUAL TABLE f USING fts5(body)"), ""},
	})
}

func TestLinksThatLeadNowhereAreFound(t *testing.T) {
	t.Parallel()
	page := func(body string) map[string]string {
		return map[string]string{"docs/a.md": body, "docs/b.md": "", "README.md": ""}
	}
	try(t, checkLinks, []planted{
		{"beside", page("[b](b.md)"), ""},
		{"above", page(`[r](../README.md#run "the title")`), ""},
		{"a folder", page("[d](../docs/)"), ""},
		{"nowhere", page("\n[c](c.md)"), "docs/a.md:2: the link c.md leads nowhere"},
		{"a picture nowhere", page("![c](c.png)"), "c.png leads nowhere"},
		{"out of the repository", page("[c](../../other/c.md)"), "leads nowhere"},
		{"from the top of the disk", page("[c](/docs/b.md)"), "leads nowhere"},
		{"the world outside", page("[c](https://gorod.example/c.md) [m](mailto:a@b.example) [p](#part)"), ""},
		{"inside code", page("```\n[c](c.md)\n```\n"), ""},
		{"fetched documents", one("web/node_modules/x/a.md", "[c](c.md)"), ""},
	})
}

func TestWordsOfOneMachineAreFound(t *testing.T) {
	t.Parallel()
	try(t, checkWords, []planted{
		{"nothing", one("a.md", "Gorod is a city platform. See #12."), ""},
		{"a registry", one("web/package-lock.json", "\n\"resolved\": \"https://registry.npm"+"js.org/x\""), "lock.json:2: \"registry.npm" + "js.\" is the host of a package registry"},
		{"a path of a build machine", one("a.go", "package a // see /wo"+"rk/shared/design.md"), "a path of a build machine"},
		{"a home", one("run", "cd /ro"+"ot/x"), "a path of a build machine"},
		{"a page of ours", one("a.go", "package a // GET /staff/work/17, /work/17"), ""},
		{"a longer path", one("a.md", "see docs/work/main/x"), ""},
		{"to do without a number", one("a.go", "package a // TO"+"DO later"), "without the number of an issue"},
		{"to do with a number", one("a.go", "package a // TO"+"DO(#12) later"), ""},
		{"a picture", one("a.png", "\x89PNG\x00 /ro"+"ot/ TO"+"DO"), ""},
		{"what was built", one("build/a.txt", "/ro"+"ot/x"), ""},
	})
}
