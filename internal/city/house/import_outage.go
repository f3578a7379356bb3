package house

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"gorod/internal/platform/text"
)

// Layout names one of the lists that utilities publish.
type Layout string

// The layouts, after the three lists of St. Petersburg.
const (
	// HotWaterList is a row a house: №, район, улица, дом, [корпус/литера],
	// период 1, период 2 as dd.mm.yyyy - dd.mm.yyyy. The yearly test of the mains.
	HotWaterList Layout = "hot-water"
	// PowerList is a row an outage: date_start, time_start, date_end, time_end as
	// dd-mm-yyyy and HH:MM, and a list of «улица, дома».
	PowerList Layout = "power"
	// ColdWaterList is a row an outage: начало, окончание as «d месяц yyyy HH:MM»,
	// адреса отключаемых объектов in free text.
	ColdWaterList Layout = "cold-water"
)

// Layouts lists all of them.
func Layouts() []Layout { return []Layout{HotWaterList, PowerList, ColdWaterList} }

// told is one outage of a list before its houses are looked for.
type told struct {
	line      int
	key       string
	from, to  time.Time
	kind      Kind
	reason    string
	stretches []Stretch
	lines     []int // of the stretches
}

// reading is a list that was read.
type reading struct {
	report *Report
	zone   *time.Location
	list   []told
	byKey  map[string]int
}

// readOutages reads a list of outages. What is wrong is in the report.
func readOutages(layout Layout, r io.Reader, zone *time.Location, report *Report) []told {
	read := &reading{report: report, zone: zone, byKey: map[string]int{}}
	switch layout {
	case HotWaterList:
		read.hotWater(r)
	case PowerList:
		read.power(r)
	case ColdWaterList:
		read.coldWater(r)
	default:
		report.add(Trouble{Reason: "house.no_layout", Args: []any{string(layout)}, Fatal: true})
	}
	return read.list
}

// put adds an outage, or addresses to the one with the same key.
func (r *reading) put(o told) {
	for range o.stretches {
		o.lines = append(o.lines, o.line)
	}
	if at, ok := r.byKey[o.key]; ok {
		r.list[at].stretches = append(r.list[at].stretches, o.stretches...)
		r.list[at].lines = append(r.list[at].lines, o.lines...)
		return
	}
	r.byKey[o.key] = len(r.list)
	r.list = append(r.list, o)
}

func (r *reading) hotWater(in io.Reader) {
	t := openTable(in, r.report, known{
		"улица": {"наименование улицы", "адрес улица", "street"}, "дом": {"№ дома", "номер дома", "house"}, "район": {"district", "муниципальный район"},
		"корпус": {"корп", "корп.", "building", "корпус/литера", "корпус / литера"}, "литера": {"лит", "лит.", "letter"}, "строение": {"стр.", "стр"},
		"период 1": {"период1", "1 период", "период", "i период", "первый период", "period 1"},
		"период 2": {"период2", "2 период", "ii период", "второй период", "period 2"},
	}, "улица", "дом", "период 1")
	if t == nil {
		return
	}
	for t.next() {
		r.report.Rows++
		street := t.cell("улица")
		if street == "" || t.cell("дом") == "" {
			t.trouble("дом", "house.no_address", false)
			continue
		}
		s := Stretch{Street: textOf(lex(street)), District: area(t.cell("район")), Text: text.Fold(street + ", " + t.cell("дом"))}
		s.Spans = houseCells(t)
		if len(s.Spans) == 0 {
			t.trouble("дом", "house.miss_read", false, s.Text)
			r.report.Addresses++
			continue
		}
		for _, column := range []string{"период 1", "период 2"} {
			period := t.cell(column)
			if blank(period) {
				continue
			}
			from, to, ok := r.period(period)
			if !ok {
				t.trouble(column, "house.bad_period", true, period)
				continue
			}
			key := strings.Join([]string{s.District, from.Format("2006-01-02"), to.Format("2006-01-02")}, "/")
			r.put(told{line: t.line, key: key, from: from, to: to, kind: Preventive, stretches: []Stretch{s}})
		}
	}
}

// area is a district without the word for it.
func area(s string) string {
	var words []string
	for _, t := range lex(s) {
		if t.kind == wordToken && !t.is("район", "р-н", "района") {
			words = append(words, t.text)
		}
	}
	return strings.Join(words, " ")
}

