package replay

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Runner replays a file into a city.
type Runner struct {
	City     int64
	Problems *problem.Service // its Bus is not told: nothing is sent outside
	Topics   *topic.Service
	Orgs     *org.Service
	Workers  int
	Limit    int // histories at most; 0: all
	// Progress, when not nil, hears after every history.
	Progress func(done, total int)

	total int // histories of the file, as far as Limit lets
}

// Report is what a replay did.
type Report struct {
	Replayed       int            `json:"replayed"`
	Events         map[string]int `json:"events"`          // entries of the file, by type
	Commands       map[string]int `json:"commands"`        // given, by verb
	Traces         map[string]int `json:"traces"`          // entries that only confirm a command, by type
	NotRepresented map[string]int `json:"not_represented"` // by reason
	StatusDiffers  int            `json:"status_differs"`
	Refused        int            `json:"refused"` // histories that the machine refused to go through with
	PerSecond      float64        `json:"per_second"`
	Seconds        float64        `json:"seconds"`
	States         map[string]int `json:"states"` // at the end
	Examples       []string       `json:"examples,omitempty"`

	mu sync.Mutex
}

// maxExamples bounds what a report tells of single histories.
const maxExamples = 20

// Run replays every history of a gzip file of lines. The file is read twice:
// first for the names of topics that were renamed since.
func (r *Runner) Run(ctx context.Context, file io.ReadSeeker) (*Report, error) {
	names, err := r.names(ctx)
	if err != nil {
		return nil, err
	}
	if r.total, err = names.learn(file); err != nil {
		return nil, err
	}
	if r.Limit > 0 {
		r.total = min(r.total, r.Limit)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read histories again: %w", err)
	}
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("open histories: %w", err)
	}
	report := &Report{Events: map[string]int{}, Commands: map[string]int{}, Traces: map[string]int{},
		NotRepresented: map[string]int{}, States: map[string]int{}}
	start := time.Now()
	err = r.all(ctx, unzipped, names, report)
	report.Seconds = time.Since(start).Seconds()
	report.PerSecond = float64(report.Replayed) / report.Seconds
	return report, err
}

