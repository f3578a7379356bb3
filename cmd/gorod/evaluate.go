package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gorod/internal/city/suggest"
	"gorod/internal/city/suggest/evaluate"
	"gorod/internal/city/topic"
	"gorod/internal/platform/locale"
)

type evaluateCommand struct {
	Model    string `help:"The model." required:"" type:"existingfile"`
	Messages string `help:"Messages to judge by: a JSON object a line, gzip or plain." required:"" type:"existingfile"`
	History  string `help:"Earlier messages, which are only remembered." type:"existingfile"`
	Know     string `help:"What the model is told of a message: text, habit (time, author, area, rounded place too), question (and one answer), mark (everything)." enum:"text,habit,question,mark" default:"habit"`
	Pack     string `help:"Pack with the names of topics and the zone of times." default:"zarechny" placeholder:"DIR"`
	JSON     bool   `help:"The report as JSON."`
	HTML     string `help:"Write the report as a page." type:"path" placeholder:"FILE"`
	Lang     string `help:"Language of the page." enum:"ru,en" default:"ru"`
}

// Run judges a model by messages as they came in.
func (c *evaluateCommand) Run(con *console) error {
	if c.HTML != "" {
		if err := writable(c.HTML); err != nil {
			return err
		}
	}
	model, err := readModel(c.Model)
	if err != nil {
		return err
	}
	p, err := readPack(con, c.Pack)
	if err != nil {
		return err
	}
	names := treeOf(p.Topics, p.City.Main)
	messages, history, err := c.read(con, messageFiles{p.City.Zone, names.paths()})
	if err != nil {
		return err
	}
	bar := newBar(con.err, "messages")
	report, err := evaluate.Judge(con.ctx, model, history, messages, evaluate.Know(c.Know), evaluate.Options{CPU: cpuTime, Progress: bar.set})
	bar.end()
	if con.ctx.Err() != nil {
		return errors.New("stopped before all messages were judged")
	}
	if err != nil {
		return err
	}
	if c.HTML != "" {
		if err := c.draw(report, names); err != nil {
			return err
		}
	}
	if c.JSON {
		encoder := json.NewEncoder(con.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	c.tell(con.out, report, names)
	return nil
}

func (c *evaluateCommand) read(con *console, from messageFiles) (messages, history []suggest.Message, err error) {
	list := []string{c.Messages}
	if c.History != "" {
		list = append(list, c.History)
	}
	files, err := from.read(con, list...)
	if err != nil {
		return nil, nil, err
	}
	if c.History != "" {
		history = files[1].Messages
	}
	return files[0].Messages, history, nil
}

func (c *evaluateCommand) draw(r evaluate.Report, names *tree) error {
	page := evaluate.Page{
		Report: r, Lang: locale.Lang(c.Lang), Model: filepath.Base(c.Model), Messages: filepath.Base(c.Messages),
		Topic:  func(id topic.ID) string { return names.name(id, c.Lang) },
		Object: func(id topic.ID) string { return names.objectName(id, c.Lang) },
	}
	if c.History != "" {
		page.History = filepath.Base(c.History)
	}
	return writeFile(c.HTML, page.WriteHTML)
}

// tell prints the report for people.
func (c *evaluateCommand) tell(out io.Writer, r evaluate.Report, names *tree) {
	line := func(what string, p evaluate.Part) {
		if p.N > 0 {
			fmt.Fprintf(out, "%-24s %6d   first %5.1f %%   among three %5.1f %%\n", what, p.N, 100*p.Top1, 100*p.Top3)
		}
	}
	line("all messages", r.Part)
	line("texts not in the history", r.Unseen)
	for _, l := range (evaluate.Page{Report: r}).Lengths() {
		line("of "+l.Words+" words", l.Part)
	}
	for _, w := range r.Weeks {
		line("week of "+w.From, w.Part)
	}
	fmt.Fprintf(out, "residents themselves were right in %.1f %%\n", 100*r.Chosen)
	fmt.Fprintf(out, "decided alone from %.3f on: %.1f %%, of them right %.1f %%; with the best threshold in hindsight %.1f %%\n",
		r.Sure, 100*r.ShareAtP95, 100*r.PrecisionAtP95, 100*r.ShareAtP95Hindsight)
	if r.Know == evaluate.Question {
		fmt.Fprintf(out, "asked a question in %.1f %%, in %.1f %% without the answer among those offered\n", 100*r.Asked, 100*r.OffList)
	}
	fmt.Fprintf(out, "macro-F1 %.3f of %d topics, calibration error %.4f\n", r.MacroF1, r.MacroTopics, r.ECE)
	fmt.Fprintf(out, "processor time: %.3f ms a text, %.3f ms to look up what was before, %.3f ms to remember it\n", r.CPU, r.Context, r.Remember)
	if len(r.Topics) > 0 {
		fmt.Fprintln(out, "most mistakes:")
	}
	for _, t := range r.Topics[:min(len(r.Topics), 5)] {
		instead := ""
		if t.TakenN > 0 {
			instead = fmt.Sprintf("; %d taken for %s", t.TakenN, names.name(t.Taken, c.Lang))
		}
		fmt.Fprintf(out, "  %s: %d messages, first %.1f %%%s\n", strings.TrimSpace(names.name(t.Topic, c.Lang)), t.N, 100*t.Top1, instead)
	}
}
