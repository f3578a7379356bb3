package portal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/platform/geo"
)

// The city's own facts that no file holds.
const (
	cityKey    = "spb"
	cityZone   = "Europe/Moscow"
	emergency  = "112"
	dispatcher = "004" // the city's call centre, also for accidents in houses
	appealURL  = "https://letters.gov.spb.ru/"
)

// district is one of the 18.
type district struct {
	id   string // the portal's
	name string // as tables name it: Невский
}

func (b *build) writeAreas() error {
	shapes, err := readShapes(b.shared, "geo/spb_districts.geojson")
	if err != nil {
		return err
	}
	var features []shape
	for _, s := range shapes {
		d := district{id: textOf(s, "id"), name: textOf(s, "name")}
		b.districts = append(b.districts, d)
		features = append(features, areaShape(s, d.id, "district", "", textOf(s, "full_name")))
	}
	if err := b.WriteFeatures("areas/districts.geojson", features); err != nil {
		return err
	}
	if shapes, err = readShapes(b.shared, "geo/spb_municipalities.geojson"); err != nil {
		return err
	}
	features = nil
	for _, s := range shapes {
		features = append(features, areaShape(s, "mo-"+textOf(s, "code"), "municipality", textOf(s, "district_id"), textOf(s, "full_name")))
	}
	b.note("Areas", fmt.Sprintf("%d districts under the portal's ids and %d municipalities as mo-CODE. "+
		"English names are transliterated. © OpenStreetMap contributors, ODbL 1.0.", len(b.districts), len(shapes)))
	return b.WriteFeatures("areas/municipalities.geojson", features)
}

func areaShape(s shape, id, kind, parent, name string) shape {
	return shape{Geometry: s.Geometry, Properties: map[string]any{
		"id": id, "kind": kind, "parent": parent, "name.ru": name, "name.en": transliterate(name),
	}}
}

// kinds are the words that name a kind of street.
var kinds = map[string]bool{
	"улица": true, "проспект": true, "шоссе": true, "набережная": true, "переулок": true, "бульвар": true, "площадь": true,
	"дорога": true, "аллея": true, "проезд": true, "территория": true, "остров": true, "квартал": true, "парк": true,
}

// splitStreet parts a street from its kind. Where the kind stands in the middle
// («15-я линия В.О.») the name stays whole.
func splitStreet(street, kind string) (name, of string) {
	kind = strings.ToLower(kind)
	if !kinds[kind] {
		return street, kind
	}
	words := strings.Fields(street)
	for _, i := range []int{0, len(words) - 1} {
		if len(words) > 1 && strings.ToLower(words[i]) == kind {
			return strings.Join(slices.Delete(words, i, i+1), " "), kind
		}
	}
	return street, kind
}

func (b *build) writeHouses() error {
	houses, err := readTable(b.shared, "geo/spb_houses.csv", "building_id", "settlement", "street", "street_type", "house", "corpus",
		"stroenie", "litera", "address", "lat", "lon", "district_id", "municipality_code", "manager_inn", "manager_source", "floors",
		"residential_evidence")
	if err != nil {
		return err
	}
	b.houses = houses
	streets := map[[2]string]bool{}
	var rows [][]string
	inferred, unmanaged := 0, 0
	for _, h := range houses {
		street, kind := splitStreet(h.text("street"), h.text("street_type"))
		streets[[2]string{street, kind}] = true
		purpose, manager := "other", ""
		if h.text("residential_evidence") == "1" {
			purpose = "apartment"
		}
		switch inn := h.text("manager_inn"); {
		case inn == "" || !b.organisations.has("inn-"+inn):
			unmanaged++
		default:
			manager = "inn-" + inn
			if h.text("manager_source") == "inferred" {
				inferred++
			}
		}
		rows = append(rows, []string{
			h.text("building_id"), street, kind, h.text("house"), h.text("corpus"), h.text("stroenie"), h.text("litera"),
			h.text("address"), h.text("settlement"), h.text("lat"), h.text("lon"), h.text("district_id"), mo(h.text("municipality_code")),
			"", h.text("floors"), "", "", purpose, manager,
		})
	}
	b.note("Houses", fmt.Sprintf("%d houses under the portal's building_id. The managing company of %d is inferred from its neighbours, "+
		"not observed; %d have none. Whether a house has flats is known only where somebody wrote about one.", len(rows), inferred, unmanaged))
	err = b.WriteTable("houses.csv", []string{
		"id", "street", "kind", "house", "building", "structure", "letter", "address", "settlement", "lat", "lon", "district",
		"municipality", "year", "floors", "entrances", "flats", "purpose", "manager",
	}, rows)
	if err != nil {
		return err
	}
	return b.writeStreets(streets)
}

func mo(code string) string {
	if code == "" {
		return ""
	}
	return "mo-" + code
}

