package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gorod/internal/app/remote"
	"gorod/internal/city/pack/packtest"
	"gorod/packs"
)

// The tests of this file start the test binary again as gorod itself: a server
// of its own process, and commands beside it.

const childIsGorod = "GOROD_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(childIsGorod) != "" {
		main()
	}
	os.Exit(m.Run())
}

// child prepares a process of gorod.
func child(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childIsGorod+"=1", "GOROD_LISTEN=127.0.0.1:0")
	return cmd
}

// server is a running gorod serve.
type server struct {
	cmd     *exec.Cmd
	address string
	ended   bool
}

func serve(t *testing.T, config, db string) *server {
	t.Helper()
	s := &server{cmd: child(config, db, "serve")}
	var log bytes.Buffer
	s.cmd.Stderr = &log
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.end(t, os.Interrupt)
		if t.Failed() {
			t.Logf("the server said\n%s", log.String())
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server said %q and then %v", line, err)
	}
	s.address = strings.TrimSpace(strings.TrimPrefix(line, "Gorod listens on "))
	go io.Copy(io.Discard, out)
	return s
}

// end stops the server with a signal, once.
func (s *server) end(t *testing.T, signal os.Signal) {
	t.Helper()
	if s.ended {
		return
	}
	s.ended = true
	if err := s.cmd.Process.Signal(signal); err != nil {
		t.Error(err)
	}
	if err := s.cmd.Wait(); err != nil && signal != os.Kill {
		t.Errorf("the server ended with %v", err)
	}
}

// page reads a page of the server in Russian.
func (s *server) page(t *testing.T, path string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "ru")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// shows expects a topic of packtest under a name on a page.
func (s *server) shows(t *testing.T, name string) {
	t.Helper()
	if page := s.page(t, "/suggest?topic=8"); !strings.Contains(page, `"`+name+`"`) {
		t.Errorf("the page shows not %s but %s", name, page)
	}
}

// TestPagesShowAtOnceWhatACommandBesideTheServerChanged begins with an empty
// database: the first city comes while it is served, too.
func TestPagesShowAtOnceWhatACommandBesideTheServerChanged(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	s := serve(t, config, db)
	dir := folder(t, packtest.Files())
	do := func(args ...string) said { return gorod(append([]string{config, db}, args...)...) }
	do("import", "--dry-run", dir).expect(t, 0, "topics")
	do("import", dir).expect(t, 0, "Version 1 is in force", "topics")
	s.shows(t, "Яма")
	spoil(t, dir, "topics.csv", "Яма,Pothole", "Ямища,Pothole")
	do("import", dir).expect(t, 0, "Version 2 is in force")
	s.shows(t, "Ямища")
	do("import", "--back", dir).expect(t, 0, "Version 1 is in force again")
	s.shows(t, "Яма")
}

func TestEveryCommandHasItsWayBesideAServer(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	s := serve(t, config, db)
	dir := folder(t, packtest.Files())
	do := func(args ...string) said { return gorod(append([]string{config, db}, args...)...) }
	do("board").expect(t, 1, "no city")
	do("import", dir).expect(t, 0, "Version 1 is in force")
	do("board").expect(t, 0)
	do("--city=elsewhere", "board").expect(t, 1, "gorod: error:")
	do("jobs", "retry", "77").expect(t, 1, "gorod: error:")
	do("jobs", "drop", "77").expect(t, 1, "gorod: error:")
	do("replay", "--json", oneHistory(t)).expect(t, 0, `"replayed": 1`)
	// What only reads goes on beside the server.
	do("verify").expect(t, 0, "1 problems, 0 flaws, 0 stale board rows")
	do("export").expect(t, 0, "Темно у дома")
	do("jobs").expect(t, 0)
	do("route", "9", "--house=102").expect(t, 0, "rule 3")
	do("serve").expect(t, 1, "in use")
	if page := s.page(t, "/map"); !strings.Contains(page, `data-number="70001"`) {
		t.Errorf("the replayed problem is not on the list\n%s", page)
	}
	spoil(t, dir, "topics.csv", "Яма,Pothole,near", "Яма,Pothole,sideways")
	do("import", dir).expect(t, 1, "topics.csv:2:", "nothing was changed")
}

