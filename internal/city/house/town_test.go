package house

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"gorod/internal/city/place"
)

const townFolder = "../../../packs/zarechny/"

// town is the register of the invented town, from the pack's own table.
func town(t *testing.T) ([]place.House, *register, map[place.AreaID][]string) {
	t.Helper()
	file, err := os.Open(townFolder + "houses.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	var houses []place.House
	for _, r := range rows[1:] {
		id, err := strconv.ParseInt(r[at["id"]], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		houses = append(houses, place.House{ID: place.HouseID(id), Street: r[at["kind"]] + " " + r[at["street"]], Number: r[at["house"]],
			Building: r[at["building"]], Structure: r[at["structure"]], Letter: r[at["letter"]], Address: r[at["address"]], Settlement: r[at["settlement"]],
			District: place.AreaID(r[at["district"]]), Manager: r[at["manager"]]})
	}
	names := map[place.AreaID][]string{"zarechye": {"заречье"}, "tsentr": {"центр"}, "sloboda": {"слобода"}}
	return houses, newRegister(houses, nil, nil), names
}

func TestListsOfTheInventedTownAreMatched(t *testing.T) {
	t.Parallel()
	_, reg, names := town(t)
	for _, c := range []struct {
		layout                    Layout
		outages, addresses, found int
		houses                    int
		missed                    string
	}{
		{HotWaterList, 4, 14, 12, 10, "house.miss_house house.miss_street"},
		{PowerList, 4, 6, 5, 0, "house.miss_house"},
		{ColdWaterList, 3, 8, 6, 0, "house.miss_building house.miss_street"},
	} {
		file, err := os.Open(filepath.Join("testdata/zarechny", string(c.layout)+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var r Report
		drafts := reg.drafts(readOutages(c.layout, file, time.UTC, &r), ListImport{Layout: c.layout}, names, &r)
		missed := ""
		for _, m := range r.Troubles {
			if missed != "" {
				missed += " "
			}
			missed += m.Reason
			if m.Line < 2 {
				t.Errorf("a trouble without its line: %+v", m)
			}
		}
		if len(drafts) != c.outages || r.Addresses != c.addresses || r.Matched != c.found || missed != c.missed || c.houses > 0 && r.Houses != c.houses {
			t.Errorf("%s: %d outages, %d of %d addresses, %d houses, %v", c.layout, len(drafts), r.Matched, r.Addresses, r.Houses, r.Troubles)
		}
	}
}

func TestTheLifeOfHousesNamesHousesOfTheTown(t *testing.T) {
	t.Parallel()
	_, reg, names := town(t)
	body, err := os.ReadFile(townFolder + "house_story.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(body) {
		var s struct{ Do, Key, Org, Addresses string }
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatal(err)
		}
		stretches, left := ParseAddresses(s.Addresses)
		if len(left) > 0 {
			t.Errorf("%s: %v", s.Key, left)
		}
		for _, stretch := range stretches {
			found, missed := reg.match(stretch, names)
			if len(missed) > 0 || len(found) == 0 {
				t.Errorf("%s: %v", s.Key, missed)
			}
			for _, id := range found {
				it, _ := reg.find(id)
				if s.Do != "outage" && reg.names[it.manager] != s.Org {
					t.Errorf("%s: house %d is not of %s", s.Key, id, s.Org)
				}
			}
		}
	}
}

func TestEveryHouseOfTheTownIsFoundByItsAddress(t *testing.T) {
	t.Parallel()
	houses, reg, names := town(t)
	for _, h := range houses {
		stretches, left := ParseAddresses(h.Address)
		if len(stretches) != 1 || len(left) > 0 {
			t.Errorf("%s: %v %v", h.Address, stretches, left)
			continue
		}
		found, missed := reg.match(stretches[0], names)
		if len(found) != 1 || found[0] != h.ID {
			t.Errorf("%s: found %v, want %d; %v", h.Address, found, h.ID, missed)
		}
	}
}
