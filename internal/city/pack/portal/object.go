package portal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"

	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// kindsOfTopic are the kinds of city objects that a topic of the portal is
// about, by its reason_id: what its name names.
func kindsOfTopic(id topic.ID) []string {
	switch id {
	case 14, 15, 66, 136, 175, 176, 251, 273, 280:
		return []string{"tree"}
	case 6, 135, 250:
		return []string{"container"}
	case 55, 180:
		return []string{"bin"}
	case 56, 205:
		return []string{"barrier"}
	case 64, 132:
		return []string{"playground"}
	case 65, 133, 199:
		return []string{"sports_ground"}
	case 144:
		return []string{"park_equipment", "bench", "playground", "sports_ground"}
	case 254:
		return []string{"park_equipment", "bench", "bike_stand"}
	case 74, 181, 204, 230, 231:
		return []string{"manhole"}
	case 76:
		return []string{"road_sign"}
	case 78:
		return []string{"traffic_light"}
	case 208:
		return []string{"traffic_light", "road_sign"}
	case 80:
		return []string{"crossing"}
	case 82, 125, 207:
		return []string{"stop"}
	case 153, 174, 206:
		return []string{"stop", "bin"}
	case 198, 245:
		return []string{"advertising"}
	case 201, 258, 269, 270, 271:
		return []string{"lamp"}
	}
	return nil
}

// objectKind is what a kind of the source is in a pack, and how one is called.
type objectKind struct{ kind, name, english string }

func objectKinds() map[string]objectKind {
	return map[string]objectKind{
		"ad_structure":    {"advertising", "Рекламная конструкция", "Advertising structure"},
		"container_site":  {"container", "Контейнерная площадка", "Container site"},
		"litter_bin":      {"bin", "Урна", "Litter bin"},
		"manhole":         {"manhole", "Люк", "Manhole"},
		"park_equipment":  {"park_equipment", "Оборудование парка", "Park equipment"},
		"parking_barrier": {"barrier", "Ограждение парковки", "Parking barrier"},
		"playground":      {"playground", "Детская площадка", "Playground"},
		"road_sign":       {"road_sign", "Дорожный знак", "Road sign"},
		"sports_ground":   {"sports_ground", "Спортивная площадка", "Sports ground"},
		"stop_pavilion":   {"stop", "Остановка", "Stop"},
		"street_lamp":     {"lamp", "Фонарь", "Street lamp"},
		"traffic_light":   {"traffic_light", "Светофор", "Traffic light"},
	}
}

// sameObject is how near an object that was inferred from messages may be to one
// of an inventory to be the same, in metres: what the inferred ones err by.
const sameObject = 30

// objectTable collects objects of several sources.
type objectTable struct {
	b      *build
	inside *geo.Index
	rows   [][]string
	sure   map[string][]geo.Point // of inventories, by kind
	left   map[string]int         // why something was left out
	counts map[string]int
}

// writeObjects writes the objects of the city and their kinds. Those with an
// inventory come first; what was inferred from messages is left out where the
// inventory has it.
func (b *build) writeObjects() error {
	t := objectTable{b: b, sure: map[string][]geo.Point{}, left: map[string]int{}, counts: map[string]int{}}
	var err error
	if t.inside, err = b.border(); err != nil {
		return err
	}
	for _, read := range []func() error{t.stops, t.trafficLights, t.recycling, t.inferred} {
		if err := read(); err != nil {
			return err
		}
	}
	var items []string
	for _, kind := range slices.Sorted(maps.Keys(t.counts)) {
		items = append(items, fmt.Sprintf("%s: %d", kind, t.counts[kind]))
	}
	for _, why := range slices.Sorted(maps.Keys(t.left)) {
		items = append(items, fmt.Sprintf("left out: %s, %d", why, t.left[why]))
	}
	b.note("Objects", fmt.Sprintf("%d objects. Stops are the transport portal's, traffic lights of one district and recycling points "+
		"are from open maps; all others were found as clusters of messages: real places within 10 to 50 m, not an inventory. "+
		"Owners are unknown. Which topics are about which kinds is read from their names.", len(t.rows)), items...)
	err = b.WriteTable("objects.csv", []string{"id", "kind", "number", "name.ru", "name.en", "lat", "lon", "owner", "field.transport",
		"field.accepts", "field.hours"}, t.rows)
	if err != nil {
		return err
	}
	return b.writeObjectKinds()
}

