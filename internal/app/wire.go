package app

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/deadline"
	"gorod/internal/city/house"
	"gorod/internal/city/media"
	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/id"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// photoHands is how many photos are decoded at once, photoMemory how much
// memory that may take: a 12 MP picture needs about 60 MB while it is made.
const (
	photoHands  = 2
	photoMemory = 512 << 20
)

// openMedia opens the folder of photos, which it makes; who only reads the
// database does without.
func openMedia(db *sqldb.DB, settings *conf.Settings, readOnly bool) (*media.Service, error) {
	if readOnly {
		return &media.Service{DB: db}, nil
	}
	folder, err := media.OpenFolder(filepath.Join(settings.Data, "photos"))
	if err != nil {
		return nil, fmt.Errorf("open photo folder: %w", err)
	}
	return &media.Service{DB: db, Blobs: folder, Workshop: media.NewWorkshop(media.DefaultLimits(), photoHands, photoMemory), IDs: id.Source{}}, nil
}

// subscribe is the list of who hears what.
func (a *App) subscribe() {
	for _, kind := range problem.News() {
		a.Bus.On(kind, board.JobRefresh)
	}
	a.Bus.On(deadline.Passed, board.JobRefresh)
	for _, kind := range notice.SubscriptionEvents() {
		a.Bus.On(kind, notice.MatchJob)
	}
	for _, kind := range []string{suggest.EraseJob, resident.SenderJob} {
		a.Bus.On(problem.NewsPrefix+"erased", kind)
	}
}

// handlers is the list of who does which work.
func (a *App) handlers() map[string]job.Handler {
	list := map[string]job.Handler{
		board.JobRefresh:   a.Board.Refresh,
		suggest.LearnJob:   a.Suggest.HandleLearn,
		suggest.EraseJob:   a.Suggest.HandleErase,
		problem.JobSweep:   func(ctx context.Context, _ job.Job) error { return a.Problems.Sweep(ctx) },
		problem.JobSilence: a.endSilence,
		problem.JobLapse:   a.lapse,
		house.JobSweep:     a.Houses.Sweep,
		problem.JobPassed:  a.tellPassed,
	}
	for _, more := range []map[string]job.Handler{a.Residents.Jobs(), a.Media.Jobs(), a.Notices.Jobs()} {
		for kind, handle := range more {
			list[kind] = handle
		}
	}
	return list
}

func (a *App) endSilence(ctx context.Context, j job.Job) error {
	_, _, err := a.Problems.EndSilence(ctx, j.City)
	return err
}

func (a *App) lapse(ctx context.Context, j job.Job) error {
	_, err := a.Problems.LapseQuestions(ctx, j.City)
	return err
}

func (a *App) tellPassed(ctx context.Context, j job.Job) error {
	_, err := a.Problems.TellPassed(ctx, j.City)
	return err
}

// schedule is the list of what comes when: for each city by its own clock.
func (a *App) schedule(cities []place.City) []job.Scheduled {
	list := slices.Concat(a.Residents.Schedule(), a.Media.Schedule(), a.Notices.Schedule())
	list = append(list, job.Scheduled{Name: problem.JobSweep, Kind: problem.JobSweep, Slot: job.Daily(time.UTC, 2, 0)})
	for _, c := range cities {
		of := func(kind string, slot func(time.Time) time.Time) job.Scheduled {
			return job.Scheduled{Name: kind + "/" + c.Key, City: c.ID, Kind: kind, Slot: slot}
		}
		list = append(list,
			// The portal closes silent problems at 01:30 (domain.md 0).
			of(problem.JobSilence, job.Daily(c.Zone, 1, 30)),
			of(problem.JobLapse, job.Every(time.Hour)),
			of(house.JobSweep, job.Every(house.SweepEvery)),
			of(problem.JobPassed, job.Every(time.Minute)),
			of(suggest.LearnJob, job.Daily(c.Zone, 3, 0)))
	}
	return list
}

// lessons gives the suggestion the messages of package problem.
type lessons struct {
	problems *problem.Service
	places   *place.Service
}

// Decided implements suggest.Lessons.
func (l lessons) Decided(tx *sqldb.Tx, city, before int64, limit int) ([]suggest.Message, error) {
	list, err := l.problems.DecidedIn(tx, city, before, limit)
	if err != nil {
		return nil, err
	}
	return l.messages(tx, city, list)
}

// Sent implements suggest.Lessons.
func (l lessons) Sent(tx *sqldb.Tx, city, after int64, limit int) ([]suggest.Message, error) {
	list, err := l.problems.SentIn(tx, city, after, limit)
	if err != nil {
		return nil, err
	}
	return l.messages(tx, city, list)
}

// SentBefore implements suggest.Lessons.
func (l lessons) SentBefore(tx *sqldb.Tx, city int64, n int) (int64, error) {
	return l.problems.SentBeforeIn(tx, city, n)
}

func (l lessons) messages(tx *sqldb.Tx, city int64, list []problem.Lesson) ([]suggest.Message, error) {
	c, err := l.places.CityIn(tx, city)
	if err != nil {
		return nil, err
	}
	out := make([]suggest.Message, len(list))
	for i, d := range list {
		out[i] = messageOf(d, c.Zone)
	}
	return out, nil
}

// messageOf is a message as it was known when it was sent. How the place was
// marked is left out: in an archive it follows from the topic that staff put.
func messageOf(d problem.Lesson, zone *time.Location) suggest.Message {
	at := func(m problem.Moment) time.Time { return time.UnixMicro(int64(m)).In(zone) }
	in := suggest.Input{Text: d.Text, At: at(d.Created), Author: authorOf(d.Author), Lat: d.Point.Lat, Lon: d.Point.Lon,
		District: string(d.District), Area: string(d.Municipality)}
	m := suggest.Message{Input: in, Problem: d.Problem, Topic: d.Topic, Corrected: len(d.Changes) > 0}
	for i, c := range d.Changes {
		if i == 0 {
			m.Known = append(m.Known, suggest.Knowledge{At: in.At, Topic: c.From})
		}
		m.Known = append(m.Known, suggest.Knowledge{At: at(c.At), Topic: c.To})
	}
	return m
}

// authorOf is how the suggestion tells authors apart; who has no account is
// nobody.
func authorOf(person int64) string {
	if person == 0 {
		return ""
	}
	return strconv.FormatInt(person, 10)
}

// branches are the two upper levels of the tree of a city.
type branches map[topic.ID]topic.Topic

// ObjectOf implements suggest.Tree.
func (b branches) ObjectOf(t topic.ID) topic.ID { return b[t].Object }

// CategoryOf implements suggest.Tree.
func (b branches) CategoryOf(t topic.ID) topic.ID { return b[t].Category }

// treeOf reads the tree of a city for the suggestion.
func (a *App) treeOf(ctx context.Context, city int64) (suggest.Tree, error) {
	list, err := a.Topics.All(ctx, city)
	if err != nil {
		return nil, err
	}
	tree := make(branches, len(list))
	for _, t := range list {
		tree[t.ID] = t
	}
	return tree, nil
}

// followSuggest keeps the memory of the suggestion up to date while the server
// runs.
func (a *App) followSuggest(ctx context.Context, cities []place.City) {
	keys := make([]int64, len(cities))
	for i, c := range cities {
		keys[i] = c.ID
	}
	a.Suggest.Follow(ctx, keys, func(city int64, err error) {
		a.Log.Warn("memory of the suggestion not brought up to date", "city", city, "error", err)
	})
}