// houseCells reads a house that stands in cells of its own; «12 к2» in the first
// of them is read as well.
func houseCells(t *table) []Span {
	list := "улица, д. " + t.cell("дом")
	for _, part := range []struct{ column, word string }{{"корпус", " корп. "}, {"строение", " стр. "}, {"литера", " лит. "}} {
		value := t.cell(part.column)
		if blank(value) {
			continue
		}
		tokens := lex(value)
		switch {
		case len(tokens) == 1 && tokens[0].letter():
			list += " лит. " + value
		case len(tokens) == 1:
			list += part.word + value
		default:
			list += " " + value // «корп. 2», «2 лит. А»
		}
	}
	found, left := ParseAddresses(list)
	if len(found) != 1 || len(left) > 0 || found[0].Whole {
		return nil
	}
	return found[0].Spans
}

// period reads «dd.mm.yyyy - dd.mm.yyyy»: from the beginning of the first day to
// the end of the last.
func (r *reading) period(s string) (from, to time.Time, ok bool) {
	s = strings.ReplaceAll(text.Fold(s), " ", "")
	a, b, ok := strings.Cut(s, "-")
	if !ok {
		return from, to, false
	}
	first, okA := parseDay(a)
	last, okB := parseDay(b)
	if !okA || !okB || last.Before(first) || last.Sub(first) > 366*24*time.Hour {
		return from, to, false
	}
	from = time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, r.zone)
	return from, time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, r.zone), true
}

// addressColumns are the names under which lists keep free addresses.
func addressColumns() []string {
	return []string{"адреса отключаемых объектов", "адреса", "улица, дома", "список адресов", "улицы, дома", "адрес", "addresses", "address"}
}

func (r *reading) power(in io.Reader) {
	t := openTable(in, r.report, known{"адреса": addressColumns(), "район": {"district", "район города"}, "причина": {"reason", "вид работ"}, "номер": {"id", "№ заявки"}},
		"date_start", "time_start", "date_end", "time_end", "адреса")
	if t == nil {
		return
	}
	for t.next() {
		r.report.Rows++
		from, okFrom := r.dayAndTime(t, "date_start", "time_start")
		to, okTo := r.dayAndTime(t, "date_end", "time_end")
		if okFrom && okTo {
			r.free(t, from, to)
		}
	}
}

func (r *reading) dayAndTime(t *table, date, clock string) (time.Time, bool) {
	d, ok := parseDay(t.cell(date))
	if !ok {
		t.trouble(date, "house.bad_date", true, t.cell(date))
		return time.Time{}, false
	}
	at, ok := atTime(time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, r.zone), t.cell(clock))
	if !ok {
		t.trouble(clock, "house.bad_clock", true, t.cell(clock))
	}
	return at, ok
}

func (r *reading) coldWater(in io.Reader) {
	t := openTable(in, r.report, known{"адреса": addressColumns(), "начало": {"дата начала", "start"}, "окончание": {"дата окончания", "конец", "end"},
		"район": {"district"}, "причина": {"reason", "вид работ"}, "номер": {"id"}, "вид": {"тип", "kind"}}, "начало", "окончание", "адреса")
	if t == nil {
		return
	}
	for t.next() {
		r.report.Rows++
		from, okFrom := parseMoment(t.cell("начало"), r.zone)
		to, okTo := parseMoment(t.cell("окончание"), r.zone)
		if !okFrom {
			t.trouble("начало", "house.bad_moment", true, t.cell("начало"))
		}
		if !okTo {
			t.trouble("окончание", "house.bad_moment", true, t.cell("окончание"))
		}
		if okFrom && okTo {
			r.free(t, from, to)
		}
	}
}

// free takes an outage with its addresses in free text.
func (r *reading) free(t *table, from, to time.Time) {
	if !to.After(from) {
		t.trouble("окончание", "house.turned", true, from.Format("02.01.2006 15:04"), to.Format("02.01.2006 15:04"))
		return
	}
	addresses := t.cell("адреса")
	found, left := ParseAddresses(addresses)
	for _, l := range left {
		r.report.Addresses++
		t.trouble("адреса", "house.miss_read", false, text.Excerpt(l, 200))
	}
	if len(found) == 0 {
		if len(left) == 0 {
			t.trouble("адреса", "house.no_address", false)
		}
		return
	}
	if d := area(t.cell("район")); d != "" {
		for i := range found {
			if found[i].District == "" {
				found[i].District = d
			}
		}
	}
	o := told{line: t.line, from: from, to: to, kind: Planned, reason: t.cell("причина"), stretches: found}
	if strings.Contains(text.Fold(t.cell("вид")+" "+o.reason), "авар") {
		o.kind = Emergency
	}
	if o.key = t.cell("номер"); o.key == "" {
		// Without a number of its own an outage is its addresses and the day that
		// it was planned for: an end that moves is the same outage.
		sum := sha256.Sum256([]byte(text.Fold(addresses)))
		o.key = from.Format("2006-01-02") + "/" + hex.EncodeToString(sum[:8])
	}
	r.put(o)
}
