package app

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/media"
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
			of(suggest.LearnJob, job.Daily(c.Zone, 3, 0)))
	}
	return list
}

// lessons gives the suggestion the decided messages of package problem.
type lessons struct{ problems *problem.Service }

// Decided implements suggest.Lessons.
func (l lessons) Decided(tx *sqldb.Tx, city, before int64, limit int) ([]suggest.Lesson, error) {
	list, err := l.problems.DecidedIn(tx, city, before, limit)
	if err != nil {
		return nil, err
	}
	out := make([]suggest.Lesson, len(list))
	for i, d := range list {
		out[i] = suggest.Lesson(d)
	}
	return out, nil
}

// proposals lets package problem keep what the suggestion offered.
type proposals struct{ suggest *suggest.Service }

// SentIn implements problem.ProposalKeeper.
func (p proposals) SentIn(tx *sqldb.Tx, city, key int64, s problem.Send) error {
	audit := suggest.Audit{At: tx.Micros(), Model: s.Model, Chosen: s.Topic, Manual: s.Manual}
	for _, o := range s.Offered {
		audit.Offered = append(audit.Offered, suggest.Proposal{Topic: o.Topic, P: o.P})
	}
	return p.suggest.RecordIn(tx, city, key, audit)
}

// CorrectedIn implements problem.ProposalKeeper.
func (p proposals) CorrectedIn(tx *sqldb.Tx, city, key int64, to topic.ID) error {
	return p.suggest.CorrectedIn(tx, city, key, to)
}
