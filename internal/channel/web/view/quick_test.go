package view

import (
	"strings"
	"testing"
	"time"

	"gorod/internal/platform/locale"
)

const nasty = `"><script>alert('1')</script>&`

func TestALineEscapesWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	cat, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	r := &Renderer{cat: cat}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	l := Line{Number: 7, URL: nasty, Topic: nasty, Address: nasty, Area: nasty, State: State{Code: "work", Due: now}, Created: now,
		Photo: &Photo{Thumb: nasty, Width: 4, Height: 3}, Lat: 1, Lon: 2}
	got := string(r.line(locale.RU, l, time.UTC, now))
	if strings.Contains(got, "<script") || strings.Count(got, `"`)%2 != 0 || strings.Count(got, "&lt;script") != 5 {
		t.Errorf("a line is %s", got)
	}
	for _, part := range []string{`data-number="7"`, `data-at="1.000000,2.000000"`, `width="4" height="3"`, `chip chip-work`, "20\u00a0ноября"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
	if got := string(options(locale.RU, []Option{{Value: nasty, Label: nasty}, {Value: "a", Label: "А", Checked: true, Count: 5}})); strings.Contains(got, "<script") ||
		!strings.HasSuffix(got, `<option value="a" selected>А (5)</option>`) {
		t.Errorf("options are %s", got)
	}
}
