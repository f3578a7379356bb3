package deadline

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/platform/fault"
)

const (
	maxCalendarFile = 1 << 20 // bytes; a real file has three thousand
	minYear         = 1900
	maxYear         = 2199
)

// xmlCalendar is a file as it is written. Attributes are kept as text: a number
// that is none must be reported with its day and not stop the reading.
type xmlCalendar struct {
	XMLName  xml.Name `xml:"calendar"`
	Year     string   `xml:"year,attr"`
	Country  string   `xml:"country,attr"`
	Lang     string   `xml:"lang,attr"`
	Date     string   `xml:"date,attr"`
	Holidays struct {
		List  []xmlElement `xml:"holiday"`
		Other []xmlElement `xml:",any"`
	} `xml:"holidays"`
	Days struct {
		List  []xmlElement `xml:"day"`
		Other []xmlElement `xml:",any"`
	} `xml:"days"`
	Other []xmlElement `xml:",any"`
}

// xmlElement is one holiday or day with the line that it stands on.
type xmlElement struct {
	line  int
	name  string
	attrs []xml.Attr
}

// UnmarshalXML keeps the attributes and the line of an element.
func (e *xmlElement) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	e.line, _ = d.InputPos()
	e.name, e.attrs = start.Name.Local, start.Attr
	return d.Skip()
}

func (e xmlElement) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// ParseCalendar reads one year in the format of xmlcalendar: calendar with year,
// country, lang and date; holidays with id and title (and title.en and the like
// as translations); days with d (MM.DD), t (1 off, 2 shortened, 3 worked Saturday
// or Sunday), h (number of a holiday) and f (the day that the day off was moved
// from). Saturdays and Sundays are off unless t is 2 or 3.
//
// What the format does not allow is an Invalid fault with a field for every
// complaint, named by its line; nothing is mended silently.
func ParseCalendar(r io.Reader) (Year, error) {
	var form fault.Form
	y, err := parseYear(r, "calendar", &form)
	if err != nil {
		return Year{}, err
	}
	if err := form.Err(); err != nil {
		return Year{}, err
	}
	return y, nil
}

// ParseCalendars reads every calendar of a folder: files named after their year,
// such as 2026.xml, ascending. A file whose name and year differ, and all that
// ParseCalendar refuses, is an Invalid fault that covers all files at once.
func ParseCalendars(folder fs.FS) ([]Year, error) {
	names, err := fs.Glob(folder, "*.xml")
	if err != nil {
		return nil, fmt.Errorf("list calendars: %w", err)
	}
	var form fault.Form
	var years []Year
	for _, name := range names {
		y, err := parseFile(folder, name, &form)
		if err != nil {
			return nil, fmt.Errorf("read calendar %s: %w", name, err)
		}
		years = append(years, y)
	}
	if err := form.Err(); err != nil {
		return nil, err
	}
	return years, nil
}

func parseFile(folder fs.FS, name string, form *fault.Form) (Year, error) {
	file, err := folder.Open(name)
	if err != nil {
		return Year{}, err
	}
	defer file.Close()
	y, err := parseYear(file, name, form)
	if err != nil {
		return Year{}, err
	}
	if said := strings.TrimSuffix(path.Base(name), ".xml"); y.Number != 0 && said != strconv.Itoa(y.Number) {
		form.Add(name, "deadline.calendar_file_name", said, y.Number)
	}
	return y, nil
}

// parseYear reads a file; what can be told apart is added to the form, what
// cannot is an error.
func parseYear(r io.Reader, name string, form *fault.Form) (Year, error) {
	raw, err := decode(r)
	if err != nil {
		return Year{}, err
	}
	p := yearParser{name: name, form: form}
	p.head(raw)
	for _, e := range slices.Concat(raw.Other, raw.Holidays.Other, raw.Days.Other) {
		p.complain(e, "deadline.calendar_element", e.name)
	}
	p.holidays(raw.Holidays.List)
	if p.year.Number == 0 {
		return p.year, nil // no day can be placed without a year
	}
	p.days(raw.Days.List)
	return p.year, nil
}

func decode(r io.Reader) (xmlCalendar, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCalendarFile+1))
	if err != nil {
		return xmlCalendar{}, err
	}
	if len(data) > maxCalendarFile {
		return xmlCalendar{}, fault.Invalid.New("deadline.calendar_large", maxCalendarFile)
	}
	var raw xmlCalendar
	decoder := xml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&raw); err != nil {
		return xmlCalendar{}, notCalendar(decoder, err)
	}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return raw, nil
		}
		if err != nil {
			return xmlCalendar{}, notCalendar(decoder, err)
		}
		if _, ok := token.(xml.StartElement); ok {
			return xmlCalendar{}, notCalendar(decoder, errors.New("a second root element"))
		}
	}
}

