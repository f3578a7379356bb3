package evaluate

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"gorod/internal/city/topic"
	"gorod/internal/platform/locale"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// Page is a report for people: one file that asks no other for anything.
type Page struct {
	Report
	Lang locale.Lang
	// Model, Messages and History are what was judged and by what, as the reader
	// of the page knows it; no History: there was none.
	Model, Messages, History string
	// Topic and Object name topics and their first levels; "" where nobody knows.
	Topic, Object func(topic.ID) string
}

// WriteHTML writes the page. It runs no script and, by its own policy, loads
// nothing; the charts are drawn here.
func (p Page) WriteHTML(w io.Writer) error {
	cat, err := locale.Shipped()
	if err != nil {
		return fmt.Errorf("read phrases: %w", err)
	}
	t, err := template.New("page").Funcs(template.FuncMap{
		"t":       func(key string, args ...any) string { return cat.T(p.Lang, "evaluate."+key, args...) },
		"css":     func() template.CSS { return template.CSS(pageCSS) },
		"percent": func(share float64) string { return percent(p.Lang, share) },
		"decimal": func(f float64, digits int) string { return locale.Decimal(p.Lang, f, digits) },
		"number":  func(n int) string { return locale.Number(p.Lang, int64(n)) },
		"date":    func(day string) string { return dayMonth(day) },
		"topic":   func(id topic.ID) string { return named(p.Topic, id) },
		"object":  func(id topic.ID) string { return named(p.Object, id) },
	}).Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	var whole bytes.Buffer // an error must not leave half a page
	if err := t.Execute(&whole, p); err != nil {
		return fmt.Errorf("draw page: %w", err)
	}
	_, err = w.Write(whole.Bytes())
	return err
}

// Policy is the content security policy that the page asks for: its own style
// sheet by its hash, and nothing else.
func (Page) Policy() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// named is a name, else the number.
func named(of func(topic.ID) string, id topic.ID) string {
	if of != nil && id > 0 {
		if name := of(id); name != "" {
			return name
		}
	}
	if id <= 0 {
		return "—"
	}
	return fmt.Sprint(int64(id))
}

func percent(lang locale.Lang, share float64) string {
	s := locale.Decimal(lang, 100*share, 1)
	if lang == locale.EN {
		return s + "%"
	}
	return s + "\u00a0%"
}

// dayMonth is 1.03 of 2021-03-01: the labels of a chart are short.
func dayMonth(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("02.01")
}

// Lengths are the rows of ByWords in order.
func (p Page) Lengths() []Length {
	b := p.ByWords
	return []Length{{"1–2", b.Two}, {"3–5", b.Five}, {"6–10", b.Ten}, {"11–20", b.Twenty}, {"21+", b.More}}
}

// Length is how a model did on texts of so many words.
type Length struct {
	Words string
	Part
}

// The inner field of a chart, in units of its view box: 320 wide, the field
// from left to right and top to bottom.
const (
	left, right  = 48.0, 302.0
	top, bottom  = 10.0, 210.0
	squareBottom = 264.0 // of reliability, which is as high as it is wide
)

// Dot is a point of a chart.
type Dot struct {
	X, Y, R float64
	Tip     string
}

// Tick is a line of a chart's grid with its label.
type Tick struct {
	At    float64
	Label string
}

// Squares are the ticks of reliability, the same across and upwards.
func (p Page) Squares() []Tick {
	var ticks []Tick
	for i := 0; i <= 4; i++ {
		ticks = append(ticks, Tick{float64(i) / 4, percent(p.Lang, float64(i)/4)})
	}
	return ticks
}

// Across and Upward place a share in the chart of reliability.
func (Page) Across(share float64) float64 { return round(left + (right-left)*share) }

// Upward is the height of a share in the chart of reliability.
func (Page) Upward(share float64) float64 { return round(squareBottom - (squareBottom-top)*share) }

// Claims are the bins of reliability as dots.
func (p Page) Claims() []Dot {
	var dots []Dot
	for _, c := range p.Reliability {
		tip := percent(p.Lang, c.Said) + " → " + percent(p.Lang, c.Right)
		dots = append(dots, Dot{p.Across(c.Said), p.Upward(c.Right), 5, tip})
	}
	return dots
}

// floor is the share at which the chart of weeks begins: tenths below the
// lowest week, so that differences are seen, and its labels say so.
func (p Page) floor() float64 {
	low := 1.0
	for _, w := range p.Weeks {
		low = min(low, w.Top1)
	}
	return max(0, float64(int(low*10))/10-0.1)
}

// WeekTicks are the grid of the chart of weeks.
func (p Page) WeekTicks() []Tick {
	var ticks []Tick
	low := p.floor()
	for i := 0; i <= 4; i++ {
		v := low + (1-low)*float64(i)/4
		ticks = append(ticks, Tick{p.weekHeight(v), percent(p.Lang, v)})
	}
	return ticks
}

func (p Page) weekHeight(share float64) float64 {
	low := p.floor()
	return round(bottom - (bottom-top)*(share-low)/(1-low))
}

func (p Page) weekAcross(i int) float64 {
	return round(left + 12 + (right-left-24)*(float64(i)+0.5)/float64(len(p.Weeks)))
}

// WeekLabels are some of the Mondays, as many as there is room for.
func (p Page) WeekLabels() []Tick {
	var ticks []Tick
	step := 1 + (len(p.Weeks)-1)/6
	for i := 0; i < len(p.Weeks); i += step {
		ticks = append(ticks, Tick{p.weekAcross(i), dayMonth(p.Weeks[i].From)})
	}
	return ticks
}

// First and Three are the lines of the chart of weeks.
func (p Page) First() []Dot { return p.weekLine(func(w Week) float64 { return w.Top1 }) }

// Three is the line of the right topic among three.
func (p Page) Three() []Dot { return p.weekLine(func(w Week) float64 { return w.Top3 }) }

func (p Page) weekLine(of func(Week) float64) []Dot {
	var dots []Dot
	for i, w := range p.Weeks {
		dots = append(dots, Dot{p.weekAcross(i), p.weekHeight(of(w)), 4, dayMonth(w.From) + ": " + percent(p.Lang, of(w))})
	}
	return dots
}

// Points joins dots for a polyline.
func (Page) Points(dots []Dot) string {
	var b strings.Builder
	for _, d := range dots {
		fmt.Fprintf(&b, "%g,%g ", d.X, d.Y)
	}
	return strings.TrimSpace(b.String())
}

// Cell is a field of the confusion of objects.
type Cell struct {
	N    int
	Heat int // 0 to 5: how much of its row it is
	Own  bool
}

// Row is a line of the confusion of objects.
type Row struct {
	Object topic.ID
	N      int
	Cells  []Cell
}

// Confused are the rows of the confusion of objects.
func (p Page) Confused() []Row {
	var rows []Row
	for i, counts := range p.Objects.Counts {
		r := Row{Object: p.Objects.Objects[i]}
		for _, n := range counts {
			r.N += n
		}
		for j, n := range counts {
			heat := 0
			if n > 0 {
				heat = min(5, 1+int(share(n, r.N)*5))
			}
			r.Cells = append(r.Cells, Cell{n, heat, i == j})
		}
		if r.N > 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

func round(f float64) float64 { return float64(int(f*10+0.5)) / 10 }
