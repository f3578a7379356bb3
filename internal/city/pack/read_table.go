package pack

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/deadline"
	"gorod/internal/platform/geo"
)

// sheet says what a table looks like.
type sheet struct {
	file    string
	lacking string   // phrase that explains the default when the file is not there; "": it must be
	must    []string // columns that must be there
	may     []string
	mustIn  []string // columns a language: must be there in the main one
	mayIn   []string
	own     string // columns that begin with this are the pack's own; "": there are none
}

// row is one row of a table while it is read. A complaint about it makes it
// broken; a broken row is not kept, but its id is known.
type row struct {
	r      *reading
	file   string
	line   int
	column map[string]int // by name, from 0
	values []string
	broken bool
}

// each reads a table row by row.
func (r *reading) each(s sheet, visit func(*row)) {
	data, ok := r.bytes(s.file, s.lacking)
	if !ok {
		return
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		r.badRecord(s.file, err)
		return
	}
	column := r.header(s, header)
	if column == nil {
		return
	}
	gaps := gaps{}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.badRecord(s.file, err)
			continue
		}
		line, _ := reader.FieldPos(0)
		if len(record) != len(header) {
			r.fail(s.file, line, "", "pack.columns", len(record), len(header))
			continue
		}
		w := &row{r: r, file: s.file, line: line, column: column, values: record}
		gaps.look(w, s)
		visit(w)
	}
	gaps.tell(r, s.file)
}

func (r *reading) badRecord(file string, err error) {
	var at *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		r.fail(file, 0, "", "pack.empty_file")
	case errors.As(err, &at):
		r.fail(file, at.Line, "", "pack.quotes", at.Err.Error())
	default:
		r.fail(file, 0, "", "pack.file_unreadable", err.Error())
	}
}

// header finds the columns; nil when those that must be there are not.
func (r *reading) header(s sheet, names []string) map[string]int {
	column := make(map[string]int, len(names))
	r.columns[s.file] = map[string]int{}
	complete := true
	for i, name := range names {
		name = strings.TrimSpace(name)
		r.columns[s.file][name] = i + 1
		if _, twice := column[name]; twice {
			r.fail(s.file, 1, name, "pack.column_twice", name)
			complete = false
			continue
		}
		column[name] = i
		if !s.knows(name, r.pack.City.Languages) {
			r.warn(s.file, 1, name, "pack.column_unknown", name)
		}
	}
	must := slices.Clone(s.must)
	for _, name := range s.mustIn {
		must = append(must, name+"."+r.pack.City.Main)
	}
	for _, name := range must {
		if _, ok := column[name]; !ok {
			r.fail(s.file, 1, name, "pack.column_missing", name)
			complete = false
		}
	}
	if !complete {
		return nil
	}
	return column
}

func (s sheet) knows(column string, languages []string) bool {
	if slices.Contains(s.must, column) || slices.Contains(s.may, column) || s.own != "" && strings.HasPrefix(column, s.own) {
		return true
	}
	base, lang, ok := strings.Cut(column, ".")
	return ok && slices.Contains(languages, lang) && (slices.Contains(s.mustIn, base) || slices.Contains(s.mayIn, base))
}

// gaps are the lines that lack a translation, by column, so that 14,000 houses
// without an English name are one warning and not 14,000.
type gaps map[string][]int

// look notes the languages in which a row lacks what it has in the main one.
func (g gaps) look(w *row, s sheet) {
	city := w.r.pack.City
	for _, field := range slices.Concat(s.mustIn, s.mayIn) {
		if w.text(field+"."+city.Main) == "" {
			continue
		}
		for _, lang := range city.Languages {
			column := field + "." + lang
			if w.text(column) != "" {
				continue
			}
			g[column] = append(g[column], w.line)
		}
	}
}

func (g gaps) tell(r *reading, file string) {
	for _, column := range slices.Sorted(maps.Keys(g)) {
		lines := g[column]
		r.report.add(Problem{File: file, Line: lines[0], Column: r.columns[file][column], Field: column, Severity: Warning,
			Reason: "pack.untranslated", Args: []any{len(lines), column}, Lines: lines})
	}
}

// keep notes that the row was added to the pack, in the order of rows there.
func (w *row) keep() { w.r.lines[w.file] = append(w.r.lines[w.file], w.line) }

func (w *row) fail(field, reason string, args ...any) {
	w.broken = true
	w.r.fail(w.file, w.line, field, reason, args...)
}

// text is a field without space around it; "" where the table lacks the column.
func (w *row) text(field string) string {
	i, ok := w.column[field]
	if !ok {
		return ""
	}
	return strings.TrimSpace(w.values[i])
}

// need is a field that may not be empty.
func (w *row) need(field string) string {
	s := w.text(field)
	if s == "" {
		w.fail(field, "pack.empty")
	}
	return s
}

