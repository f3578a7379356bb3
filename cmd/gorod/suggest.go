package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

type suggestCommand struct {
	Text     string `arg:"" help:"What a resident writes."`
	At       string `help:"Where it is, in degrees." placeholder:"LAT,LON"`
	Mark     string `help:"How the place was marked: building, near, point." enum:"building,near,point," default:""`
	Author   string `help:"Who writes: the pseudonym in the history, or the number of the account." placeholder:"KEY"`
	Time     string `help:"When, as 2026-11-22 or 2026-11-22T18:30 in the city; now when left out." placeholder:"TIME"`
	District string `help:"Key of the district, where it does not follow from the place." placeholder:"KEY"`
	Area     string `help:"Key of the municipality, likewise." placeholder:"KEY"`
	Model    string `help:"Model of a file instead of the city's." type:"existingfile"`
	History  string `help:"Earlier messages for the model of a file." type:"existingfile"`
	Pack     string `help:"Pack with the names of topics, for the model of a file." default:"zarechny" placeholder:"DIR"`
	Lang     string `help:"Language of names and reasons." enum:"ru,en" default:"ru"`
	JSON     bool   `help:"As JSON."`
}

// reasonsTold is how many reasons are told for a topic.
const reasonsTold = 6

// Run proposes topics for a text and says why.
func (c *suggestCommand) Run(con *console) error {
	if c.Model != "" {
		return c.fromFile(con)
	}
	if c.History != "" {
		return errors.New("--history is for --model: the city's own model knows its own messages")
	}
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error { return c.fromCity(con, a, city) })
}

func (c *suggestCommand) fromFile(con *console) error {
	model, err := readModel(c.Model)
	if err != nil {
		return err
	}
	p, err := readPack(con, c.Pack)
	if err != nil {
		return err
	}
	names := treeOf(p.Topics, p.City.Main)
	in, err := c.input(p.City.Zone)
	if err != nil {
		return err
	}
	past := model.Past()
	if c.History != "" {
		files, err := messageFiles{p.City.Zone, names.paths()}.read(con, c.History)
		if err != nil {
			return err
		}
		for _, m := range files[0].Messages {
			past.Remember(m)
		}
	}
	explain := func(t topic.ID) ([]suggest.Reason, error) {
		return past.Explain(in, t, suggest.ToldOf(reasonsTold)), nil
	}
	return c.tell(con, names, past.Advise(in), explain)
}

func (c *suggestCommand) fromCity(con *console, a *app.App, city place.City) error {
	in, err := c.input(city.Zone)
	if err != nil {
		return err
	}
	if err := c.locate(con, a, city, &in); err != nil {
		return err
	}
	topics, err := a.Topics.All(con.ctx, city.ID)
	if err != nil {
		return err
	}
	advice, err := a.Suggest.Propose(con.ctx, city.ID, in)
	if err != nil {
		return err
	}
	if advice.Model == 0 {
		return fault.Missing.New("suggest.no_model")
	}
	explain := func(t topic.ID) ([]suggest.Reason, error) {
		return a.Suggest.Explain(con.ctx, city.ID, in, t, suggest.ToldOf(reasonsTold))
	}
	return c.tell(con, treeOf(topics, city.Main), advice, explain)
}

// input is what the flags say of a message.
func (c *suggestCommand) input(zone *time.Location) (suggest.Input, error) {
	in := suggest.Input{Text: c.Text, Author: c.Author, District: c.District, Area: c.Area, At: time.Now().In(zone)}
	switch c.Mark {
	case "building":
		in.Pin = suggest.OnBuilding
	case "near":
		in.Pin = suggest.NearBuilding
	case "point":
		in.Pin = suggest.FreePoint
	}
	if c.Time != "" {
		at, err := momentOf(c.Time, zone)
		if err != nil {
			return in, err
		}
		in.At = at
	}
	if c.At == "" {
		return in, nil
	}
	lat, lon, both := strings.Cut(c.At, ",")
	var broken [2]error
	in.Lat, broken[0] = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	in.Lon, broken[1] = strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !both || errors.Join(broken[:]...) != nil || !(geo.Point{Lat: in.Lat, Lon: in.Lon}).Valid() {
		return in, fmt.Errorf("%q is no place: write it as 59.93,30.31", c.At)
	}
	return in, nil
}

// momentOf reads a time that a person wrote.
func momentOf(text string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly, "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%q is no time: write it as 2026-11-22T18:30", text)
	}
	return at.In(zone), nil
}

