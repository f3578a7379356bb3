package main

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorod/internal/app"
	"gorod/internal/city/pack/packtest"
	"gorod/packs"
)

// said is what a command left behind.
type said struct {
	code     int
	out, err string
}

func gorod(args ...string) said {
	var out, err strings.Builder
	code := run(context.Background(), args, &out, &err)
	return said{code, out.String(), err.String()}
}

// expect checks an exit code and what was said on either side.
func (s said) expect(t *testing.T, code int, phrases ...string) {
	t.Helper()
	if s.code != code {
		t.Errorf("exit code %d, want %d", s.code, code)
	}
	for _, p := range phrases {
		if !strings.Contains(s.out+s.err, p) {
			t.Errorf("%q is not said", p)
		}
	}
	if t.Failed() {
		t.Fatalf("stdout:\n%s\nstderr:\n%s", s.out, s.err)
	}
}

// folder writes files below a temporary folder.
func folder(t *testing.T, files fs.FS) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// settle gives a database of its own to a test, by flags alone.
func settle(t *testing.T) (config, db string) {
	t.Helper()
	dir := t.TempDir()
	config = filepath.Join(dir, "gorod.toml")
	if err := os.WriteFile(config, []byte("data = '"+filepath.ToSlash(dir)+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return "--config=" + config, "--db=" + filepath.Join(dir, "gorod.db")
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	gorod("--help").expect(t, 0, "serve", "demo", "import", "pack", "route", "replay", "verify", "export", "board", "doctor", "jobs", "config", "train", "suggest", "evaluate", "models")
	gorod("help").expect(t, 0, "serve", "outages import", "house passports")
	gorod("help", "outages", "import").expect(t, 0, "--layout")
	gorod("import", "--help").expect(t, 0, "--dry-run", "--back")
}

func TestWrongUsageEndsWithTwo(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"nothing":            {},
		"an unknown command": {"fly"},
		"an unknown flag":    {"verify", "--loudly"},
		"no folder":          {"import"},
		"no such folder":     {"import", "/nowhere/at/all"},
		"no number":          {"route", "lamp"},
	} {
		s := gorod(args...)
		if s.code != 2 || !strings.Contains(s.err, "gorod: error:") {
			t.Errorf("%s: exit code %d\n%s%s", name, s.code, s.out, s.err)
		}
	}
}

func TestConfigShowsEverySettingAndNoSecret(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "gorod.toml")
	content := "listen = '127.0.0.1:8099'\nsecret_key = 'do-not-tell-this-key-to-anyone-at-all-32'\n[mail]\nsmtp = 'mail.example:25'\nfrom = 'gorod@mail.example'\nuser = 'gorod'\npassword = 'hush-hush'\n[sms]\ngateway = 'https://sms.example/send'\n"
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOROD_SMS_TOKEN", "token-of-the-gateway")
	s := gorod("--config="+file, "--db=postgres://gorod:word-of-passage@db.example/gorod", "config")
	s.expect(t, 0, "127.0.0.1:8099", "mail.example:25", "db.example", "secret_key")
	for _, secret := range []string{"do-not-tell", "hush-hush", "token-of-the-gateway", "word-of-passage"} {
		if strings.Contains(s.out+s.err, secret) {
			t.Errorf("%q is told:\n%s%s", secret, s.out, s.err)
		}
	}
	gorod("config", "--example").expect(t, 0, "# listen", "# mail.smtp")
	if err := os.WriteFile(file, []byte("listne = 'x'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	gorod("--config="+file, "config").expect(t, 1, "listne", "listen")
}

func TestASoundPackPassesTheCheck(t *testing.T) {
	t.Parallel()
	dir := folder(t, packs.Zarechny())
	s := gorod("pack", "check", dir)
	s.expect(t, 0, "topics", "houses")
	if strings.Contains(s.err, "error") {
		t.Errorf("said\n%s", s.err)
	}
	s = gorod("pack", "check", "--json", dir)
	s.expect(t, 0)
	var report struct {
		Errors int            `json:"errors"`
		Counts map[string]int `json:"counts"`
	}
	if err := json.Unmarshal([]byte(s.out), &report); err != nil || report.Errors != 0 || report.Counts["topics"] == 0 {
		t.Errorf("report %+v, %v", report, err)
	}
}

// spoil replaces the first occurrence of old in a file of a pack.
func spoil(t *testing.T, dir, file, old, broken string) {
	t.Helper()
	path := filepath.Join(dir, file)
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), old) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(body), old, broken, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEveryBrokenRowIsNamedWithFileAndLine(t *testing.T) {
	t.Parallel()
	dir := folder(t, packtest.Files())
	spoil(t, dir, "topics.csv", "Яма,Pothole,near", "Яма,Pothole,sideways")
	spoil(t, dir, "houses.csv", ",60.061,", ",north of here,")
	spoil(t, dir, "routing.csv", "3,9,*,102,uk", "3,9,*,102,nobody")
	spoil(t, dir, "terms.csv", "*,processing,10,wd", "*,processing,ten,wd")
	spoil(t, dir, "people.csv", "1,Соколова Вера,moderator", "1,Соколова Вера,king")
	s := gorod("pack", "check", dir)
	s.expect(t, 1, "topics.csv:2:", "houses.csv:3:", "routing.csv:4:", "terms.csv:3:", "people.csv:2:", "5 broken rows")
	config, db := settle(t)
	s = gorod(config, db, "import", dir)
	s.expect(t, 1, "topics.csv:2:", "nothing was changed")
	gorod(config, db, "verify").expect(t, 1, "no city")
}

func TestACityFromItsPackOnTheCommandLine(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	dir := folder(t, packtest.Files())
	do := func(args ...string) said { return gorod(append([]string{config, db}, args...)...) }
	do("import", "--dry-run", dir).expect(t, 0, "topics")
	do("verify").expect(t, 1, "There is no database")
	do("import", dir).expect(t, 0, "Version 1 is in force", "topics")
	do("import", dir).expect(t, 0, "Nothing changed", "version 1")
	do("verify").expect(t, 0, "0 problems, 0 flaws, 0 stale board rows")
	do("export").expect(t, 0)
	do("board").expect(t, 0)
	do("jobs").expect(t, 0)
	do("--city=elsewhere", "verify").expect(t, 1)
	do("route", "9", "--house=102").expect(t, 0, "rule 3: executor uk", "Мостовая", "runner-up: rule 1: executor adm", "because:")
	do("route", "8", "--lat=60.06", "--lon=30.05").expect(t, 0, "Яма", "rule")
	do("route", "77").expect(t, 1)
	do("route", "9", "--lat=10", "--lon=10").expect(t, 1)
	spoil(t, dir, "topics.csv", "Яма,Pothole", "Ямища,Pothole")
	do("import", dir).expect(t, 0, "Version 2 is in force")
	do("import", "--back", dir).expect(t, 0, "Version 1 is in force again")
	do("jobs", "retry", "one").expect(t, 1, "no number")
	do("jobs", "drop", "1").expect(t, 1)
}

func TestASecondProcessIsToldThatTheDatabaseIsInUse(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	dir := folder(t, packtest.Files())
	gorod(config, db, "import", dir).expect(t, 0)
	cmd := commands{Config: strings.TrimPrefix(config, "--config="), DB: strings.TrimPrefix(db, "--db=")}
	held := holdOpen(t, &cmd)
	s := gorod(config, db, "import", dir)
	s.expect(t, 1, "gorod: error:", "in use")
	// Reading goes on beside a running server.
	gorod(config, db, "verify").expect(t, 0, "0 problems")
	if err := held(); err != nil {
		t.Fatal(err)
	}
	gorod(config, db, "import", dir).expect(t, 0, "Nothing changed")
}

// holdOpen opens the database as a server does, and gives what closes it.
func holdOpen(t *testing.T, cmd *commands) func() error {
	t.Helper()
	con := &console{ctx: context.Background(), out: io.Discard, err: io.Discard, flags: cmd}
	a, err := con.open(app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a.Close
}
