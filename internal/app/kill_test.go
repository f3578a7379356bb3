package app_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/board"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/event"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

// The tests of this file start the test binary again as a city of its own and
// kill it with SIGKILL at any moment. What a resident was told is done must be
// there afterwards, once.

// Variables of a child: what it does, and where.
const (
	childDoes  = "GOROD_TEST_CHILD"  // send, replay
	childDir   = "GOROD_TEST_DIR"    // folder of the database
	childEpoch = "GOROD_TEST_EPOCH"  // when its clock stood at sqldbtest.Start
	childNext  = "GOROD_TEST_NEXT"   // number of the next message of each sender
	senders    = 8                   // senders at once
	kills      = 26                  // of a sending city
	cuts       = 11                  // of a replaying one
	ready      = "ready"             // a child has opened its city
	finished   = "finished"          // a child has done all it had to
	tiny       = "tiny"              // key of the city of packtest
	histories  = "histories.json.gz" // invented, in the folder of the database
)

func TestMain(m *testing.M) {
	if does := os.Getenv(childDoes); does != "" {
		if err := child(does); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// openCity opens a city with full durability; its clock begins at
// sqldbtest.Start, so that no test depends on the season.
func openCity(dir string, epoch time.Time) (*app.App, error) {
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db")})
	if err != nil {
		return nil, err
	}
	clock := func() time.Time { return sqldbtest.Start.Add(time.Since(epoch)) }
	return app.Open(context.Background(), settings, slog.New(slog.DiscardHandler), app.Options{Clock: clock})
}

func child(does string) error {
	ctx := context.Background()
	epoch, err := time.Parse(time.RFC3339Nano, os.Getenv(childEpoch))
	if err != nil {
		return err
	}
	a, err := openCity(os.Getenv(childDir), epoch)
	if err != nil {
		return err
	}
	city, err := a.City(ctx, tiny)
	if err != nil {
		return err
	}
	fmt.Println(ready)
	if does == "send" {
		go a.Runner([]place.City{city}).Run(ctx)
		return sendForEver(ctx, a, city.ID)
	}
	file, err := os.Open(filepath.Join(os.Getenv(childDir), histories))
	if err != nil {
		return err
	}
	defer file.Close()
	runner := a.Replay(city.ID)
	runner.Workers = 4
	if _, err := runner.Run(ctx, file); err != nil {
		return err
	}
	fmt.Println(finished)
	return a.Close()
}

// sendForEver sends messages from all senders, each one after the other, and
// says on standard output which are acknowledged.
func sendForEver(ctx context.Context, a *app.App, city int64) error {
	failed := make(chan error, senders)
	for s, next := range strings.Split(os.Getenv(childNext), ",") {
		go func() {
			n := 0
			if _, err := fmt.Sscan(next, &n); err != nil {
				failed <- err
				return
			}
			for ; ; n++ {
				r, err := a.Problems.Do(ctx, resident.Who{City: city}, order(s, n))
				if err != nil {
					failed <- err
					return
				}
				fmt.Printf("ack %d %d %d\n", s, n, r.Number) // one write: a line is whole or not there
			}
		}()
	}
	return <-failed
}

func words(s, n int) string {
	return fmt.Sprintf("Фонарь %d не горит, пишу в %d раз", s, n)
}

// order is message n of a sender, with the retry key that its form would have.
func order(s, n int) problem.Order {
	return problem.Order{Key: fmt.Sprintf("the-form-of-sender-%02d-message-%06d", s, n), Command: problem.Send{
		Text: words(s, n), Topic: 9, Channel: "web", Contact: problem.Contact{Stairs: "1"},
		Place: place.Draft{Mark: place.FreePoint, Point: geo.Point{Lat: 60.06 + float64(s)/1000, Lon: 30.05}},
	}}
}

// life runs a child until it ends or is killed, a while after it is ready or,
// with early, after it was started. It gives the lines that the child said.
func life(t *testing.T, while time.Duration, early bool, environ ...string) (lines []string, killed bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), environ...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	kill := func() {
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
	}
	var timer *time.Timer
	if early {
		timer = time.AfterFunc(while, kill)
	}
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		if scan.Text() == ready && !early && while > 0 {
			timer = time.AfterFunc(while, kill)
		}
		lines = append(lines, scan.Text())
	}
	if timer != nil {
		defer timer.Stop()
	}
	err = cmd.Wait()
	if complaint.Len() > 0 {
		t.Fatalf("the city complained: %s", complaint.String())
	}
	return lines, err != nil
}

// found makes the tiny city in a folder and gives the moment its clock began.
func found(t testing.TB, dir string) time.Time {
	t.Helper()
	epoch := time.Now()
	a, err := openCity(dir, epoch)
	must(t, err)
	p, report := pack.Read(packtest.Files())
	must(t, report.Err())
	_, err = a.ImportPack(context.Background(), p, report, resident.DemoPassword{}, nil)
	must(t, err)
	must(t, a.Close())
	return epoch
}

