package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorod/internal/app/replay"
	"gorod/internal/city/house"
	"gorod/internal/city/pack"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/schema"
	"gorod/internal/city/suggest"
	"gorod/internal/platform/sqldb"
)

// ImportPack loads a pack and what follows from it: the people, the texts of
// consents, and the model that learns from the examples. Doing it again
// changes nothing; what an interrupted import left out is made up for.
func (a *App) ImportPack(ctx context.Context, p *pack.Pack, report pack.Report, demo resident.DemoPassword, progress func(done, total int)) (pack.Result, error) {
	result, err := a.Packs.Import(ctx, p, report, progress)
	if err != nil {
		return result, err
	}
	if _, err := a.Packs.LoadPeople(ctx, result.City, p.People, demo); err != nil {
		return result, fmt.Errorf("load people: %w", err)
	}
	if err := a.loadConsents(ctx, result.City, p.Texts); err != nil {
		return result, fmt.Errorf("load texts of consents: %w", err)
	}
	if err := a.Houses.Take(ctx, result.City, house.PackSource, p.Cleaning); err != nil {
		return result, fmt.Errorf("load schedules of cleaning: %w", err)
	}
	if result.Unchanged && a.hasModel(ctx, result.City) {
		return result, nil
	}
	return result, a.teach(ctx, result, p)
}

// firstStep is the oldest migration: what lacks it is empty.
const firstStep = "0001_job"

// WouldChange counts what an import of a pack would change; it only reads, also
// where nothing was ever migrated.
func (a *App) WouldChange(ctx context.Context, p *pack.Pack) ([]pack.Change, error) {
	pending, err := a.DB.Pending(ctx, schema.Migrations()...)
	switch {
	case err != nil:
		return nil, err
	case slices.Contains(pending, firstStep):
		return pack.Fresh(p)
	case len(pending) > 0:
		return nil, fmt.Errorf("the schema is %d steps behind this program; gorod serve brings it up to date", len(pending))
	}
	return a.Packs.Diff(ctx, p)
}

func (a *App) hasModel(ctx context.Context, city int64) bool {
	_, current, err := a.Suggest.Models(ctx, city, 1)
	return err == nil && current != 0
}

func (a *App) loadConsents(ctx context.Context, city int64, texts []pack.Text) error {
	var list []resident.ConsentText
	for _, t := range texts {
		if purpose, ok := strings.CutPrefix(t.Name, "consent/"); ok {
			list = append(list, resident.ConsentText{Purpose: purpose, Language: t.Lang, Text: t.Body})
		}
	}
	return a.DB.Do(ctx, func(tx *sqldb.Tx) error { return a.Residents.LoadConsents(tx, city, list) })
}

// teachSlice is how many examples one transaction takes.
const teachSlice = 500

// PackRows are what a pack teaches the suggestion: its examples, and the names,
// help texts, synonyms and frequencies of open topics.
func PackRows(p *pack.Pack) []suggest.Row {
	var rows []suggest.Row
	add := func(row suggest.Row) {
		if strings.TrimSpace(row.Text) != "" {
			row.Num = int64(len(rows) + 1)
			rows = append(rows, row)
		}
	}
	for _, e := range p.Examples {
		add(suggest.Row{Topic: e.Topic, Kind: suggest.Sample, Text: e.Text})
	}
	for _, t := range p.Topics {
		if !t.Open {
			continue
		}
		add(suggest.Row{Topic: t.ID, Kind: suggest.Often, Text: string(t.Frequency)})
		for _, lang := range p.City.Languages {
			add(suggest.Row{Topic: t.ID, Kind: suggest.Named, Text: t.Name[lang]})
			add(suggest.Row{Topic: t.ID, Kind: suggest.Help, Text: t.Help[lang]})
			for word := range strings.FieldsFuncSeq(t.Synonyms[lang], func(r rune) bool { return r == ',' || r == ';' }) {
				add(suggest.Row{Topic: t.ID, Kind: suggest.Synonym, Text: strings.TrimSpace(word)})
			}
		}
	}
	return rows
}

// teach gives the suggestion what the pack says of its topics, and trains the
// first model from it.
func (a *App) teach(ctx context.Context, result pack.Result, p *pack.Pack) error {
	rows := PackRows(p)
	for slice := range slices.Chunk(rows, teachSlice) {
		err := a.DB.Do(ctx, func(tx *sqldb.Tx) error { return a.Suggest.Load(tx, result.City, result.Version, slice...) })
		if err != nil {
			return fmt.Errorf("load examples: %w", err)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := a.Suggest.LearnPack(ctx, result.City, result.Version); err != nil {
		return fmt.Errorf("train from the pack: %w", err)
	}
	return nil
}

// Replay prepares a replay into a city: the same services, but nobody is told,
// so nothing is sent outside.
func (a *App) Replay(city int64) *replay.Runner {
	silent := problem.New(problem.Service{DB: a.DB, Places: a.Places, Topics: a.Topics, Routes: a.Routes,
		Deadlines: a.Deadlines, IDs: a.Problems.IDs})
	return &replay.Runner{City: city, Problems: silent, Topics: a.Topics, Orgs: a.Orgs}
}