// border is the outline of the districts; nil where it cannot be read, which the
// check of the pack complains about.
func (b *build) border() (*geo.Index, error) {
	data, err := fs.ReadFile(b.shared, "geo/spb_districts.geojson")
	if err != nil {
		return nil, fmt.Errorf("read districts: %w", err)
	}
	areas, err := geo.DecodeAreas(bytes.NewReader(data))
	if err != nil {
		return nil, nil
	}
	shapes := make([]geo.Shape, len(areas))
	for i, a := range areas {
		shapes[i] = a.Shape
	}
	return geo.NewIndex(shapes), nil
}

// put takes an object unless it is outside the city.
func (t *objectTable) put(id, kind, number, name, english string, at geo.Point, own ...string) {
	if t.inside != nil && len(t.inside.At(at)) == 0 {
		t.left[kind+" outside the districts"]++
		return
	}
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
	row := []string{id, kind, number, name, english, degrees(at.Lat), degrees(at.Lon), "", "", "", ""}
	copy(row[8:], own)
	t.rows = append(t.rows, row)
	t.counts[kind]++
}

// stops are the stops of the city's transport portal, under its numbers.
func (t *objectTable) stops() error {
	list, err := readTable(t.b.shared, "geo/spb_stops.csv", "stop_id", "name", "lat", "lon", "transport")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	transport := map[string]string{"bus": "автобус", "tram": "трамвай", "trolley": "троллейбус", "trolleybus": "троллейбус"}
	for _, r := range list {
		at, ok := r.point()
		if !ok {
			t.left["stop without a place"]++
			continue
		}
		how := transport[r.text("transport")]
		t.put("stop-"+r.text("stop_id"), "stop", r.text("stop_id"), "Остановка, "+r.text("name"), "Stop, "+transliterate(r.text("name")), at, how)
		t.sure["stop"] = append(t.sure["stop"], at)
	}
	return err
}

// trafficLights are those of the one district that has an inventory.
func (t *objectTable) trafficLights() error {
	return t.points("geo/vo_traffic_lights.geojson", func(s shape, at geo.Point) {
		t.put("traffic_light-osm-"+textOf(s, "osm_id"), "traffic_light", "", "Светофор", "Traffic light", at)
		t.sure["traffic_light"] = append(t.sure["traffic_light"], at)
	})
}

func (t *objectTable) recycling() error {
	return t.points("geo/spb_recycling.geojson", func(s shape, at geo.Point) {
		var accepts string
		if list, ok := s.Properties["categories"].([]any); ok {
			for _, one := range list {
				if word := accepted()[fmt.Sprint(one)]; word != "" {
					accepts = joined(accepts, word)
				}
			}
		}
		t.put("recycling-"+textOf(s, "id"), "recycling", "", textOf(s, "name"), transliterate(textOf(s, "name")), at, "", accepts, textOf(s, "hours"))
	})
}

func accepted() map[string]string {
	return map[string]string{"plastic": "пластик", "glass": "стекло", "paper": "бумага", "metal": "металл", "batteries": "батарейки",
		"electronics": "техника", "tetrapak": "тетрапак", "textile": "ткани"}
}

func joined(list, word string) string {
	if list == "" {
		return word
	}
	return list + ", " + word
}

