package house

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

// MaxFile is the largest file that an import reads, in bytes.
const MaxFile = 256 << 20

// Trouble is something of a file that was not understood, or that names no house
// of the city.
type Trouble struct {
	Line   int    `json:"line"`             // from 1; 0: the file as a whole
	Column int    `json:"column,omitempty"` // from 1; 0: none
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"` // key in the catalogue of phrases
	Args   []any  `json:"args,omitempty"`
	// Fatal: the file is not what it should be, and nothing of it is imported.
	// Others are left out, and the rest is imported.
	Fatal bool `json:"fatal,omitempty"`
}

// Report is what an import did.
type Report struct {
	Rows      int `json:"rows"`      // of the file
	Addresses int `json:"addresses"` // stretches of addresses, or houses named
	Matched   int `json:"matched"`   // of them, without a remainder
	Houses    int `json:"houses"`    // different houses of the city that were found
	Added     int `json:"added"`     // outages or passports
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Cancelled int `json:"cancelled"` // outages that a complete list does not have any more
	// Troubles are those of the file in the order of lines; More were not kept.
	Troubles []Trouble `json:"troubles"`
	More     int       `json:"more,omitempty"`
	Fatal    int       `json:"fatal"` // how many keep the file out
}

// maxTroubles bounds what a report keeps.
const maxTroubles = 2000

func (r *Report) add(t Trouble) {
	if t.Fatal {
		r.Fatal++
	}
	if len(r.Troubles) >= maxTroubles {
		r.More++
		return
	}
	r.Troubles = append(r.Troubles, t)
}

// Share is the part of the addresses that was found, 0 to 1.
func (r Report) Share() float64 {
	if r.Addresses == 0 {
		return 0
	}
	return float64(r.Matched) / float64(r.Addresses)
}

// table reads a table with a header, comma, semicolon or tab between the values.
type table struct {
	report *Report
	csv    *csv.Reader
	column map[string]int // by folded name
	line   int
	record []string
	width  int // of the header
}

// known are other names of a column.
type known map[string][]string

// openTable finds the header: the first row that has all columns of must. Some
// lists begin with a title.
func openTable(r io.Reader, report *Report, names known, must ...string) *table {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		report.add(Trouble{Reason: "house.unreadable", Args: []any{err.Error()}, Fatal: true})
		return nil
	case len(data) > MaxFile:
		report.add(Trouble{Reason: "house.too_large", Args: []any{MaxFile >> 20}, Fatal: true})
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		report.add(Trouble{Line: badLine(data), Reason: "house.not_utf8", Fatal: true})
		return nil
	}
	t := &table{report: report, csv: csv.NewReader(bytes.NewReader(data))}
	t.csv.FieldsPerRecord, t.csv.ReuseRecord, t.csv.TrimLeadingSpace = -1, true, true
	t.csv.Comma = separator(data)
	for range 20 {
		if !t.next() {
			break
		}
		column := headerOf(t.record, names)
		if hasAll(column, must) {
			t.column, t.width = column, len(t.record)
			return t
		}
	}
	if report.Fatal == 0 {
		report.add(Trouble{Line: 1, Reason: "house.no_columns", Args: []any{strings.Join(must, ", ")}, Fatal: true})
	}
	return nil
}

func badLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		if c == utf8.RuneError && size <= 1 {
			break
		}
		if c == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// separator is what stands most often in the first lines.
func separator(data []byte) rune {
	head := data[:min(len(data), 4096)]
	best, most := ',', bytes.Count(head, []byte(","))
	// In lists of addresses commas are frequent: a semicolon or tab in the first
	// line decides.
	first, _, _ := bufio.NewReader(bytes.NewReader(head)).ReadLine()
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(c))); n > 0 && n >= bytes.Count(first, []byte(",")) || most == 0 && bytes.Count(head, []byte(string(c))) > 0 {
			best, most = c, max(n, 1)
		}
	}
	return best
}

func headerOf(record []string, names known) map[string]int {
	column := map[string]int{}
	for i, name := range record {
		name = strings.Join(strings.Fields(strings.ReplaceAll(text.Fold(name), "_", " ")), " ")
		if _, twice := column[name]; !twice && name != "" {
			column[name] = i
		}
	}
	for ours, others := range names {
		for _, other := range others {
			if i, ok := column[strings.ReplaceAll(text.Fold(other), "_", " ")]; ok {
				if _, there := column[ours]; !there {
					column[ours] = i
				}
			}
		}
	}
	return column
}

