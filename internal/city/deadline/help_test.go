package deadline_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
	_ "time/tzdata" // the zones must not depend on the machine

	"gorod/internal/city/deadline"
)

// packFolder holds the calendars of 2024 to 2026 that ship.
const packFolder = "../../../packs/zarechny/calendar"

// realFolder holds the calendars of 2020 to 2026 that do not ship: the folder
// calendar of GOROD_DATA, or of shared/data beside the checkout.
func realFolder(t testing.TB) string {
	t.Helper()
	data := os.Getenv("GOROD_DATA")
	if data == "" {
		data = "../../../../shared/data"
	}
	folder := filepath.Join(data, "calendar")
	if _, err := os.Stat(filepath.Join(folder, "2020.xml")); err != nil {
		t.Skipf("SKIPPED: no calendars of 2020 to 2023 in %s; set GOROD_DATA to the folder of real data", folder)
	}
	return folder
}

func years(t testing.TB, folder string) []deadline.Year {
	t.Helper()
	list, err := deadline.ParseCalendars(os.DirFS(folder))
	if err != nil {
		t.Fatalf("read calendars of %s: %v", folder, err)
	}
	return list
}

// shipped is the calendar of 2024 to 2026.
func shipped(t testing.TB, overrides ...deadline.Override) *deadline.Calendar {
	t.Helper()
	c, err := deadline.NewCalendar("test-1", years(t, packFolder), overrides)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// moscow counts by the shipped calendar with every setting at its default.
func moscow(t testing.TB) deadline.Rules {
	t.Helper()
	return deadline.Rules{Zone: zone(t, "Europe/Moscow"), Calendar: shipped(t)}
}

func date(t testing.TB, s string) deadline.Date {
	t.Helper()
	d, err := deadline.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// at reads 2026-04-30 14:05 on the clocks of a zone.
func at(t testing.TB, z *time.Location, s string) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02 15:04:05.999999", "2006-01-02 15:04", "2006-01-02"} {
		if moment, err := time.ParseInLocation(layout, s, z); err == nil {
			return moment
		}
	}
	t.Fatalf("%q is no time", s)
	return time.Time{}
}

func want(t testing.TB, what string, got, exp any) {
	t.Helper()
	if !reflect.DeepEqual(got, exp) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, exp)
	}
}

// wantDue compares a due date with the end of a day, or a minute, in the zone.
func wantDue(t testing.TB, r deadline.Rules, p deadline.Promise, exp string) {
	t.Helper()
	if !p.Known() {
		t.Errorf("due is unknown: %+v, want %s", p.Unknown, exp)
		return
	}
	if len(exp) == len("2026-04-30") {
		exp += " 23:59:59.999999"
	}
	if got := p.Due.In(r.Zone); !got.Equal(at(t, r.Zone, exp)) {
		t.Errorf("due %s, want %s", got.Format("Mon 2006-01-02 15:04:05.999999 -0700"), exp)
	}
}

func wd(n int) deadline.Term    { return deadline.Term{Amount: n, Unit: deadline.WorkingDays} }
func cd(n int) deadline.Term    { return deadline.Term{Amount: n, Unit: deadline.CalendarDays} }
func hours(n int) deadline.Term { return deadline.Term{Amount: n, Unit: deadline.Hours} }