// points visits the points of a file; one that is not there has none.
func (t *objectTable) points(file string, visit func(shape, geo.Point)) error {
	shapes, err := readShapes(t.b.shared, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, s := range shapes {
		var geometry struct {
			Type        string    `json:"type"`
			Coordinates []float64 `json:"coordinates"`
		}
		if json.Unmarshal(s.Geometry, &geometry) != nil || geometry.Type != "Point" || len(geometry.Coordinates) < 2 {
			t.left["no point in "+file]++
			continue
		}
		visit(s, geo.Point{Lat: geometry.Coordinates[1], Lon: geometry.Coordinates[0]})
	}
	return err
}

// inferred are the pins of messages that named no building, put together.
func (t *objectTable) inferred() error {
	list, err := readTable(t.b.shared, "geo/spb_city_objects.csv", "id", "kind", "lat", "lon", "nearest_address")
	if err != nil {
		return err
	}
	known := map[string]*geo.Points{}
	for kind, points := range t.sure {
		known[kind] = geo.NewPoints(points)
	}
	for _, r := range list {
		kind, ok := objectKinds()[r.text("kind")]
		if !ok {
			t.left["unknown kind "+r.text("kind")]++
			continue
		}
		at, ok := r.point()
		if !ok {
			t.left[kind.kind+" without a place"]++
			continue
		}
		if points := known[kind.kind]; points != nil && len(points.Near(at, 1, sameObject)) > 0 {
			t.left[kind.kind+" that the inventory has"]++
			continue
		}
		name, english := kind.name, kind.english
		if address := r.text("nearest_address"); address != "" {
			name, english = name+", "+address, english+", "+transliterate(address)
		}
		t.put(r.text("id"), kind.kind, "", name, english, at)
	}
	return nil
}

// point is the place of a row, false where it is none.
func (r record) point() (geo.Point, bool) {
	lat, err1 := strconv.ParseFloat(r.text("lat"), 64)
	lon, err2 := strconv.ParseFloat(r.text("lon"), 64)
	p := geo.Point{Lat: lat, Lon: lon}
	return p, err1 == nil && err2 == nil && p.Valid()
}

// writeObjectKinds writes the kinds: names as on city signs, no letter that
// somebody would have to learn.
func (b *build) writeObjectKinds() error {
	err := b.WriteTable("object_fields.csv", []string{"id", "type", "name.ru", "name.en"}, [][]string{
		{"transport", "text", "Транспорт", "Transport"}, {"accepts", "text", "Принимают", "Accepts"}, {"hours", "text", "Часы", "Hours"},
	})
	if err != nil {
		return err
	}
	return b.WriteTable("object_kinds.csv", []string{"id", "name.ru", "name.en", "letter", "snap", "fields"}, [][]string{
		{"advertising", "Рекламная конструкция", "Advertising structure", "Р", "", ""},
		{"barrier", "Шлагбаум или ограждение", "Barrier", "Ш", "", ""},
		{"bench", "Скамейка", "Bench", "С", "30", ""},
		{"bike_stand", "Велопарковка", "Bike stand", "В", "", ""},
		{"bin", "Урна", "Litter bin", "У", "30", ""},
		{"container", "Контейнерная площадка", "Container site", "К", "60", ""},
		{"crossing", "Пешеходный переход", "Pedestrian crossing", "П", "", ""},
		{"lamp", "Фонарь", "Street lamp", "Л", "", ""},
		{"manhole", "Люк", "Manhole", "М", "40", ""},
		{"park_equipment", "Оборудование парка", "Park equipment", "О", "", ""},
		{"playground", "Детская площадка", "Playground", "Д", "60", ""},
		{"recycling", "Приём вторсырья", "Recycling point", "В", "", "accepts;hours"},
		{"road_sign", "Дорожный знак", "Road sign", "З", "", ""},
		{"sports_ground", "Спортивная площадка", "Sports ground", "С", "60", ""},
		{"stop", "Остановка", "Stop", "О", "", "transport"},
		{"traffic_light", "Светофор", "Traffic light", "С", "", ""},
		{"tree", "Дерево", "Tree", "Д", "30", ""},
	})
}
