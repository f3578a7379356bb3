package main

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorod/internal/city/pack/packtest"
	"gorod/packs"
)

// in runs a command as a process of its own in a folder.
func in(t *testing.T, dir string, environ []string, args ...string) said {
	t.Helper()
	cmd := child(args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Env, environ...)
	var out, err strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &err
	if broken := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(broken)
	}
	return said{cmd.ProcessState.ExitCode(), out.String(), err.String()}
}

// holds lists what is in a folder, by path.
func holds(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if path != dir {
			names = append(names, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestWhatOnlyReadsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	gorod(config, db, "import", folder(t, packtest.Files())).expect(t, 0)
	path := strings.TrimPrefix(db, "--db=")
	if err := os.Remove(filepath.Join(filepath.Dir(path), "secret.key")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(filepath.Dir(path), "photos")); err != nil {
		t.Fatal(err)
	}
	before := holds(t, filepath.Dir(path))
	here := t.TempDir()
	for _, args := range [][]string{{"verify"}, {"export"}, {"jobs"}, {"route", "9", "--house=102"}, {"doctor"}, {"config"}} {
		in(t, here, nil, append([]string{db}, args...)...)
		if left := holds(t, here); len(left) > 0 {
			t.Errorf("%s left %v where it was called", args[0], left)
		}
		for _, name := range holds(t, filepath.Dir(path)) {
			if !slices.Contains(before, name) && !strings.HasSuffix(name, "-wal") && !strings.HasSuffix(name, "-shm") {
				t.Errorf("%s left %s beside the database", args[0], name)
			}
		}
	}
}

func TestAComparisonOnANewPathMakesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	town := folder(t, packtest.Files())
	in(t, dir, nil, "--db=new.db", "import", "--dry-run", town).expect(t, 0, "topics           +2")
	in(t, dir, nil, "--db=new.db", "verify").expect(t, 1, "There is no database new.db yet")
	if left := holds(t, dir); len(left) > 0 {
		t.Errorf("there is %v", left)
	}
	gorod("import", "--dry-run", "--back", town).expect(t, 2, "--dry-run")
}

func TestEverythingOfACityLiesBesideItsDatabase(t *testing.T) {
	t.Parallel()
	here, there := t.TempDir(), t.TempDir()
	db := "--db=" + filepath.Join(there, "town.db")
	in(t, here, nil, db, "import", folder(t, packtest.Files())).expect(t, 0)
	if left := holds(t, here); len(left) > 0 {
		t.Errorf("there is %v where the command was given", left)
	}
	if made := holds(t, there); !slices.Contains(made, "secret.key") || !slices.Contains(made, "town.db") {
		t.Errorf("beside the database is %v", made)
	}
	// Whether the city is well depends on the year of its calendar and today.
	if s := in(t, here, nil, db, "doctor"); !strings.Contains(s.out, "ok    data         "+there) {
		t.Errorf("the doctor said\n%s%s", s.out, s.err)
	}
	in(t, here, nil, db, "config").expect(t, 0, "flag --db", there)
	if err := os.Chmod(filepath.Join(there, "town.db"), 0o644); err != nil {
		t.Fatal(err)
	}
	in(t, here, nil, db, "doctor").expect(t, 1, "may be read by everyone")
}

func TestTheDoctorWarnsOfTheYearThatHasNoCalendar(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	files := packtest.Files()
	for name := range files {
		if strings.HasPrefix(name, "calendar/") {
			delete(files, name)
		}
	}
	gorod(config, db, "import", folder(t, files)).expect(t, 0, "calendar: default: No production calendar")
	gorod(config, db, "doctor").expect(t, 1, "SICK  tiny calendar", "is missing", ".xml to the pack")
}

func TestBrokenRowsAreToldInSentencesWithTheirValues(t *testing.T) {
	t.Parallel()
	dir := folder(t, packtest.Files())
	spoil(t, dir, "topics.csv", "Яма,Pothole,near", "Яма,Pothole,near,,,,,,,,,,,,,,,,,,,,")
	spoil(t, dir, "routing.csv", "3,9,*,102,uk", "3,9,*,102,nobody")
	s := gorod("pack", "check", dir)
	s.expect(t, 1, "topics.csv:2: error: The row has ", " fields, the header ", "error: executor: Organisation “nobody” is not in the pack.")
	if strings.Contains(s.err, "pack.columns") || strings.Contains(s.err, "pack.no_such") {
		t.Errorf("a key is told:\n%s", s.err)
	}
	config, db := settle(t)
	gorod(config, db, "import", dir).expect(t, 1, "Organisation “nobody” is not in the pack.")
}

func TestTheSameWarningIsToldAFewTimesAndCounted(t *testing.T) {
	t.Parallel()
	dir := folder(t, packs.Zarechny())
	spoil(t, dir, "terms.csv", "*,review,", "category:1,review,")
	s := gorod("pack", "check", dir)
	s.expect(t, 0, "has no term for the stage review", "topics.csv: warning: and 193 more like this, in lines 8–", "--all names every one")
	if n := strings.Count(s.err, "has no term"); n != 3 {
		t.Errorf("the warning is told %d times", n)
	}
	var report struct {
		Warnings int
		Problems []struct{ Reason string }
	}
	if err := json.Unmarshal([]byte(gorod("pack", "check", "--json", dir).out), &report); err != nil {
		t.Fatal(err)
	}
	inAll := strings.Count(gorod("pack", "check", "--all", dir).err, "has no term")
	if inAll < 100 || report.Warnings != len(report.Problems) || len(report.Problems) < inAll {
		t.Errorf("--all tells %d, --json %d of %d", inAll, len(report.Problems), report.Warnings)
	}
	config, db := settle(t)
	gorod(config, db, "import", dir).expect(t, 0, "Every one of them: gorod pack check --all "+dir)
}

func TestLinesAreToldAsRanges(t *testing.T) {
	t.Parallel()
	if got := linesOf([]int{2, 3, 4, 7, 9, 9, 10}, true); got != "2–4, 7, 9–10" {
		t.Errorf("got %q", got)
	}
	if got := linesOf([]int{1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21}, false); got != "1, 3, 5, 7, 9, 11, 13, 15, 17, 19, …" {
		t.Errorf("got %q", got)
	}
}

func TestNothingToListIsSaid(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	gorod(config, db, "import", folder(t, packtest.Files())).expect(t, 0)
	gorod(config, db, "jobs").expect(t, 0, "No dead letters.")
	gorod(config, db, "route", "9", "--house=102").expect(t, 0, "executor uk (Уютный дом)")
	gorod("--version").expect(t, 0, "gorod ", "go1.")
}

func TestAnErasureOnPaperTakesTheWordsAndIsWrittenDown(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	do := func(args ...string) said { return gorod(append([]string{config, db}, args...)...) }
	do("import", folder(t, packtest.Files())).expect(t, 0)
	do("replay", oneHistory(t)).expect(t, 0)
	do("erase", "70001").expect(t, 2, "--reason")
	do("erase", "70001", "--reason=anna@example.org asks").expect(t, 1, "e-mail")
	do("erase", "70001", "--reason=two\nlines").expect(t, 1, "one line")
	do("erase", "77", "--reason=request 51").expect(t, 1)
	do("export").expect(t, 0, "Темно у дома")
	// A server that has the database does it as well.
	serve(t, config, db)
	do("erase", "70001", "--reason=request 51 of 12.11.2026").expect(t, 0, "Problem 70001: erased for good: texts 1, photos 0, contact no")
	if s := do("export"); s.code != 0 || strings.Contains(s.out, "Темно у дома") {
		t.Errorf("the words are still there:\n%s%s", s.out, s.err)
	}
	do("erase", "70001", "--reason=request 51 of 12.11.2026").expect(t, 0, "was erased before")
	do("verify", "--no-board").expect(t, 0, "1 problems, 0 flaws")
}

// demo starts gorod demo in a folder and gives the lines that it says at first.
func demo(t *testing.T, environ []string, args ...string) (address, greeting string) {
	t.Helper()
	dir := t.TempDir()
	files := packtest.Files()
	delete(files, "story.ndjson") // its photos are none
	town := folder(t, files)
	cmd := child(append([]string{"demo", "--dir=" + filepath.Join(dir, "demo"), "--pack=" + town}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Env, environ...)
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		greeting += lines.Text() + "\n"
		if _, after, ok := strings.Cut(lines.Text(), " is open: "); ok {
			t.Cleanup(func() {
				cmd.Process.Signal(os.Interrupt)
				cmd.Wait() // the demo is thrown away
			})
			return after, greeting
		}
	}
	t.Fatalf("the demo ended with %v and said\n%s%s", cmd.Wait(), greeting, log.String())
	return "", ""
}

func TestADemoListensWhereTheSettingsSayUnlessAFlagDoes(t *testing.T) {
	t.Parallel()
	if address, said := demo(t, []string{"GOROD_LISTEN=127.0.0.2:0"}); !strings.HasPrefix(address, "http://127.0.0.2:") {
		t.Errorf("the demo said\n%s", said)
	}
	if address, said := demo(t, []string{"GOROD_LISTEN=127.0.0.2:0"}, "--listen=127.0.0.3:0"); !strings.HasPrefix(address, "http://127.0.0.3:") {
		t.Errorf("the demo said\n%s", said)
	}
	c := demoCommand{Dir: "there", Listen: "127.0.0.1:8099"}
	con := &console{flags: &commands{}, given: c.settings()}
	settings, err := con.settings()
	if err != nil || settings.PublicURL != "http://127.0.0.1:8099" || settings.Data != "there" || !settings.Demo {
		t.Errorf("settings are %+v, %v", settings, err)
	}
}

func TestOnlyItsOwnerReadsTheFilesOfACity(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	s := serve(t, config, db)
	gorod(config, db, "import", folder(t, packtest.Files())).expect(t, 0)
	s.page(t, "/")
	path := strings.TrimPrefix(db, "--db=")
	for _, end := range []string{"", "-wal", "-shm", ".lock", ".sock"} {
		info, err := os.Stat(path + end)
		if err != nil || info.Mode().Perm()&0o007 != 0 {
			t.Errorf("gorod.db%s: %v, %v", end, info, err)
		}
	}
}
