package evaluate

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// Unnamed is the topic of which only a path is told that nobody has named. It is
// in no tree, so no model proposes it or learns from it.
const Unnamed topic.ID = -1

// longestLine is the longest line that is read: 16 MB.
const longestLine = 16 << 20

// Source is a file by the name that errors call it.
type Source struct {
	Name string
	From io.Reader
}

// ReadOptions say how files are understood.
type ReadOptions struct {
	// Zone is that of times without one; nil: Moscow.
	Zone *time.Location
	// Paths are topics by object/category/reason, where a tree is at hand.
	Paths map[string]topic.ID
	// Progress is told how many lines of all files are read; nil: nobody asks.
	Progress func(lines int)
}

// File is what one Source held.
type File struct {
	// Messages are in the order of sending.
	Messages []suggest.Message
	// Objects and Categories are the upper levels of each topic, as the lines say.
	Objects, Categories map[topic.ID]topic.ID
	// Skipped are lines without a topic, of which nothing can be learned or judged,
	// and lines with an id that an earlier one has.
	Skipped int
	// Nameless are changes whose earlier topic could not be named.
	Nameless int
}

// Until is what was known of the messages at a moment: those sent before it, with
// the topics that they had then. What was Unnamed then is left out.
func Until(messages []suggest.Message, end time.Time) []suggest.Message {
	var list []suggest.Message
	for _, m := range messages {
		if !m.At.Before(end) {
			continue
		}
		n := len(m.Known)
		for n > 1 && !m.Known[n-1].At.Before(end) {
			n--
		}
		if n < len(m.Known) {
			m.Known = m.Known[:n:n]
			m.Topic = m.Known[n-1].Topic
			m.Corrected = m.Topic != m.Known[0].Topic
		}
		if m.Topic != Unnamed {
			list = append(list, m)
		}
	}
	return list
}

// ObjectOf is the first level of a topic; 0: no line says.
func (f File) ObjectOf(id topic.ID) topic.ID { return f.Objects[id] }

// CategoryOf is the second level of a topic; 0: no line says.
func (f File) CategoryOf(id topic.ID) topic.ID { return f.Categories[id] }

// Read reads files that belong together: a path that one of them names is
// known in all. An error names file and line.
func Read(o ReadOptions, sources ...Source) ([]File, error) {
	if o.Zone == nil {
		o.Zone = time.FixedZone("MSK", 3*60*60) // no summer time since 2014
	}
	r := reader{options: o, interned: map[string]string{}, paths: paths{given: o.Paths, counts: map[string]map[topic.ID]int{}}}
	lists := make([][]row, len(sources))
	files := make([]File, len(sources))
	for i, s := range sources {
		files[i] = File{Objects: map[topic.ID]topic.ID{}, Categories: map[topic.ID]topic.ID{}}
		list, err := r.read(s, &files[i])
		if err != nil {
			return nil, err
		}
		lists[i] = list
	}
	for i := range files {
		files[i].fill(lists[i], &r.paths)
	}
	return files, nil
}

// line is what is read of a line.
type line struct {
	ID       int64           `json:"id"`
	Created  string          `json:"created"`
	Author   string          `json:"author"`
	Reason   int64           `json:"reason_id"`
	Category int64           `json:"category_id"`
	Object   int64           `json:"city_object_id"`
	District json.RawMessage `json:"district_id"`
	Named    string          `json:"district"`
	Area     string          `json:"municipality"`
	Lat      *float64        `json:"lat"`
	Lon      *float64        `json:"lon"`
	Building json.RawMessage `json:"building"`
	Nearest  json.RawMessage `json:"nearest_building"`
	Events   []entry         `json:"events"`
}

// entry is one event of a line.
type entry struct {
	Type   string  `json:"t"`
	At     string  `json:"dt"`
	Body   string  `json:"body"`
	Change *change `json:"reason_change"`
}

type change struct {
	Old     string `json:"old"`
	Current string `json:"current"`
}

// The types of entries that matter here.
const (
	petition = "petition"
	changed  = "problem_change"
)

// row is a line whose earlier topics are still paths.
type row struct {
	suggest.Message
	changes []step
}

type step struct {
	at           time.Time
	old, current string
}

type reader struct {
	options  ReadOptions
	interned map[string]string
	paths    paths
	lines    int
}

// read reads the lines of one file.
func (r *reader) read(s Source, f *File) ([]row, error) {
	from, err := plain(s.From)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	scan := bufio.NewScanner(from)
	scan.Buffer(nil, longestLine)
	var list []row
	ids := map[int64]bool{}
	n := 0
	for scan.Scan() {
		n++
		r.lines++
		if len(bytes.TrimSpace(scan.Bytes())) == 0 {
			continue
		}
		next, err := r.row(scan.Bytes(), f)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", s.Name, n, err)
		}
		if next.Topic == 0 || ids[next.Problem] {
			f.Skipped++
			continue
		}
		ids[next.Problem] = true
		list = append(list, next)
		if r.options.Progress != nil {
			r.options.Progress(r.lines)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", s.Name, n+1, err)
	}
	slices.SortStableFunc(list, func(a, b row) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Problem, b.Problem))
	})
	return list, nil
}