// oneHistory is a file in the shape of the portal's.
func oneHistory(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "histories.ndjson.gz")
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	fmt.Fprintln(zip, `{"id":70001,"author":"a","reason_id":9,"lat":60.06,"lon":30.05,`+
		`"responsible":{"executor":{"organization_name":"Уютный дом"}},"events":[`+
		`{"t":"petition","dt":"2026-03-02T08:00:00","body":"Темно у дома"},{"t":"status","dt":"2026-03-02T08:00:00","name":"Модерация"},`+
		`{"t":"status","dt":"2026-03-03T09:00:00","name":"Рассмотрение"}]}`)
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPathsAreThoseOfWhoeverGaveTheCommand(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	serve(t, config, db)
	dir := folder(t, packtest.Files())
	cmd := child(config, db, "import", filepath.Base(dir))
	cmd.Dir = filepath.Dir(dir)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "Version 1 is in force") {
		t.Errorf("%v, said\n%s", err, out)
	}
}

func TestAServerThatWasKilledHindersNobody(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	socket := strings.TrimPrefix(db, "--db=") + ".sock"
	dir := folder(t, packtest.Files())
	first := serve(t, config, db)
	gorod(config, db, "import", dir).expect(t, 0, "Version 1 is in force")
	first.end(t, os.Kill)
	if _, err := os.Lstat(socket); err != nil {
		t.Fatalf("the killed server left no socket: %v", err)
	}
	// Without a server a command does its work itself.
	spoil(t, dir, "topics.csv", "Яма,Pothole", "Ямища,Pothole")
	gorod(config, db, "import", dir).expect(t, 0, "Version 2 is in force")
	// With a new one that server does it.
	second := serve(t, config, db)
	second.shows(t, "Ямища")
	gorod(config, db, "import", "--back", dir).expect(t, 0, "Version 1 is in force again")
	second.shows(t, "Яма")
	if info, err := os.Lstat(socket); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("the socket: %v, %v", info, err)
	}
	second.end(t, os.Interrupt)
	if _, err := os.Lstat(socket); !os.IsNotExist(err) {
		t.Errorf("a server that ended well left its socket: %v", err)
	}
}

// stopper cancels something at the first word it hears.
type stopper struct {
	strings.Builder
	stop func()
}

func (s *stopper) Write(p []byte) (int, error) {
	s.stop()
	return s.Builder.Write(p)
}

func TestACommandThatIsStoppedStopsInTheServer(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	s := serve(t, config, db)
	dir := folder(t, packs.Zarechny())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heard := &stopper{stop: cancel}
	// The import speaks of what the pack leaves out before it loads seconds of rows.
	if code := run(ctx, []string{config, db, "import", dir}, heard, heard); code != 1 || !strings.Contains(heard.String(), "context canceled") {
		t.Errorf("exit code %d, said\n%s", code, heard.String())
	}
	if page := s.page(t, "/suggest?topic=2"); strings.Contains(page, "Низкая температура") {
		t.Errorf("the page shows %s", page)
	}
}

func TestWhatIsNotMeantForAServerIsRefusedByIt(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	serve(t, config, db)
	for _, args := range [][]string{{"serve"}, {"demo"}, {"storybook"}, {"verify"}, {"config"}, {"jobs", "list"}} {
		var out, err strings.Builder
		code, broken := remote.Send(t.Context(), strings.TrimPrefix(db, "--db=")+".sock", remote.Call{Args: args, Dir: t.TempDir()}, &out, &err)
		if code != 1 || broken != nil || !strings.Contains(err.String(), "stop the server first") {
			t.Errorf("%s: exit code %d, %v, said %q", args, code, broken, out.String()+err.String())
		}
	}
}
