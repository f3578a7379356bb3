package portal

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/pack"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// writeTexts borrows what the city's files do not hold: clauses of refusal,
// next steps, templates, examples, rules and consents.
func (b *build) writeTexts() error {
	var left []string
	for _, write := range []func() ([]string, error){b.lendClauses, b.lendSteps, b.lendTemplates, b.lendExamples, b.lendPages} {
		skipped, err := write()
		if err != nil {
			return err
		}
		left = append(left, skipped...)
	}
	b.note("Texts", "Clauses of refusal, next steps, templates of answers, examples, the rules and the consents are borrowed from the pack "+
		b.lender.pack.City.Key+", with its town's name, phone and address replaced. They are not the city's own words: have them read. "+
		"Left out, because they speak of the lender's town or of topics that are not here:", left...)
	return nil
}

func (b *build) lendClauses() ([]string, error) {
	var rows [][]string
	var left []string
	for _, c := range b.lender.pack.Clauses {
		short, okShort := b.lender.borrowNames(c.Short)
		text, okText := b.lender.borrowNames(c.Text)
		if !okShort || !okText {
			left = append(left, "clause "+c.Code)
			continue
		}
		rows = append(rows, []string{c.Code, short["ru"], short["en"], text["ru"], text["en"], c.Next})
	}
	return left, b.WriteTable("clauses.csv", []string{"code", "short.ru", "short.en", "text.ru", "text.en", "next"}, rows)
}

func (b *build) lendSteps() ([]string, error) {
	var rows [][]string
	var left []string
	for _, s := range b.lender.pack.Steps {
		text, ok := b.lender.borrowNames(s.Text)
		value, okValue := b.lender.borrow(s.Value)
		if !ok || !okValue {
			left = append(left, fmt.Sprintf("next step %s, %s: %s", s.When, s.Kind, s.Value))
			continue
		}
		rows = append(rows, []string{s.When, s.Kind, text["ru"], text["en"], value})
	}
	return left, b.WriteTable("next_steps.csv", []string{"when", "kind", "text.ru", "text.en", "value"}, rows)
}

func (b *build) lendTemplates() ([]string, error) {
	var rows [][]string
	var left []string
	for _, t := range b.lender.pack.Templates {
		text, ok := b.lender.borrowNames(t.Text)
		scope := b.scope(t.Scope)
		if !ok || scope == "" {
			left = append(left, "template "+t.ID)
			continue
		}
		rows = append(rows, []string{t.ID, scope, t.Outcome, text["ru"], text["en"]})
	}
	return left, b.WriteTable("templates.csv", []string{"id", "topic", "outcome", "text.ru", "text.en"}, rows)
}

// scope writes a scope of the lender, "" where no topic here is in it. Both
// trees have the portal's ids.
func (b *build) scope(s pack.Scope) string {
	holds := func(t topicRow) bool {
		return s.Holds(topic.Topic{Ref: topic.Ref{ID: t.id}, Category: t.category, Object: t.object})
	}
	if !slices.ContainsFunc(b.topics, holds) {
		return ""
	}
	text := func(id topic.ID) string { return strconv.FormatInt(int64(id), 10) }
	switch {
	case s.Topic != 0:
		return text(s.Topic)
	case s.Category != 0:
		return "category:" + text(s.Category)
	case s.Object != 0:
		return "object:" + text(s.Object)
	}
	return "*"
}

func (b *build) hasTopic(id topic.ID) bool {
	return slices.ContainsFunc(b.topics, func(t topicRow) bool { return t.id == id })
}

func (b *build) lendExamples() ([]string, error) {
	var rows [][]string
	left := 0
	for _, e := range b.lender.pack.Examples {
		text, ok := b.lender.borrow(e.Text)
		if !ok || !b.hasTopic(e.Topic) {
			left++
			continue
		}
		rows = append(rows, []string{strconv.FormatInt(int64(e.Topic), 10), text})
	}
	return []string{fmt.Sprintf("%d examples", left)}, b.WriteTable("examples.csv", []string{"topic", "text"}, rows)
}