// number is a whole number within limits; an empty field is 0.
func (w *row) number(field string, low, high int64) int64 {
	s := w.text(field)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		w.fail(field, "pack.not_number", s)
		return 0
	}
	if n < low || n > high {
		w.fail(field, "pack.out_of_range", s, strconv.FormatInt(low, 10), strconv.FormatInt(high, 10))
	}
	return n
}

// id is a number above zero that no other row of a kind has.
func (w *row) id(kind, field string) int64 {
	if w.need(field) == "" {
		return 0
	}
	n := w.number(field, 1, math.MaxInt64)
	if n > 0 {
		w.unique(kind, field, strconv.FormatInt(n, 10))
	}
	return n
}

// name is a text that no other row of a kind has.
func (w *row) name(kind, field string) string {
	s := w.need(field)
	if s != "" {
		w.unique(kind, field, s)
	}
	return s
}

func (w *row) unique(kind, field, key string) {
	if first, twice := w.r.note(kind, key, w.line); twice {
		w.fail(field, "pack.twice", key, strconv.Itoa(first))
	}
}

// note remembers the line of an id; twice tells that it was there already.
func (r *reading) note(kind, key string, line int) (first int, twice bool) {
	if r.seen[kind] == nil {
		r.seen[kind] = map[string]int{}
	}
	if first, twice = r.seen[kind][key]; !twice {
		r.seen[kind][key] = line
	}
	return first, twice
}

func (r *reading) knows(kind, key string) bool {
	_, ok := r.seen[kind][key]
	return ok
}

// flag is 0 or 1; an empty field is the default.
func (w *row) flag(field string, normal bool) bool {
	switch s := w.text(field); s {
	case "":
		return normal
	case "0":
		return false
	case "1":
		return true
	default:
		w.fail(field, "pack.not_flag", s)
		return normal
	}
}

// one is a word of a list.
func (w *row) one(field string, words ...string) string {
	s := w.need(field)
	if s != "" && !slices.Contains(words, s) {
		w.fail(field, "pack.not_listed", s, strings.Join(words, ", "))
	}
	return s
}

// list is a field of parts between semicolons.
func (w *row) list(field string) []string {
	var parts []string
	for part := range strings.SplitSeq(w.text(field), ";") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// point is lat and lon, which must lie within the city's bounds.
func (w *row) point() geo.Point {
	lat, okLat := w.degrees("lat")
	lon, okLon := w.degrees("lon")
	p := geo.Point{Lat: lat, Lon: lon}
	if bounds := w.r.pack.City.Bounds; okLat && okLon && bounds.Valid() && !bounds.Contains(p) {
		if bounds.Contains(geo.Point{Lat: lon, Lon: lat}) {
			w.fail("lat", "pack.swapped", w.text("lon"), w.text("lat"))
		} else {
			w.fail("lat", "pack.out_of_bounds", w.text("lat")+", "+w.text("lon"))
		}
	}
	return p
}

func (w *row) degrees(field string) (float64, bool) {
	s := w.need(field)
	if s == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > 180 {
		w.fail(field, "pack.not_degrees", s)
		return 0, false
	}
	return v, true
}

// names is a field a language. Where must is set the main language has to be
// there.
func (w *row) names(field string, must bool) map[string]string {
	city := w.r.pack.City
	var names map[string]string
	for _, lang := range city.Languages {
		s := w.text(field + "." + lang)
		if s == "" {
			continue
		}
		if names == nil {
			names = make(map[string]string, len(city.Languages))
		}
		names[lang] = s
	}
	if must && names[city.Main] == "" {
		w.fail(field+"."+city.Main, "pack.empty")
	}
	return names
}

// date is YYYY-MM-DD; an empty field is the zero date: always.
func (w *row) date(field string) deadline.Date {
	s := w.text(field)
	if s == "" {
		return deadline.Date{}
	}
	d, err := deadline.ParseDate(s)
	if err != nil {
		w.fail(field, "deadline.date", s)
	}
	return d
}

// known complains about a reference to something that the pack does not have.
func (w *row) known(kind, field, key, reason string) {
	if key != "" && !w.r.knows(kind, key) {
		w.fail(field, reason, key)
	}
}

// scope reads which topics a row is about: a topic's id, category:ID,
// object:ID, or *.
func (w *row) scope(field string) Scope {
	s := w.need(field)
	if s == "" || s == "*" {
		return Scope{}
	}
	kind, id, branch := strings.Cut(s, ":")
	if !branch {
		kind, id = "topic", s
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 || !slices.Contains([]string{"topic", "category", "object"}, kind) {
		w.fail(field, "pack.not_scope", s)
		return Scope{}
	}
	w.known(kind, field, strconv.FormatInt(n, 10), "pack.no_such_"+kind)
	switch kind {
	case "category":
		return Scope{Category: topicID(n)}
	case "object":
		return Scope{Object: topicID(n)}
	}
	return Scope{Topic: topicID(n)}
}