func notCalendar(decoder *xml.Decoder, err error) error {
	line, _ := decoder.InputPos()
	return fault.Invalid.New("deadline.calendar_xml", line).Because(err)
}

// yearParser turns the text of a file into a Year and complains as it goes.
type yearParser struct {
	name string
	form *fault.Form
	year Year
}

func (p *yearParser) complain(e xmlElement, phrase string, args ...any) {
	p.form.Add(p.name+":"+strconv.Itoa(e.line), phrase, args...)
}

func (p *yearParser) head(raw xmlCalendar) {
	p.year.Country, p.year.Lang = raw.Country, raw.Lang
	number, err := strconv.Atoi(raw.Year)
	if err != nil || len(raw.Year) != 4 || number < minYear || number > maxYear {
		p.form.Add(p.name, "deadline.calendar_year", raw.Year)
	} else {
		p.year.Number = number
	}
	if raw.Date == "" {
		return
	}
	published, err := time.Parse("2006.01.02", raw.Date)
	if err != nil {
		p.form.Add(p.name, "deadline.calendar_published", raw.Date)
		return
	}
	p.year.Published = On(published.Date())
}

func (p *yearParser) holidays(raw []xmlElement) {
	p.year.Holidays = make(map[int]Holiday, len(raw))
	for _, e := range raw {
		id, err := strconv.Atoi(e.attr("id"))
		title := strings.TrimSpace(e.attr("title"))
		if err != nil || id < 1 || title == "" {
			p.complain(e, "deadline.calendar_holiday_entry", e.attr("id"))
			continue
		}
		if _, twice := p.year.Holidays[id]; twice {
			p.complain(e, "deadline.calendar_holiday_twice", id)
			continue
		}
		p.year.Holidays[id] = Holiday{Title: title, Translations: translations(e)}
	}
}

// translations collects the attributes title.en, title.tt and so on.
func translations(e xmlElement) map[string]string {
	var found map[string]string
	for _, a := range e.attrs {
		lang, ok := strings.CutPrefix(a.Name.Local, "title.")
		if !ok || lang == "" || strings.TrimSpace(a.Value) == "" {
			continue
		}
		if found == nil {
			found = map[string]string{}
		}
		found[lang] = strings.TrimSpace(a.Value)
	}
	return found
}

func (p *yearParser) days(raw []xmlElement) {
	if len(raw) == 0 {
		// No country works through New Year: half a file must not pass for a year.
		p.form.Add(p.name, "deadline.calendar_empty", p.year.Number)
	}
	seen := make(map[Date]Day, len(raw))
	for _, e := range raw {
		date, ok := p.date(e.attr("d"))
		if !ok {
			p.complain(e, "deadline.calendar_date", e.attr("d"), p.year.Number)
			continue
		}
		if _, twice := seen[date]; twice {
			p.complain(e, "deadline.calendar_twice", e.attr("d"))
			continue
		}
		seen[date] = p.day(e, date)
	}
	p.year.Days = slices.SortedFunc(maps.Values(seen), func(a, b Day) int { return a.Date.Since(b.Date) })
}

// date reads MM.DD with both digits and refuses 30 February.
func (p *yearParser) date(s string) (Date, bool) {
	t, err := time.Parse("2006.01.02", strconv.Itoa(p.year.Number)+"."+s)
	if err != nil {
		return Date{}, false
	}
	return On(t.Date()), true
}

// dayAttributes are all that a day may say; anything else is a slip that would
// be lost.
func dayAttributes() []string { return []string{"d", "t", "h", "f"} }

func (p *yearParser) day(e xmlElement, date Date) Day {
	d := Day{Date: date}
	written := e.attr("d")
	for i, a := range e.attrs {
		same := func(b xml.Attr) bool { return a.Name.Local == b.Name.Local }
		if !slices.Contains(dayAttributes(), a.Name.Local) || slices.ContainsFunc(e.attrs[:i], same) {
			p.complain(e, "deadline.calendar_attribute", written, a.Name.Local)
		}
	}
	switch e.attr("t") {
	case "1":
		d.Mark = Off
	case "2":
		d.Mark = Short
	case "3":
		d.Mark = Working
		if !weekend(date) {
			p.complain(e, "deadline.calendar_not_weekend", written)
		}
	default:
		p.complain(e, "deadline.calendar_mark", written, e.attr("t"))
	}
	if h := e.attr("h"); h != "" {
		id, err := strconv.Atoi(h)
		if _, listed := p.year.Holidays[id]; err != nil || !listed {
			p.complain(e, "deadline.calendar_holiday", written, h)
		}
		d.Holiday = id
	}
	if f := e.attr("f"); f != "" {
		from, ok := p.date(f)
		if !ok || from == date || d.Mark != Off {
			p.complain(e, "deadline.calendar_moved", written, f)
		}
		d.MovedFrom = from
	}
	return d
}