// all hands the lines to workers; the first error stops everything.
func (r *Runner) all(ctx context.Context, lines io.Reader, names Names, report *Report) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan []byte)
	var workers sync.WaitGroup
	for range max(r.Workers, 1) {
		workers.Go(func() {
			for line := range queue {
				if err := r.one(ctx, line, names, report); err != nil {
					stop(err)
				}
			}
		})
	}
	scan := history.Lines(lines)
	sent := 0
	for scan.Scan() && ctx.Err() == nil && (r.Limit == 0 || sent < r.Limit) {
		select {
		case queue <- bytes.Clone(scan.Bytes()):
			sent++
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return scan.Err()
}

// one replays one history.
func (r *Runner) one(ctx context.Context, line []byte, names Names, report *Report) error {
	if ctx.Err() != nil {
		return nil
	}
	h, err := history.Decode(line)
	if err != nil {
		return err
	}
	script, err := Plan(h, names)
	if err != nil {
		return err
	}
	if err := r.beside(ctx, script); err != nil {
		return err
	}
	state, refused, err := r.play(ctx, h, script)
	if err != nil {
		return err
	}
	report.add(h, script, state, refused)
	if r.Progress != nil {
		report.mu.Lock()
		defer report.mu.Unlock()
		r.Progress(report.Replayed, r.total)
	}
	return nil
}

// beside tells points in the open by the house next to them, as the form does.
func (r *Runner) beside(ctx context.Context, script Script) error {
	for i, s := range script.Steps {
		send, ok := s.Command.(problem.Send)
		if !ok || send.Place.Mark != place.FreePoint {
			continue
		}
		address, err := r.Problems.Places.BesideOf(ctx, r.City, send.Place.Point)
		if err != nil {
			return fmt.Errorf("find the house beside: %w", err)
		}
		send.Place.Beside = address
		script.Steps[i].Command = send
	}
	return nil
}

// play gives the commands of a script. A command that the city refuses ends
// the history and is reported; an error of the database ends the replay.
func (r *Runner) play(ctx context.Context, h history.History, script Script) (problem.Receipt, error, error) {
	var out problem.Receipt
	if len(script.Steps) == 0 {
		return out, nil, nil
	}
	clock := script.Steps[0].At
	service := r.Problems.Under(r.Problems.DB.At(func() time.Time { return clock }))
	done := int64(0)
	for i, step := range script.Steps {
		if int64(i) < done {
			continue // an earlier replay came this far
		}
		clock = step.At
		order := problem.Order{Problem: out.Problem, Command: step.Command, Version: int64(i)}
		if i == 0 {
			order.Key = fmt.Sprintf("portal-history-%012d", h.ID)
		}
		next, err := service.Do(ctx, step.who(r.City, h), order)
		if isRefusal(err) {
			return out, fmt.Errorf("history %d, %s at %s: %w", h.ID, step.From, step.At.Format(time.RFC3339), err), nil
		}
		if err != nil {
			return out, nil, fmt.Errorf("history %d: %w", h.ID, err)
		}
		out = next
		if out.Again {
			if out, err = r.resume(ctx, out.Problem); err != nil {
				return out, nil, err
			}
			done = out.Seq
		}
	}
	return out, nil, nil
}

// resume reads where an earlier replay left a problem.
func (r *Runner) resume(ctx context.Context, key int64) (problem.Receipt, error) {
	out := problem.Receipt{Problem: key}
	err := r.Problems.DB.View(ctx, func(tx *sqldb.Tx) error {
		s, _, err := r.Problems.PeekIn(tx, r.City, key)
		out.Number, out.Seq, out.Status = s.Number, s.Seq, s.Status
		return err
	})
	return out, err
}

func (report *Report) add(h history.History, script Script, out problem.Receipt, refused error) {
	report.mu.Lock()
	defer report.mu.Unlock()
	report.Replayed++
	for _, e := range h.Events {
		report.Events[e.Type]++
	}
	for _, s := range script.Steps {
		report.Commands[problem.VerbOf(s.Command)]++
	}
	for kind, n := range script.Traces {
		report.Traces[kind] += n
	}
	for _, g := range script.Gaps {
		report.NotRepresented[g.Reason]++
	}
	report.States[string(out.Status)]++
	if refused != nil {
		report.Refused++
		report.NotRepresented["refused: "+cause(refused)]++
		report.example(refused.Error())
		return
	}
	if !sameEnd(out.Status, script.End) {
		report.StatusDiffers++
		report.example(fmt.Sprintf("history %d ends as %s, the file says %s", h.ID, out.Status, script.End))
	}
}

func (report *Report) example(text string) {
	if len(report.Examples) < maxExamples {
		report.Examples = append(report.Examples, text)
	}
}

// sameEnd compares ends. The portal has no status for an answer that waits for
// its review: it shows the one before.
func sameEnd(have, want problem.Status) bool {
	if have == problem.Review {
		return want == problem.Work || want == problem.Interim
	}
	return have == want
}

// directory resolves names by the pack that is loaded.
type directory struct {
	topics map[string]topic.ID
	orgs   map[string]org.ID // by plain name, and by what else they are called
}

// Topic finds a topic by «object/category/reason».
func (d directory) Topic(path string) (topic.ID, bool) {
	id, ok := d.topics[history.Plain(path)]
	return id, ok
}

// Org finds an organisation by its name, else by what the name comes to with
// its legal form shortened.
func (d directory) Org(name string) (org.ID, bool) {
	id, ok := d.orgs[history.Plain(name)]
	if !ok {
		id, ok = d.orgs[history.PlainOrg(name)]
	}
	return id, ok
}

// called enters a name of an organisation. A whole name goes before a shortened
// one, the first before a later one.
func (d directory) called(name string, id org.ID) {
	d.orgs[history.Plain(name)] = id
	if short := history.PlainOrg(name); d.orgs[short] == "" {
		d.orgs[short] = id
	}
}

// learn finds the topics behind paths that the pack does not have any more:
// the last change of a history leads to the topic whose number the history
// names, and numbers are stable across years. It also counts the histories.
func (d directory) learn(file io.Reader) (lines int, err error) {
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return 0, fmt.Errorf("open histories: %w", err)
	}
	scan := history.Lines(unzipped)
	for ; scan.Scan(); lines++ {
		if !bytes.Contains(scan.Bytes(), []byte(`"problem_change"`)) {
			continue
		}
		h, err := history.Decode(scan.Bytes())
		if err != nil {
			return 0, err
		}
		last := ""
		for _, e := range h.Events {
			if e.Type == history.TypeChange && e.Change != nil {
				last = e.Change.Current
			}
		}
		if _, known := d.Topic(last); !known && last != "" {
			d.topics[history.Plain(last)] = topic.ID(h.Reason)
		}
	}
	return lines, scan.Err()
}

var errNoPack = errors.New("the city has no topics: import its pack first")

func (r *Runner) names(ctx context.Context) (directory, error) {
	topics, err := r.Topics.All(ctx, r.City)
	if err != nil {
		return directory{}, fmt.Errorf("read topics: %w", err)
	}
	if len(topics) == 0 {
		return directory{}, errNoPack
	}
	d := directory{topics: map[string]topic.ID{}, orgs: map[string]org.ID{}}
	for _, t := range topics {
		path := history.Plain(t.ObjectName["ru"] + "/" + t.CategoryName["ru"] + "/" + t.Name["ru"])
		if _, taken := d.topics[path]; !taken || t.Open {
			d.topics[path] = t.ID
		}
	}
	after := org.ID("")
	for {
		orgs, err := r.Orgs.List(ctx, r.City, org.Filter{Closed: true, After: after, Limit: 1000})
		if err != nil {
			return directory{}, fmt.Errorf("read organisations: %w", err)
		}
		for _, o := range orgs {
			after = o.ID
			for _, name := range []string{o.Name["ru"], o.Short["ru"]} {
				if name != "" {
					d.called(name, o.ID)
				}
			}
		}
		if len(orgs) < 1000 {
			return d, nil
		}
	}
}

// isRefusal tells a refusal by a rule from a failure of the machine.
func isRefusal(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Missing, fault.Denied, fault.Conflict, fault.Limited, fault.Closed:
		return true
	}
	return false
}

// cause is the phrase of a refusal.
func cause(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Phrase
	}
	return err.Error()
}
