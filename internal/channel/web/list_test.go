package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/platform/geo"
)

func TestTheListKeepsToThePartOfTheMapInItsAddress(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		who := machine(town)
		var numbers []int64
		for i := range 3 {
			receipt, err := town.Problems.Do(t.Context(), who, problem.Order{Command: problem.Send{Text: darkYard, Topic: 271, Channel: "web",
				Place: place.Draft{Point: geo.Point{Lat: 58.2995, Lon: 36.8985 + float64(i)*0.001}, Mark: place.FreePoint}}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := town.Problems.Do(t.Context(), who, problem.Order{Problem: receipt.Problem, Command: problem.Accept{}, Key: strconv.Itoa(i) + "-key"}); err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, receipt.Number)
		}
		town.Settle()
		guest := town.Guest()
		const box = "36.8980,58.2990,36.8990,58.3000" // the first alone
		part := guest.Get("/map?view=map&box=" + box).Is(http.StatusOK)
		if lines := part.All("[data-line]"); len(lines) != 1 || part.Attr("[data-line]", "data-number") != fmt.Sprint(numbers[0]) {
			t.Errorf("the part of the map has %q", lines)
		}
		part.Has(".split-side", "Здесь только то, что видно на карте")
		if got := part.Attr("input[data-box]", "value"); got != box {
			t.Errorf("a search would leave the part: %q", got)
		}
		if all := guest.Get(part.Attr(".split-side a.lone", "href")).All("[data-line]"); len(all) != 3 {
			t.Errorf("the whole city has %d lines", len(all))
		}
		if all := guest.Get("/map?box=what").Is(http.StatusOK).All("[data-line]"); len(all) != 3 {
			t.Errorf("a box that is none leaves %d lines", len(all))
		}
		if shown := guest.Get("/map.csv?box=" + box).Is(http.StatusOK); strings.Count(shown.Body, "\n") != 2 {
			t.Errorf("the table of the part is %q", shown.Body)
		}
		guest.Get(fmt.Sprintf("/problem/%d", numbers[0])).Is(http.StatusOK).Has("svg.still[role=img]", "")
	})
}
