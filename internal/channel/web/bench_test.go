package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/id"
)

// BenchmarkPages measures pages of a town with 300 problems, each with one
// answer, on SQLite, as a guest gets them.
func BenchmarkPages(b *testing.B) {
	town := webtest.New(b, kit.SQLite(b))
	number := int64(0)
	for i := range 300 {
		number = fill(b, town, i)
	}
	town.Settle()
	for _, address := range []string{"/", "/map", "/stats", "/houses", "/house/1001", "/companies", "/company/uk-berega", "/outages", fmt.Sprintf("/problem/%d", number)} {
		b.Run(address, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, address, nil)
				w := httptest.NewRecorder()
				town.Handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

func fill(b *testing.B, town *webtest.Town, i int) int64 {
	b.Helper()
	who := machine(town)
	point := geo.Point{Lat: 58.2995 + float64(i%17)*0.0001, Lon: 36.8985 + float64(i/17)*0.0001}
	receipt, err := town.Problems.Do(b.Context(), who, problem.Order{Command: problem.Send{Text: darkYard, Topic: 271, Channel: "web",
		Place: place.Draft{Point: point, Mark: place.FreePoint}}})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []problem.Command{problem.Accept{}, problem.Give{Text: "Сделали.", Outcome: problem.Done}, problem.Pass{}} {
		if _, err := town.Problems.Do(b.Context(), who, problem.Order{Problem: receipt.Problem, Command: c, Key: id.Source{}.Secret()}); err != nil {
			b.Fatal(err)
		}
	}
	return receipt.Number
}