func TestWhatWasAcknowledgedSurvivesKillNineOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	epoch := found(t, dir)
	dice := rand.New(rand.NewPCG(9, 9))
	acked := map[[2]int]int64{}
	next := make([]int, senders)
	for k := range kills {
		list := strings.Trim(strings.ReplaceAll(fmt.Sprint(next), " ", ","), "[]")
		early := k%6 == 5 // now and then while it opens the database
		lines, killed := life(t, time.Duration(30+dice.IntN(120))*time.Millisecond, early,
			childDoes+"=send", childDir+"="+dir, childEpoch+"="+epoch.Format(time.RFC3339Nano), childNext+"="+list)
		if !killed {
			t.Fatal("a sending city ended by itself")
		}
		for _, line := range lines {
			var s, n int
			var number int64
			if got, _ := fmt.Sscanf(line, "ack %d %d %d", &s, &n, &number); got != 3 {
				continue
			}
			if earlier, twice := acked[[2]int{s, n}]; twice {
				t.Errorf("message %d of sender %d was acknowledged as %d and as %d", n, s, earlier, number)
			}
			acked[[2]int{s, n}] = number
			next[s] = max(next[s], n+1)
		}
	}
	if len(acked) < kills {
		t.Fatalf("only %d messages were acknowledged in %d lives", len(acked), kills)
	}
	a, err := openCity(dir, epoch)
	must(t, err)
	defer a.Close()
	city, err := a.City(context.Background(), tiny)
	must(t, err)
	stored := everyMessageOnce(t, a, city.ID, acked)
	t.Logf("%d killed cities acknowledged %d messages; %d are stored", kills, len(acked), stored)
	everyMessageReachesTheBoard(t, a, city.ID)
	for s, n := range next {
		again, err := a.Problems.Do(context.Background(), resident.Who{City: city.ID}, order(s, max(n-1, 0)))
		must(t, err)
		if n > 0 && (!again.Again || again.Number != acked[[2]int{s, n - 1}]) {
			t.Errorf("sender %d repeats message %d: %+v, acknowledged as %d", s, n-1, again, acked[[2]int{s, n - 1}])
		}
	}
}

