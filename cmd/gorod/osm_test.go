package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

const mapOfTown = "../../internal/city/pack/osm/testdata/town.osm"

func TestACityFromAMapOnTheCommandLine(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "town")
	gorod("pack", "osm", mapOfTown, out).expect(t, 1, "--zone Europe/Moscow")
	gorod("pack", "osm", mapOfTown, out, "--zone=Europe/Moscow", "--boundary=Атлантида").expect(t, 1, "no boundary is Атлантида")
	gorod("pack", "osm", "nowhere.osm.pbf", out, "--zone=Europe/Moscow").expect(t, 2, "nowhere.osm.pbf")
	if _, err := os.Stat(out); err == nil {
		t.Fatal("something was written")
	}
	gorod("pack", "osm", mapOfTown, out, "--zone=Europe/Moscow").expect(t, 0, "houses           37", "Broken boundaries", "REPORT.md", "Вне районов")
	gorod("pack", "check", out).expect(t, 0, "houses           37")
	s := gorod("pack", "osm", mapOfTown, out, "--zone=Europe/Moscow", "--json", "--id=town", "--district-level=9")
	s.expect(t, 0)
	var result struct {
		City  string `json:"city"`
		Notes []any  `json:"notes"`
		Check struct {
			Errors int            `json:"errors"`
			Counts map[string]int `json:"counts"`
		} `json:"check"`
	}
	if err := json.Unmarshal([]byte(s.out), &result); err != nil {
		t.Fatal(err)
	}
	if result.City != "town" || len(result.Notes) == 0 || result.Check.Errors != 0 || result.Check.Counts["houses"] != 37 {
		t.Errorf("got %+v", result)
	}
	config, db := settle(t)
	gorod(config, db, "import", out).expect(t, 0, "Version 1 is in force")
	gorod(config, db, "route", "9", "--house=4198").expect(t, 0, "executor adm", "Ленина")
}