// writeStreets gives each street a number made of its name, so that it is the
// same whenever the pack is made.
func (b *build) writeStreets(streets map[[2]string]bool) error {
	var rows [][]string
	taken := map[int64]bool{}
	for _, s := range slices.SortedFunc(maps.Keys(streets), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		id := numberOf(s[0] + "\x00" + s[1])
		for taken[id] {
			id++
		}
		taken[id] = true
		rows = append(rows, []string{strconv.FormatInt(id, 10), s[0], transliterate(s[0]), s[1], ""})
	}
	b.note("Streets", fmt.Sprintf("%d streets of the houses above. English names are transliterated.", len(rows)))
	return b.WriteTable("streets.csv", []string{"id", "name.ru", "name.en", "kind", "aliases"}, rows)
}

// numberOf makes a number of a name: 40 bits of FNV-1a, above zero.
func numberOf(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return int64(h.Sum64()>>24) | 1
}

// writeCity writes city.toml. The bounds hold all districts.
func (b *build) writeCity() error {
	box := geo.Box{Min: geo.Point{Lat: 90, Lon: 180}, Max: geo.Point{Lat: -90, Lon: -180}}
	for _, file := range []string{"geo/spb_districts.geojson", "geo/spb_municipalities.geojson"} {
		shapes, err := readShapes(b.shared, file)
		if err != nil {
			return err
		}
		for _, s := range shapes {
			grow(&box, s.Geometry)
		}
	}
	for _, h := range b.houses {
		lat, _ := strconv.ParseFloat(h.text("lat"), 64) // the check of the pack complains about both
		lon, _ := strconv.ParseFloat(h.text("lon"), 64)
		box.Min.Lat, box.Min.Lon = min(box.Min.Lat, lat), min(box.Min.Lon, lon)
		box.Max.Lat, box.Max.Lon = max(box.Max.Lat, lat), max(box.Max.Lon, lon)
	}
	const margin = 0.005
	down := func(v float64) float64 { return math.Floor((v-margin)*1000) / 1000 }
	up := func(v float64) float64 { return math.Ceil((v+margin)*1000) / 1000 }
	center := b.middle()
	text := fmt.Sprintf(`# St. Petersburg, made by gorod pack portal. See REPORT.md.
id = %q
zone = %q
languages = ["ru", "en"]
main_language = "ru"
bounds = [%.3f, %.3f, %.3f, %.3f]
center = [%.5f, %.5f]

[name]
ru = "Санкт-Петербург"
en = "St. Petersburg"

[phones]
emergency = %q
dispatcher = %q

[limits]
messages_per_day = 10
messages_per_address = 300
auto_close_days = 20
ask_before_close_days = 3
question_days = 5
repeat_days = 30
photos = 10
photo_mb = 15

[sign_in]
sms = true
email = true

[appeal]
url = %q

[appeal.name]
ru = "Обращение в органы власти Санкт-Петербурга"
en = "Appeal to the authorities of St. Petersburg"

[map.attribution]
ru = "© участники OpenStreetMap, ODbL 1.0"
en = "© OpenStreetMap contributors, ODbL 1.0"
`, cityKey, cityZone, down(box.Min.Lon), down(box.Min.Lat), up(box.Max.Lon), up(box.Max.Lat), center.Lon, center.Lat,
		emergency, dispatcher, appealURL)
	b.note("City", "Limits, days and ways to sign in are defaults: ten messages a day is the portal's, the rest are this program's.")
	return b.Write("city.toml", []byte(text))
}

// grow makes a box hold every position of a geometry.
func grow(box *geo.Box, geometry json.RawMessage) {
	var numbers []float64
	decoder := json.NewDecoder(bytes.NewReader(geometry))
	for {
		token, err := decoder.Token()
		if err != nil {
			return
		}
		switch v := token.(type) {
		case float64:
			numbers = append(numbers, v)
		case json.Delim:
			if v == ']' && len(numbers) >= 2 {
				box.Min.Lon, box.Max.Lon = min(box.Min.Lon, numbers[0]), max(box.Max.Lon, numbers[0])
				box.Min.Lat, box.Max.Lat = min(box.Min.Lat, numbers[1]), max(box.Max.Lat, numbers[1])
			}
			numbers = numbers[:0]
		}
	}
}

// middle is the median of the houses: where the city really is.
func (b *build) middle() geo.Point {
	var lat, lon []float64
	for _, h := range b.houses {
		y, errY := strconv.ParseFloat(h.text("lat"), 64)
		x, errX := strconv.ParseFloat(h.text("lon"), 64)
		if errY == nil && errX == nil {
			lat, lon = append(lat, y), append(lon, x)
		}
	}
	if len(lat) == 0 {
		return geo.Point{Lat: 59.93863, Lon: 30.31413}
	}
	slices.Sort(lat)
	slices.Sort(lon)
	return geo.Point{Lat: lat[len(lat)/2], Lon: lon[len(lon)/2]}
}