// everyMessageOnce holds what is stored against what was acknowledged.
func everyMessageOnce(t *testing.T, a *app.App, city int64, acked map[[2]int]int64) int {
	t.Helper()
	stored := map[string][]int64{}
	n := 0
	must(t, a.Problems.Export(context.Background(), city, func(e problem.Exported) error {
		stored[e.Feed[0].Text] = append(stored[e.Feed[0].Text], e.Number)
		n++
		return nil
	}))
	for body, numbers := range stored {
		if len(numbers) != 1 {
			t.Errorf("%q is stored as %v", body, numbers)
		}
	}
	lost := 0
	for key, number := range acked {
		if have := stored[words(key[0], key[1])]; len(have) == 0 || have[0] != number {
			if lost++; lost < 5 {
				t.Errorf("message %d of sender %d was acknowledged as %d and is stored as %v", key[1], key[0], number, have)
			}
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged messages are lost", lost, len(acked))
	}
	checked, flaws, err := a.Problems.Verify(context.Background(), city, nil)
	if err != nil || checked != n || len(flaws) > 0 {
		t.Errorf("verified %d of %d, %v, flaws %v", checked, n, err, flaws)
	}
	return n
}

// everyMessageReachesTheBoard expects of every problem that its row is made, or
// that the job that makes it waits.
func everyMessageReachesTheBoard(t *testing.T, a *app.App, city int64) {
	t.Helper()
	ctx := context.Background()
	waits := map[int64]bool{}
	must(t, a.DB.View(ctx, func(tx *sqldb.Tx) error {
		for _, state := range []job.State{job.Ready, job.Running, job.Dead} {
			jobs, err := job.List(tx, city, state, 1<<20)
			if err != nil {
				return err
			}
			if state == job.Dead && len(jobs) > 0 {
				t.Errorf("%d dead letters, the first: %s", len(jobs), jobs[0].Error)
			}
			for _, j := range jobs {
				if e, err := job.Unpack[event.Event](j); err == nil && j.Kind == board.JobRefresh {
					waits[e.Subject] = true
				}
			}
		}
		return nil
	}))
	stale, err := a.Board.Verify(ctx, city)
	must(t, err)
	missing := map[int64]bool{}
	for _, number := range stale {
		missing[number] = true
	}
	must(t, a.Problems.Keys(ctx, city, 500, func(keys []int64) error {
		return a.DB.View(ctx, func(tx *sqldb.Tx) error {
			for _, key := range keys {
				state, _, err := a.Problems.PeekIn(tx, city, key)
				if err != nil {
					return err
				}
				if missing[state.Number] && !waits[key] {
					t.Errorf("problem %d is not on the board, and no job will bring it there", state.Number)
				}
			}
			return nil
		})
	}))
}

// lives invents histories in the shape of the portal's file.
func lives(t *testing.T, dir string, many int) {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, histories))
	must(t, err)
	zip := gzip.NewWriter(file)
	encoder := json.NewEncoder(zip)
	for i := range many {
		at := func(days, hours int) string {
			return time.Date(2026, 3, 2+i%30+days, 8+hours, i%60, 0, 0, time.UTC).Format("2006-01-02T15:04:05")
		}
		status := func(days, hours int, name string) map[string]any {
			return map[string]any{"t": "status", "dt": at(days, hours), "name": name}
		}
		given := func(days int, kind string) map[string]any {
			return map[string]any{"t": "answer", "dt": at(days, 3), "kind": kind, "author_org": "Уютный дом", "body": "Починили", "interim_date": "2026-05-20"}
		}
		sent := func(days int) map[string]any {
			return map[string]any{"t": "petition", "dt": at(days, 0), "body": fmt.Sprintf("Темно у дома %d", i)}
		}
		events := []map[string]any{sent(0), status(0, 0, "Модерация"), status(1, 1, "Рассмотрение")}
		if i%3 == 0 {
			events = append(events, given(2, "Промежуточный ответ"), status(2, 4, "Промежуточный ответ"))
		}
		events = append(events, given(4, "Окончательный ответ"), status(4, 5, "Получен ответ"))
		if i%4 == 0 {
			events = append(events, sent(5), status(5, 0, "Модерация"), status(6, 1, "Рассмотрение"), given(8, "Окончательный ответ"), status(8, 4, "Получен ответ"))
		}
		end := []string{"Завершено: Автоматически", "Завершено: Пользователь удовлетворен решением проблемы"}[i%2]
		must(t, encoder.Encode(map[string]any{"id": 70001 + i, "author": fmt.Sprint("житель-", i%50), "reason_id": 9,
			"lat": 60.06, "lon": 30.05, "responsible": map[string]any{"executor": map[string]any{"organization_name": "Уютный дом"}},
			"events": append(events, status(28, 1, end))}))
	}
	must(t, zip.Close())
	must(t, file.Close())
}

func exportOf(t *testing.T, dir string, epoch time.Time) (export string, problems int) {
	t.Helper()
	a, err := openCity(dir, epoch)
	must(t, err)
	defer a.Close()
	city, err := a.City(context.Background(), tiny)
	must(t, err)
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	must(t, a.Problems.Export(context.Background(), city.ID, func(e problem.Exported) error { return encoder.Encode(e) }))
	n, flaws, err := a.Problems.Verify(context.Background(), city.ID, nil)
	if err != nil || len(flaws) > 0 {
		t.Errorf("%v, flaws %v", err, flaws)
	}
	return b.String(), n
}

func TestAReplayKilledAgainAndAgainEndsAsAnUndisturbedOne(t *testing.T) {
	t.Parallel()
	const many = 500
	dirs := []string{t.TempDir(), t.TempDir()}
	epochs := make([]time.Time, 2)
	for i, dir := range dirs {
		epochs[i] = found(t, dir)
		lives(t, dir, many)
	}
	environ := func(i int) []string {
		return []string{childDoes + "=replay", childDir + "=" + dirs[i], childEpoch + "=" + epochs[i].Format(time.RFC3339Nano)}
	}
	if lines, killed := life(t, 0, false, environ(0)...); killed || lines[len(lines)-1] != finished {
		t.Fatalf("the undisturbed replay said %v", lines)
	}
	dice := rand.New(rand.NewPCG(1, 8))
	killed := 0
	for killed < cuts {
		_, cut := life(t, time.Duration(5+dice.IntN(60))*time.Millisecond, false, environ(1)...)
		if !cut {
			break
		}
		killed++
	}
	if _, halfway := exportOf(t, dirs[1], epochs[1]); killed < 10 || halfway == many {
		t.Errorf("the replay was over after %d kills (%d problems): give it more histories", killed, halfway)
	}
	if _, cut := life(t, 0, false, environ(1)...); cut {
		t.Error("the last replay did not come to its end")
	}
	want, n := exportOf(t, dirs[0], epochs[0])
	got, m := exportOf(t, dirs[1], epochs[1])
	t.Logf("killed %d times; %d and %d problems, exports of %d bytes", killed, n, m, len(want))
	if n != many || m != many || got != want {
		t.Errorf("undisturbed %d problems, killed %d; exports alike: %v", n, m, got == want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
