package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/city/suggest"
	"gorod/internal/city/suggest/evaluate"
)

type trainCommand struct {
	Messages    string `help:"Archive to learn from: a JSON object a line, gzip or plain." type:"existingfile" xor:"archive"`
	FromArchive bool   `help:"Learn from the city of the database instead." xor:"archive"`
	Pack        string `help:"Pack with examples, names and synonyms; the one of the city where its archive is learned from." default:"zarechny" placeholder:"DIR"`
	Out         string `help:"File to write the model to." required:"" type:"path"`
	Until       string `help:"Last day of messages, as 2021-02-28; what happened later is not known." placeholder:"DATE"`
	Seed        uint64 `help:"The same seed gives the same model." default:"1"`
	JSON        bool   `help:"The report as JSON."`
}

// Run trains a model and writes it to a file. The city's own models are left
// alone: see models learn.
func (c *trainCommand) Run(con *console) error {
	if err := writable(c.Out); err != nil {
		return err
	}
	if c.FromArchive {
		return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error { return c.fromArchive(con, a, city) })
	}
	p, err := readPack(con, c.Pack)
	if err != nil {
		return err
	}
	names := treeOf(p.Topics, p.City.Main)
	if c.Messages == "" {
		return c.train(con, app.PackRows(p), nil, names)
	}
	files, err := messageFiles{p.City.Zone, names.paths()}.read(con, c.Messages)
	if err != nil {
		return err
	}
	names.join(files[0])
	messages, err := c.cut(files[0].Messages, p.City.Zone)
	if err != nil {
		return err
	}
	return c.train(con, app.PackRows(p), messages, names)
}

// fromArchive learns from what was decided in a city. It only reads, so it goes
// on beside a server.
func (c *trainCommand) fromArchive(con *console, a *app.App, city place.City) error {
	rows, messages, err := a.Suggest.Archive(con.ctx, city.ID)
	if err != nil {
		return err
	}
	topics, err := a.Topics.All(con.ctx, city.ID)
	if err != nil {
		return err
	}
	if messages, err = c.cut(messages, city.Zone); err != nil {
		return err
	}
	return c.train(con, rows, messages, treeOf(topics, city.Main))
}

// cut forgets what happened after the last day. None left are an error.
func (c *trainCommand) cut(messages []suggest.Message, zone *time.Location) ([]suggest.Message, error) {
	if c.Until != "" {
		day, err := time.ParseInLocation(time.DateOnly, c.Until, zone)
		if err != nil {
			return nil, fmt.Errorf("%q is no date: write it as 2021-02-28", c.Until)
		}
		messages = evaluate.Until(messages, day.AddDate(0, 0, 1))
	}
	if len(messages) == 0 {
		return nil, errors.New("there are no messages to learn from")
	}
	return messages, nil
}

// taught is what a training came to.
type taught struct {
	suggest.Report
	Messages int     `json:"messages"` // of the archive
	Seconds  float64 `json:"seconds"`
	CPU      float64 `json:"cpu_seconds"`
	Out      string  `json:"out"`
}

func (c *trainCommand) train(con *console, rows []suggest.Row, messages []suggest.Message, names *tree) error {
	start, used := time.Now(), cpuTime()
	bar := newBar(con.err, "training")
	model, report, err := learn(con.ctx, rows, messages, names, suggest.Options{Seed: c.Seed, Progress: bar.share})
	bar.end()
	if con.ctx.Err() != nil {
		return fmt.Errorf("stopped; %s was not written", c.Out)
	}
	if err != nil {
		return err
	}
	t := taught{report, len(messages), time.Since(start).Seconds(), (cpuTime() - used).Seconds(), c.Out}
	if err := writeFile(c.Out, func(w io.Writer) error { _, err := w.Write(model.Encode()); return err }); err != nil {
		return err
	}
	return c.tell(con, t)
}

// learn trains on rows and messages. An archive that is too short to learn from
// authors and places teaches by its texts.
func learn(ctx context.Context, rows []suggest.Row, messages []suggest.Message, names *tree, o suggest.Options) (*suggest.Model, suggest.Report, error) {
	o.Tree = names
	if len(messages) == 0 {
		return suggest.TrainPack(ctx, rows, o)
	}
	model, report, err := suggest.TrainArchive(ctx, suggest.Examples(rows), messages, names, o)
	if !errors.Is(err, suggest.ErrShort) {
		return model, report, err
	}
	for i, m := range messages {
		rows = append(rows, suggest.Row{Num: int64(i), Topic: m.Topic, Kind: suggest.Sample, Text: m.Text})
	}
	return suggest.TrainPack(ctx, rows, o)
}

func (c *trainCommand) tell(con *console, t taught) error {
	if c.JSON {
		encoder := json.NewEncoder(con.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(t)
	}
	fmt.Fprintf(con.out, "learned %d examples, %d of them messages, of %d topics in %.1f s (%.1f s of processor time)\n",
		t.Examples, t.Messages, t.Topics, t.Seconds, t.CPU)
	fmt.Fprintf(con.out, "held out %d: first %.1f %%, among three %.1f %%, calibration error %.3f\n",
		t.Judged.N, 100*t.Judged.Top1, 100*t.Judged.Top3, t.Judged.ECE)
	fmt.Fprintf(con.out, "%s: %.1f MB\n", t.Out, float64(t.Bytes)/1e6)
	return nil
}