func (b *build) lendPages() ([]string, error) {
	var left []string
	spoken := func(t pack.Text) bool { return t.Lang == "ru" || t.Lang == "en" }
	for _, t := range b.lender.pack.Texts {
		body, ok := b.lender.borrow(t.Body)
		if !ok || !spoken(t) {
			left = append(left, fmt.Sprintf("text %s.%s", t.Name, t.Lang))
			continue
		}
		if err := b.Write("texts/"+t.Name+"."+t.Lang+".md", []byte(body)); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// writeCalendars passes the production calendars on.
func (b *build) writeCalendars() error {
	files, err := fs.Glob(b.shared, "calendar/*.xml")
	if err != nil {
		return err
	}
	var years []string
	for _, file := range files {
		data, err := fs.ReadFile(b.shared, file)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		if err := b.Write("calendar/"+path.Base(file), data); err != nil {
			return err
		}
		years = append(years, strings.TrimSuffix(path.Base(file), ".xml"))
	}
	b.note("Calendars", "Years "+strings.Join(years, ", ")+". Days in other years are unknown, and so are dates that depend on them.")
	return nil
}

// roadClass is how a kind of road of OpenStreetMap is drawn.
func roadClass(highway string) string {
	switch strings.TrimSuffix(highway, "_link") {
	case "motorway", "trunk", "primary", "secondary":
		return "main"
	case "tertiary", "residential", "unclassified":
		return "street"
	case "living_street", "service":
		return "lane"
	}
	return "path"
}

// writeLayers passes on the geometry of the map.
func (b *build) writeLayers() error {
	plain := func(from shape) map[string]any {
		p := map[string]any{}
		for to, property := range map[string]string{"name": "name", "kind": "cls"} {
			if s := textOf(from, property); s != "" {
				p[to] = s
			}
		}
		return p
	}
	roads := func(from shape) map[string]any {
		p := map[string]any{"class": roadClass(textOf(from, "highway"))}
		if s := textOf(from, "name"); s != "" {
			p["name"] = s
		}
		return p
	}
	metro := func(from shape) map[string]any {
		return map[string]any{"kind": textOf(from, "kind"), "name": textOf(from, "name"), "color": textOf(from, "color")}
	}
	var items []string
	for _, layer := range []struct {
		name  string
		files []string
		of    func(shape) map[string]any
	}{
		{"water", []string{"geo/spb_water.geojson", "geo/vo_water.geojson"}, plain},
		{"green", []string{"geo/spb_greens.geojson"}, plain},
		{"roads", []string{"geo/vo_roads.geojson"}, roads},
		{"metro", []string{"geo/spb_metro.geojson"}, metro},
	} {
		var shapes []shape
		for _, file := range layer.files {
			list, err := readShapes(b.shared, file)
			if err != nil {
				return err
			}
			for _, s := range list {
				shapes = append(shapes, shape{Geometry: s.Geometry, Properties: layer.of(s)})
			}
		}
		items = append(items, fmt.Sprintf("%s: %d", layer.name, len(shapes)))
		if err := b.WriteFeatures("base/"+layer.name+".geojson", shapes); err != nil {
			return err
		}
	}
	buildings, joined, err := b.buildings()
	if err != nil {
		return err
	}
	items = append(items, fmt.Sprintf("buildings: %d, %d of them joined to a house", len(buildings), joined))
	b.note("Map", "Water and greens of the whole city; roads and buildings of Vasileostrovsky district only, for no open file here has the others. "+
		"Some rivers are approximate. © OpenStreetMap contributors, ODbL 1.0.", items...)
	return b.WriteFeatures("base/buildings.geojson", buildings)
}

// buildings joins outlines to the houses whose points they hold; where several
// stand in one outline it is the first.
func (b *build) buildings() (list []shape, joined int, err error) {
	const file = "geo/vo_buildings.geojson"
	if list, err = readShapes(b.shared, file); err != nil {
		return nil, 0, err
	}
	outlines := make([]geo.Shape, len(list))
	for i, s := range list {
		if outlines[i], err = outline(s.Geometry); err != nil {
			return nil, 0, fmt.Errorf("read %s, feature %d: %w", file, i, err)
		}
	}
	house := map[int]string{}
	index := geo.NewIndex(outlines)
	for _, h := range b.houses {
		lat, errLat := strconv.ParseFloat(h.text("lat"), 64)
		lon, errLon := strconv.ParseFloat(h.text("lon"), 64)
		if errLat != nil || errLon != nil {
			continue
		}
		for _, i := range index.At(geo.Point{Lat: lat, Lon: lon}) {
			if house[i] == "" {
				house[i] = h.text("building_id")
			}
		}
	}
	for i := range list {
		properties := map[string]any{}
		if id, ok := house[i]; ok {
			properties["house"] = id
			joined++
		}
		if number := textOf(list[i], "house"); number != "" {
			properties["number"] = number
		}
		list[i].Properties = properties
	}
	return list, joined, nil
}

// outline reads a polygon or multipolygon.
func outline(geometry json.RawMessage) (geo.Shape, error) {
	collection := slices.Concat([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":`), geometry, []byte(`}]}`))
	areas, err := geo.DecodeAreas(strings.NewReader(string(collection)))
	if err != nil {
		return nil, err
	}
	return areas[0].Shape, nil
}
