package deadline_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/platform/fault"
)

func TestDateAgreesWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		n := random.IntN(400 * 366)
		ref := time.Date(1800, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		d := deadline.On(1800, time.January, 1).AddDays(n)
		year, month, day := d.Civil()
		if d.String() != ref.Format("2006-01-02") || d.Weekday() != ref.Weekday() || d != deadline.On(ref.Date()) ||
			year != ref.Year() || month != ref.Month() || day != ref.Day() || d.Year() != year {
			t.Fatalf("%s is %s on a %s", ref, d, d.Weekday())
		}
		moment := ref.Add(time.Duration(random.IntN(24*60*60)) * time.Second)
		for _, offset := range []int{-12 * 3600, 0, 14 * 3600} {
			z := time.FixedZone("", offset)
			if got := deadline.DateOf(moment, z); got != deadline.On(moment.In(z).Date()) {
				t.Fatalf("%s in %+d is on %s", moment, offset, got)
			}
		}
	}
}

// Zones whose clocks jump over midnight, show it twice, or lose a whole day.
func TestDaysFollowEachOtherWithoutGapInEveryZone(t *testing.T) {
	t.Parallel()
	names := []string{"UTC", "Europe/Moscow", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Beirut",
		"America/St_Johns", "Pacific/Apia", "Pacific/Kiritimati", "Africa/Cairo", "Asia/Kathmandu"}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			z := zone(t, name)
			for d := deadline.On(2009, 1, 1); d.Year() < 2025; d = d.AddDays(1) {
				if name == "Pacific/Apia" && d == deadline.On(2011, 12, 30) {
					continue // this day never was
				}
				start, end := d.Start(z), d.End(z)
				if deadline.DateOf(start, z) != d || deadline.DateOf(end, z) != d {
					t.Fatalf("%s begins %s and ends %s", d, start, end)
				}
				if before := deadline.DateOf(start.Add(-time.Microsecond), z); !before.Before(d) {
					t.Fatalf("a microsecond before %s begins it is %s", d, before)
				}
				for _, on := range []time.Duration{2 * time.Minute, 30 * time.Minute, 90 * time.Minute} {
					if after := deadline.DateOf(start.Add(on), z); after.Before(d) {
						t.Fatalf("%s after %s began it is %s again", on, d, after)
					}
				}
				if !end.Add(time.Microsecond).Equal(d.AddDays(1).Start(z)) {
					t.Fatalf("between the end of %s and the next day is a gap", d)
				}
			}
		})
	}
}

func TestDayBeginsWhenClocksJumpOverMidnight(t *testing.T) {
	t.Parallel()
	z := zone(t, "America/Sao_Paulo")
	got := deadline.On(2018, time.November, 4).Start(z)
	want(t, "start", got.Format("2006-01-02 15:04"), "2018-11-04 01:00")
	want(t, "end of the day before", deadline.On(2018, time.November, 3).End(z).Format("15:04:05.999999"), "23:59:59.999999")
}

func TestDateIsWrittenAndReadBack(t *testing.T) {
	t.Parallel()
	type box struct {
		A deadline.Date `json:"a"`
		B deadline.Date `json:"b,omitzero"`
	}
	in := box{A: deadline.On(2024, time.February, 29)}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "text", string(text), `{"a":"2024-02-29"}`)
	var out box
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	want(t, "read back", out, in)
	if err := json.Unmarshal([]byte(`{"a":""}`), &out); err != nil || !out.A.IsZero() {
		t.Errorf("an empty date is %v, %v", out.A, err)
	}
}

func TestDateThatDoesNotExistIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2025-02-29", "2026-13-01", "2026-4-30", "30.04.2026", "0000-01-01", "2026-04-30 "} {
		if d, err := deadline.ParseDate(s); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q was read as %s, %v", s, d, err)
		}
	}
}