// locate finds the areas around the place; beyond the city there are none.
func (c *suggestCommand) locate(con *console, a *app.App, city place.City, in *suggest.Input) error {
	if c.At == "" || c.District != "" {
		return nil
	}
	return a.DB.View(con.ctx, func(tx *sqldb.Tx) error {
		where, err := a.Places.LocateIn(tx, city.ID, place.Draft{Point: geo.Point{Lat: in.Lat, Lon: in.Lon}, Mark: place.FreePoint})
		if fault.Of(err) != nil {
			return nil
		}
		in.District, in.Area = string(where.District), string(where.Municipality)
		return err
	})
}

// proposed is a topic as the command tells it.
type proposed struct {
	suggest.Proposal
	Name    string           `json:"name"`
	Path    string           `json:"path,omitempty"`
	Shown   bool             `json:"shown"`
	Because []suggest.Reason `json:"because"`
}

// offered is an object of the question.
type offered struct {
	Object topic.ID `json:"object"`
	Name   string   `json:"name"`
}

// proposals is what the command tells.
type proposals struct {
	Model int64      `json:"model,omitempty"` // version of the city's model
	Shows string     `json:"shows"`           // alone, several, nothing
	Best  []proposed `json:"best"`
	Ask   []offered  `json:"ask,omitempty"`
}

func (c *suggestCommand) tell(con *console, names *tree, advice suggest.Advice, explain func(topic.ID) ([]suggest.Reason, error)) error {
	all := proposals{Model: advice.Model, Shows: "several", Best: []proposed{}}
	switch len(advice.Shown) {
	case 0:
		all.Shows = "nothing"
	case 1:
		all.Shows = "alone"
	}
	for i, p := range advice.Best {
		why, err := explain(p.Topic)
		if err != nil {
			return err
		}
		if why = suggest.Telling(why, reasonsTold); why == nil {
			why = []suggest.Reason{}
		}
		all.Best = append(all.Best, proposed{p, names.name(p.Topic, c.Lang), names.path(p.Topic, c.Lang), i < len(advice.Shown), why})
	}
	if advice.Ask != nil {
		for _, o := range advice.Ask.Objects {
			all.Ask = append(all.Ask, offered{o, names.objectName(o, c.Lang)})
		}
	}
	if c.JSON {
		encoder := json.NewEncoder(con.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(all)
	}
	return c.print(con.out, names, all)
}

func (c *suggestCommand) print(out io.Writer, names *tree, all proposals) error {
	say, err := phrases(c.Lang)
	if err != nil {
		return err
	}
	if len(all.Best) == 0 {
		fmt.Fprintln(out, "Nothing in the text is known to the model.")
	}
	for i, p := range all.Best {
		fmt.Fprintf(out, "%d. %s %.1f %%\n", i+1, p.Name, 100*p.P)
		if p.Path != "" {
			fmt.Fprintln(out, "   "+p.Path)
		}
		if why := reasons(say, names, p.Topic, p.Because, c.Lang); why != "" {
			fmt.Fprintf(out, "   %s: %s\n", say("reason.because"), why)
		}
	}
	switch all.Shows {
	case "alone":
		fmt.Fprintln(out, "The page shows the first alone.")
	case "several":
		shown := 0
		for _, p := range all.Best {
			if p.Shown {
				shown++
			}
		}
		fmt.Fprintf(out, "The page shows %d to choose from.\n", shown)
	default:
		fmt.Fprintln(out, "The page shows none of them: the resident picks from the tree.")
	}
	if len(all.Ask) > 0 {
		list := make([]string, len(all.Ask))
		for i, o := range all.Ask {
			list[i] = o.Name
		}
		fmt.Fprintf(out, "It asks where it is: %s?\n", strings.Join(list, ", "))
	}
	return nil
}

// reasons are told in a line: the words first, with commas, the rest by dots.
func reasons(say func(string, ...any) string, names *tree, t topic.ID, list []suggest.Reason, lang string) string {
	var words, rest []string
	for _, r := range list {
		switch r.Kind {
		case suggest.SaidWord:
			words = append(words, r.Text)
		case suggest.SaidAuthor, suggest.SaidSpot:
			key := "reason." + string(r.Kind)
			if r.Topic == t || r.Topic == 0 {
				rest = append(rest, say(key+"_same"))
			} else {
				rest = append(rest, say(key, names.name(r.Topic, lang)))
			}
		case suggest.SaidObject:
			rest = append(rest, say("reason.object", names.objectName(names.ObjectOf(t), lang)))
		default:
			rest = append(rest, say("reason."+string(r.Kind)))
		}
	}
	if len(words) > 0 {
		rest = append([]string{strings.Join(words, ", ")}, rest...)
	}
	return strings.Join(rest, " · ")
}
