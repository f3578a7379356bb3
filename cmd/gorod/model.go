package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
)

// readModel reads a model from a file.
func readModel(path string) (*suggest.Model, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := suggest.Decode(body)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used as a model: %w", path, err)
	}
	return m, nil
}

// writable tells, before an hour's work, that a file cannot be written in the end.
func writable(path string) error {
	if about, err := os.Stat(path); err == nil && about.IsDir() {
		return fmt.Errorf("%s is a folder: name a file in it", path)
	}
	folder := filepath.Dir(path)
	file, err := os.CreateTemp(folder, filepath.Base(path)+".*.part")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s to write %s into", folder, filepath.Base(path))
	}
	if err != nil {
		return fmt.Errorf("nothing can be written into %s: %w", folder, err)
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// writeFile writes a file at once or not at all: whoever reads it meanwhile has
// the old one.
func writeFile(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	if err := write(file); err != nil {
		return err
	}
	if err := file.Chmod(0o644); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

type modelsCommand struct {
	List  modelsListCommand  `cmd:"" default:"1" help:"List the trainings of the city, the newest first."`
	Use   modelsUseCommand   `cmd:"" help:"Take another model that is still kept: the way back."`
	Learn modelsLearnCommand `cmd:"" help:"Train now on what was decided; the better model stays."`
}

type modelsListCommand struct {
	JSON bool `help:"As JSON."`
}

// listedModels is how many trainings are listed.
const listedModels = 50

// Run lists the trainings.
func (c *modelsListCommand) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error {
		list, current, err := a.Suggest.Models(con.ctx, city.ID, listedModels)
		if err != nil {
			return err
		}
		if c.JSON {
			return c.encode(con, list, current)
		}
		if len(list) == 0 {
			fmt.Fprintln(con.out, "No model yet: a pack with examples brings the first.")
		}
		for _, m := range list {
			fmt.Fprintf(con.out, "%d  %s  %-7s  %s; learned %d examples, %d of them messages\n", m.Version,
				time.UnixMicro(m.Created).In(city.Zone).Format("2006-01-02 15:04"), standing(m, current),
				scored(m.Report.Judged), m.Report.Examples, m.Report.Lessons)
			if m.Report.Champion.N > 0 {
				fmt.Fprintf(con.out, "    the model then in use: %s\n", scored(m.Report.Champion))
			}
		}
		return nil
	})
}

// scored is how a model did on messages that it had not seen.
func scored(s suggest.Score) string {
	return fmt.Sprintf("first %.1f %%, among three %.1f %% of %d", 100*s.Top1, 100*s.Top3, s.N)
}

// standing says in a word what became of a training.
func standing(m suggest.Stored, current int64) string {
	switch {
	case m.Version == current:
		return "in use"
	case m.Kept:
		return "kept"
	case m.Refused():
		return "refused"
	}
	return "report"
}

func (c *modelsListCommand) encode(con *console, list []suggest.Stored, current int64) error {
	type row struct {
		Version  int64          `json:"version"`
		Created  time.Time      `json:"created"`
		Standing string         `json:"standing"` // in use, kept, refused, report
		Pack     int64          `json:"pack"`
		Report   suggest.Report `json:"report"`
	}
	rows := []row{}
	for _, m := range list {
		rows = append(rows, row{m.Version, time.UnixMicro(m.Created).UTC(), standing(m, current), m.Pack, m.Report})
	}
	encoder := json.NewEncoder(con.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(rows)
}

// modelSwitched is the act of going back to an earlier model, as the staff's
// pages call it too.
const modelSwitched resident.Action = "model_switched"

type modelsUseCommand struct {
	Version string `arg:"" help:"Version of the model, as gorod models lists it."`
}

// Run makes a model the one in use.
func (c *modelsUseCommand) Run(con *console) error {
	version, err := strconv.ParseInt(c.Version, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is no version of a model", c.Version)
	}
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error {
		if err := a.Suggest.Use(con.ctx, city.ID, version); err != nil {
			return err
		}
		act := resident.Act{Action: modelSwitched, Object: "model:" + c.Version}
		if err := a.Residents.AuditNow(con.ctx, resident.Machine(city.ID), act, resident.From{}); err != nil {
			return err
		}
		fmt.Fprintf(con.out, "Model %d is in use.\n", version)
		return nil
	})
}

type modelsLearnCommand struct{}

// Run trains a challenger and says what came of it.
func (modelsLearnCommand) Run(con *console) error {
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error {
		start := time.Now()
		bar := newBar(con.err, "training")
		learned, err := a.Suggest.Learn(con.ctx, city.ID, bar.share)
		bar.end()
		if err != nil {
			return err
		}
		if learned.Version == 0 && learned.Promoted {
			fmt.Fprintf(con.out, "The model in use was of another version of gorod; a new one is in use now. %.1f s.\n", time.Since(start).Seconds())
			return nil
		}
		if learned.Version == 0 {
			fmt.Fprintln(con.out, "Too little new was decided since the last training; nothing changed.")
			return nil
		}
		fmt.Fprintln(con.out, "new model:    "+scored(learned.Report.Judged))
		fmt.Fprintln(con.out, "model in use: "+scored(learned.Champion))
		if !learned.Promoted {
			fmt.Fprintf(con.out, "It is not better; the model in use stays. Its report is kept as %d. %.1f s.\n", learned.Version, time.Since(start).Seconds())
			return nil
		}
		fmt.Fprintf(con.out, "Model %d is in use; back by: gorod models use VERSION. %.1f s.\n", learned.Version, time.Since(start).Seconds())
		return nil
	})
}
