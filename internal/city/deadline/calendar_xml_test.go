package deadline_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"gorod/internal/city/deadline"
	"gorod/internal/platform/fault"
)

// file is a calendar of a leap year with days in it.
func file(days string) string {
	return `<calendar year="2024" country="ru"><holidays><holiday id="1" title="New Year"/></holidays>` + "\n<days>\n" + days + "\n</days></calendar>"
}

func TestCalendarIsReadAsWritten(t *testing.T) {
	t.Parallel()
	text := `<?xml version="1.0" encoding="UTF-8"?><!-- a --><calendar year="2024" country="kz" lang="ru" date="2023.09.30">
		<holidays><holiday id="1" title=" Новый год " title.en="New Year"/></holidays>
		<days><day d="04.27" t="3"/><day d="04.29" t="1" f="04.27"/><day d="01.01" t="1" h="1"/><day d="02.29" t="2"/></days></calendar>`
	y, err := deadline.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want(t, "year", y, deadline.Year{
		Number: 2024, Country: "kz", Lang: "ru", Published: date(t, "2023-09-30"),
		Holidays: map[int]deadline.Holiday{1: {Title: "Новый год", Translations: map[string]string{"en": "New Year"}}},
		Days: []deadline.Day{
			{Date: date(t, "2024-01-01"), Mark: deadline.Off, Holiday: 1},
			{Date: date(t, "2024-02-29"), Mark: deadline.Short},
			{Date: date(t, "2024-04-27"), Mark: deadline.Working},
			{Date: date(t, "2024-04-29"), Mark: deadline.Off, MovedFrom: date(t, "2024-04-27")},
		},
	})
}

func TestBadCalendarsAreRefusedWithTheDayAndTheReason(t *testing.T) {
	t.Parallel()
	good := `<day d="01.01" t="1" h="1"/>`
	cases := []struct {
		name, text, field, phrase string
		arg                       any // the first argument
	}{
		{"day that is not there", file(`<day d="02.30" t="1"/>`), "calendar:3", "deadline.calendar_date", "02.30"},
		{"month that is not there", file(good + "\n" + `<day d="13.01" t="1"/>`), "calendar:4", "deadline.calendar_date", "13.01"},
		{"day of another form", file(`<day d="1.1" t="1"/>`), "calendar:3", "deadline.calendar_date", "1.1"},
		{"day with a year", file(`<day d="2024.01.01" t="1"/>`), "calendar:3", "deadline.calendar_date", "2024.01.01"},
		{"no day", file(`<day t="1"/>`), "calendar:3", "deadline.calendar_date", ""},
		{"29 February of an ordinary year", strings.Replace(file(`<day d="02.29" t="1"/>`), "2024", "2025", 1), "calendar:3", "deadline.calendar_date", "02.29"},
		{"day twice", file(good + good), "calendar:3", "deadline.calendar_twice", "01.01"},
		{"kind unknown", file(`<day d="01.02" t="4"/>`), "calendar:3", "deadline.calendar_mark", "01.02"},
		{"kind missing", file(`<day d="01.02"/>`), "calendar:3", "deadline.calendar_mark", "01.02"},
		{"weekday marked as a worked weekend", file(`<day d="01.02" t="3"/>`), "calendar:3", "deadline.calendar_not_weekend", "01.02"},
		{"holiday not listed", file(`<day d="01.02" t="1" h="2"/>`), "calendar:3", "deadline.calendar_holiday", "01.02"},
		{"holiday no number", file(`<day d="01.02" t="1" h="x"/>`), "calendar:3", "deadline.calendar_holiday", "01.02"},
		{"moved from nowhere", file(`<day d="01.02" t="1" f="02.31"/>`), "calendar:3", "deadline.calendar_moved", "01.02"},
		{"moved from itself", file(`<day d="01.02" t="1" f="01.02"/>`), "calendar:3", "deadline.calendar_moved", "01.02"},
		{"working day moved", file(`<day d="01.02" t="2" f="01.06"/>`), "calendar:3", "deadline.calendar_moved", "01.02"},
		{"attribute unknown", file(`<day d="01.02" t="1" hh="1"/>`), "calendar:3", "deadline.calendar_attribute", "01.02"},
		{"attribute twice", file(`<day d="01.02" t="1" t="2"/>`), "calendar:3", "deadline.calendar_attribute", "01.02"},
		{"element unknown", file(good + `<dya d="01.02" t="1"/>`), "calendar:3", "deadline.calendar_element", "dya"},
		{"no days", file(""), "calendar", "deadline.calendar_empty", 2024},
		{"no year", strings.Replace(file(good), "2024", "", 1), "calendar", "deadline.calendar_year", ""},
		{"year of two digits", strings.Replace(file(good), "2024", "24", 1), "calendar", "deadline.calendar_year", "24"},
		{"year far away", strings.Replace(file(good), "2024", "9999", 1), "calendar", "deadline.calendar_year", "9999"},
		{"published on no day", strings.Replace(file(good), "country", `date="soon" country`, 1), "calendar", "deadline.calendar_published", "soon"},
		{"holiday without a title", strings.Replace(file(good), `title="New Year"`, "", 1), "calendar:1", "deadline.calendar_holiday_entry", "1"},
		{"holiday number twice", strings.Replace(file(good), `</holidays>`, `<holiday id="1" title="x"/></holidays>`, 1), "calendar:1", "deadline.calendar_holiday_twice", 1},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := deadline.ParseCalendar(strings.NewReader(tc.text))
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("accepted: %v", err)
			}
			first := fault.Of(err).Fields[0]
			want(t, "complaint", []any{first.Name, first.Phrase, first.Args[0]}, []any{tc.field, tc.phrase, tc.arg})
		})
	}
}

func TestWhatIsNoCalendarIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, phrase string }{
		"nothing":         {"", "deadline.calendar_xml"},
		"another root":    {"<html></html>", "deadline.calendar_xml"},
		"cut off":         {file(`<day d="01.01" t="1"/>`)[:100], "deadline.calendar_xml"},
		"a second root":   {file(`<day d="01.01" t="1"/>`) + "<calendar/>", "deadline.calendar_xml"},
		"rubbish after":   {file(`<day d="01.01" t="1"/>`) + "<", "deadline.calendar_xml"},
		"another charset": {`<?xml version="1.0" encoding="windows-1251"?>` + file(""), "deadline.calendar_xml"},
		"too large":       {file("") + strings.Repeat(" ", 1<<20), "deadline.calendar_large"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := deadline.ParseCalendar(strings.NewReader(tc.text))
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("accepted: %v", err)
			}
			want(t, "phrase", fault.Of(err).Phrase, tc.phrase)
		})
	}
}

func TestAllThatIsWrongInAFolderIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := deadline.ParseCalendars(fstest.MapFS{
		"2023.xml": {Data: []byte(file(`<day d="01.01" t="1"/>`))},
		"2024.xml": {Data: []byte(file(`<day d="02.30" t="1"/>` + "\n" + `<day d="03.01" t="9"/>`))},
	})
	if !errors.Is(err, fault.Invalid) {
		t.Fatalf("accepted: %v", err)
	}
	var got []string
	for _, f := range fault.Of(err).Fields {
		got = append(got, f.Name+" "+f.Phrase)
	}
	want(t, "complaints", got, []string{
		"2023.xml deadline.calendar_file_name",
		"2024.xml:3 deadline.calendar_date",
		"2024.xml:4 deadline.calendar_mark",
	})
}

// What ships says the same about every day as the published calendar does.
func TestShippedCalendarsTellThePublishedFacts(t *testing.T) {
	t.Parallel()
	folder := realFolder(t)
	for _, y := range years(t, packFolder) {
		published := parseFile(t, filepath.Join(folder, strconv.Itoa(y.Number)+".xml"))
		want(t, "days", y.Days, published.Days)
		want(t, "published", y.Published, published.Published)
		for id, holiday := range published.Holidays {
			want(t, "title", y.Holidays[id].Title, holiday.Title)
			if y.Holidays[id].Translations["en"] == "" {
				t.Errorf("%d: %q has no English title", y.Number, holiday.Title)
			}
		}
	}
}

func parseFile(t testing.TB, name string) deadline.Year {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	y, err := deadline.ParseCalendar(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return y
}

// Whatever is read can be laid into a calendar in which every day of the year is
// known, and is read the same way again.
func FuzzParseCalendar(f *testing.F) {
	for _, name := range []string{"2024.xml", "2025.xml", "2026.xml"} {
		text, err := os.ReadFile(filepath.Join(packFolder, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, days := range []string{"", `<day d="02.30" t="1"/>`, `<day d="02.29" t="1" h="1" f="01.06"/>`, `<day d="01.01" t="7" h="-1" f="x"/>`, `<day><day/></day>`} {
		f.Add(file(days))
	}
	f.Fuzz(func(t *testing.T, text string) {
		y, err := deadline.ParseCalendar(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("a bad file is the author's to mend, not ours: %v", err)
			}
			return
		}
		again, err := deadline.ParseCalendar(strings.NewReader(text))
		if err != nil || !reflect.DeepEqual(again, y) {
			t.Fatalf("read again it is %+v, %v", again, err)
		}
		c, err := deadline.NewCalendar("fuzz", []deadline.Year{y}, nil)
		if err != nil {
			t.Fatalf("was read but cannot be laid: %v", err)
		}
		for d := deadline.On(y.Number, 1, 1); d.Year() == y.Number; d = d.AddDays(1) {
			working, known := c.Working(d)
			kind := c.Explain(d).Kind
			off := kind != "" && kind != deadline.WorkingWeekend
			if !known || working == off {
				t.Fatalf("%s: working %t, known %t, why %q", d, working, known, kind)
			}
		}
	})
}