func hasAll(column map[string]int, must []string) bool {
	for _, name := range must {
		if _, ok := column[strings.ReplaceAll(name, "_", " ")]; !ok {
			return false
		}
	}
	return true
}

// next reads a row; a row that is broken in itself keeps the file out.
func (t *table) next() bool {
	for {
		record, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return false
		}
		var at *csv.ParseError
		switch {
		case errors.As(err, &at):
			t.report.add(Trouble{Line: at.Line, Column: at.Column, Reason: "house.bad_row", Args: []any{at.Err.Error()}, Fatal: true})
			return false
		case err != nil:
			t.report.add(Trouble{Reason: "house.unreadable", Args: []any{err.Error()}, Fatal: true})
			return false
		}
		t.line, _ = t.csv.FieldPos(0)
		t.record = record
		for _, cell := range record {
			if strings.TrimSpace(cell) != "" {
				return true
			}
		}
	}
}

// cell is a value of the row, "" where the table lacks the column.
func (t *table) cell(name string) string {
	i, ok := t.column[strings.ReplaceAll(name, "_", " ")]
	if !ok || i >= len(t.record) {
		return ""
	}
	if i == t.width-1 && len(t.record) > t.width {
		// The list of addresses stands last and nobody put it in quotes.
		return strings.TrimSpace(strings.Join(t.record[i:], string(t.csv.Comma)))
	}
	return strings.TrimSpace(t.record[i])
}

// trouble notes something about a value of the row.
func (t *table) trouble(field, reason string, fatal bool, args ...any) {
	i := t.column[strings.ReplaceAll(field, "_", " ")]
	t.report.add(Trouble{Line: t.line, Column: i + 1, Field: field, Reason: reason, Args: args, Fatal: fatal})
}

// parseDay reads YYYY-MM-DD, DD.MM.YYYY or DD-MM-YYYY.
func parseDay(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "02.01.2006", "2.1.2006", "02-01-2006"} {
		if d, err := time.Parse(layout, strings.TrimSpace(s)); err == nil && d.Year() > 1000 && d.Year() < 2200 {
			return d, true
		}
	}
	return time.Time{}, false
}

// months are the genitives in which lists write dates: «5 июня 2026 09:00».
func monthOf(word string) time.Month {
	for i, name := range []string{"янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"} {
		if strings.HasPrefix(word, name) && !(name == "ма" && strings.HasPrefix(word, "мар")) {
			return time.Month(i + 1)
		}
	}
	return 0
}

// parseMoment reads «5 июня 2026 09:00», with or without «г.» and a comma, in
// the city's zone; also DD.MM.YYYY HH:MM.
func parseMoment(s string, zone *time.Location) (time.Time, bool) {
	words := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	var rest []string
	for _, w := range words {
		if w != "г" && w != "г." && w != "в" && w != "с" && w != "до" {
			rest = append(rest, w)
		}
	}
	var date time.Time
	switch {
	case len(rest) >= 3 && monthOf(rest[1]) != 0:
		d, err := strconv.Atoi(rest[0])
		y, err2 := strconv.Atoi(strings.TrimSuffix(rest[2], "г."))
		date = time.Date(y, monthOf(rest[1]), d, 0, 0, 0, 0, zone)
		if err != nil || err2 != nil || date.Day() != d || y < 2000 || y > 2199 {
			return time.Time{}, false
		}
		rest = rest[3:]
	case len(rest) >= 1:
		d, ok := parseDay(rest[0])
		if !ok {
			return time.Time{}, false
		}
		date = time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
		rest = rest[1:]
	default:
		return time.Time{}, false
	}
	if len(rest) == 0 {
		return date, true
	}
	return atTime(date, rest[0])
}

// atTime puts a time of day, HH:MM or HH.MM, onto a date; 24:00 is its end.
func atTime(date time.Time, clock string) (time.Time, bool) {
	clock = strings.ReplaceAll(clock, ".", ":")
	hours, minutes, ok := strings.Cut(clock, ":")
	h, err := strconv.Atoi(hours)
	m, err2 := strconv.Atoi(strings.TrimSuffix(minutes, ":00"))
	if !ok || err != nil || err2 != nil || h < 0 || h > 24 || m < 0 || m > 59 || h == 24 && m > 0 {
		return time.Time{}, false
	}
	return time.Date(date.Year(), date.Month(), date.Day(), h, m, 0, 0, date.Location()), true
}