// plain unpacks what is packed.
func plain(from io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(from, 1<<16)
	if head, err := buffered.Peek(2); err != nil || head[0] != 0x1f || head[1] != 0x8b {
		return buffered, nil // an empty or failing file says so when it is read
	}
	return gzip.NewReader(buffered)
}

func (r *reader) row(body []byte, f *File) (row, error) {
	var l line
	if err := json.Unmarshal(body, &l); err != nil {
		return row{}, fmt.Errorf("a message in JSON was expected: %w", err)
	}
	switch {
	case l.ID <= 0:
		return row{}, errors.New("id is missing")
	case l.Created == "":
		return row{}, errors.New("created is missing")
	case l.Reason < 0:
		return row{}, fmt.Errorf("reason_id is %d", l.Reason)
	}
	at, err := r.time(l.Created)
	if err != nil {
		return row{}, fmt.Errorf("created: %w", err)
	}
	next := row{Message: suggest.Message{Problem: l.ID, Topic: topic.ID(l.Reason)}}
	next.At = at
	next.Author, next.District, next.Area = r.intern(l.Author), r.intern(l.district()), r.intern(l.Area)
	next.Lat, next.Lon = l.point()
	next.Pin = l.pin()
	for i, e := range l.Events {
		if e.Type == petition && next.Text == "" {
			next.Text = strings.TrimSpace(e.Body)
		}
		if e.Type != changed || e.Change == nil {
			continue
		}
		at, err := r.time(e.At)
		if err != nil {
			return row{}, fmt.Errorf("event %d: dt: %w", i+1, err)
		}
		if at.Before(next.At) {
			at = next.At
		}
		next.changes = append(next.changes, step{at, r.intern(e.Change.Old), r.intern(e.Change.Current)})
	}
	slices.SortStableFunc(next.changes, func(a, b step) int { return a.at.Compare(b.at) })
	if n := len(next.changes); n > 0 && next.Topic != 0 {
		r.paths.see(next.changes[n-1].current, next.Topic)
	}
	if l.Object > 0 {
		f.Objects[next.Topic] = topic.ID(l.Object)
	}
	if l.Category > 0 {
		f.Categories[next.Topic] = topic.ID(l.Category)
	}
	return next, nil
}

// intern keeps one copy of what many lines say.
func (r *reader) intern(s string) string {
	if kept, ok := r.interned[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	r.interned[s] = s
	return s
}

// time reads a time, with a zone of its own or without.
func (r *reader) time(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(r.options.Zone), nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, r.options.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", text)
}

// district is the number of the district, as packs made of the portal use it,
// else its name.
func (l *line) district() string {
	if there(l.District) {
		return strings.Trim(string(l.District), `"`)
	}
	return l.Named
}

// point is where the message is; 0, 0 where that is not known.
func (l *line) point() (lat, lon float64) {
	if l.Lat == nil || l.Lon == nil || math.Abs(*l.Lat) > 90 || math.Abs(*l.Lon) > 180 {
		return 0, 0
	}
	return *l.Lat, *l.Lon
}

// pin is how the place was marked: a house is named, a house near is named, or
// only a point.
func (l *line) pin() suggest.Pin {
	lat, lon := l.point()
	switch {
	case there(l.Building):
		return suggest.OnBuilding
	case there(l.Nearest):
		return suggest.NearBuilding
	case lat != 0 || lon != 0:
		return suggest.FreePoint
	}
	return suggest.NoPin
}

// there tells whether a field has a value.
func there(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", "0", `""`, "{}":
		return false
	}
	return true
}

// paths are topics by their names.
type paths struct {
	given  map[string]topic.ID
	counts map[string]map[topic.ID]int
}

// see counts that a path was the name of a topic: some are not, where the topic
// changed once more and the file does not say so.
func (p *paths) see(path string, id topic.ID) {
	if p.counts[path] == nil {
		p.counts[path] = map[topic.ID]int{}
	}
	p.counts[path][id]++
}

// named gives the topic of each path: that which most lines mean; where a single
// line says so, that which was given goes before it.
func (p *paths) named() map[string]topic.ID {
	named := maps.Clone(p.given)
	if named == nil {
		named = map[string]topic.ID{}
	}
	for path, counts := range p.counts {
		best, most := topic.ID(0), 0
		for id, n := range counts {
			if n > most || n == most && id < best {
				best, most = id, n
			}
		}
		if _, given := named[path]; !given || most > 1 {
			named[path] = best
		}
	}
	return named
}

// fill turns paths into topics: Known is what the resident chose, then every
// change.
func (f *File) fill(list []row, p *paths) {
	named := p.named()
	of := func(path string) topic.ID {
		if id, ok := named[path]; ok {
			return id
		}
		f.Nameless++
		return Unnamed
	}
	f.Messages = make([]suggest.Message, len(list))
	for i, r := range list {
		m := r.Message
		if len(r.changes) == 0 {
			m.Known = []suggest.Knowledge{{At: m.At, Topic: m.Topic}}
		} else {
			m.Known = append(m.Known, suggest.Knowledge{At: m.At, Topic: of(r.changes[0].old)})
			for _, c := range r.changes {
				m.Known = append(m.Known, suggest.Knowledge{At: c.at, Topic: of(c.current)})
			}
		}
		m.Corrected = m.Known[0].Topic != m.Topic
		f.Messages[i] = m
	}
}
