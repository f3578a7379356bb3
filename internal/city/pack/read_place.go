package pack

import (
	"bytes"
	"strconv"
	"strings"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// areas reads areas/*.geojson, a feature an area.
func (r *reading) areas() {
	files := r.glob("areas/*.geojson")
	if len(files) == 0 {
		r.fail("areas", 0, "", "pack.no_areas")
	}
	for _, file := range files {
		for _, f := range r.features(file) {
			r.area(file, f)
		}
	}
	shapes := make([]geo.Shape, len(r.pack.Areas))
	for i, a := range r.pack.Areas {
		shapes[i] = a.Shape
	}
	r.index = geo.NewIndex(shapes)
}

func (r *reading) area(file string, f feature) {
	decoded, err := geo.DecodeAreas(bytes.NewReader(f.alone()))
	if err != nil {
		r.fail(file, f.line, "geometry", "pack.geometry", strings.TrimPrefix(err.Error(), "feature 0: "))
		return
	}
	a := place.AreaShape{Shape: decoded[0].Shape}
	ok := r.checkShape(file, f, a.Shape)
	property := func(name string, must bool) string {
		if decoded[0].Properties[name] == nil && !must {
			return ""
		}
		s, err := decoded[0].Text(name)
		if err != nil && (must || decoded[0].Properties[name] != "") {
			r.fail(file, f.line, name, "pack.empty")
			ok = false
		}
		return strings.TrimSpace(s)
	}
	a.ID, a.Kind, a.Parent = place.AreaID(property("id", true)), property("kind", true), place.AreaID(property("parent", false))
	city := r.pack.City
	a.Name = map[string]string{}
	for _, lang := range city.Languages {
		if s := property("name."+lang, lang == city.Main); s != "" {
			a.Name[lang] = s
		} else if lang != city.Main {
			r.warn(file, f.line, "name."+lang, "pack.untranslated", 1, "name."+lang)
		}
	}
	if a.Kind != "" && a.Kind != place.WholeCity && a.Kind != place.District && a.Kind != place.Municipality {
		r.fail(file, f.line, "kind", "pack.not_listed", a.Kind, "city, district, municipality")
		ok = false
	}
	if first, twice := r.note("area", string(a.ID), f.line); twice {
		r.fail(file, f.line, "id", "pack.twice", string(a.ID), strconv.Itoa(first))
		ok = false
	}
	if b := a.Shape.Bounds(); city.Bounds.Valid() && (!city.Bounds.Contains(b.Min) || !city.Bounds.Contains(b.Max)) {
		r.warn(file, f.line, "geometry", "pack.area_beyond_bounds", string(a.ID))
	}
	if !ok {
		return
	}
	r.pack.Areas = append(r.pack.Areas, a)
	r.note("area:"+a.Kind, string(a.ID), f.line)
	r.lines["areas"] = append(r.lines["areas"], f.line)
	r.note("file of area", string(a.ID)+"\x00"+file, f.line)
}

func (r *reading) streets() {
	r.each(sheet{
		file: "streets.csv", lacking: "pack.no_streets",
		must: []string{"id"}, may: []string{"kind", "aliases"}, mustIn: []string{"name"},
	}, func(w *row) {
		s := place.Street{ID: w.id("street", "id"), Kind: w.text("kind"), Name: w.names("name", true), Aliases: w.list("aliases")}
		// «Садовая (Подлесье)» is told apart from the other Садовая in the list of
		// streets; addresses name the settlement instead.
		plain, _, _ := strings.Cut(s.Name[w.r.pack.City.Main], " (")
		for _, name := range []string{s.Name[w.r.pack.City.Main], plain} {
			w.r.note("street and kind", name+"\x00"+s.Kind, w.line)
		}
		if !w.broken {
			w.r.pack.Streets = append(w.r.pack.Streets, s)
			w.keep()
		}
	})
}

func (r *reading) houses() {
	r.each(sheet{
		file: "houses.csv", lacking: "pack.no_houses",
		must: []string{"id", "street", "house", "address", "lat", "lon", "district"},
		may: []string{"kind", "building", "structure", "letter", "settlement", "municipality", "year", "floors", "entrances",
			"flats", "purpose", "manager"},
	}, func(w *row) {
		h := w.house()
		if !w.broken {
			w.r.pack.Houses = append(w.r.pack.Houses, h)
			w.keep()
		}
	})
}

func (w *row) house() place.House {
	h := place.House{
		ID: place.HouseID(w.id("house", "id")), Number: w.text("house"), // a farm or a pavilion has none
		Building:  w.text("building"),
		Structure: w.text("structure"), Letter: w.text("letter"), Address: w.need("address"), Settlement: w.text("settlement"),
		Point: w.point(), District: place.AreaID(w.need("district")), Municipality: place.AreaID(w.text("municipality")),
		Purpose: w.text("purpose"), Manager: w.text("manager"),
		Year: int(w.number("year", 1000, 2200)), Floors: int(w.number("floors", 0, 200)),
		Entrances: int(w.number("entrances", 0, 500)), Flats: int(w.number("flats", 0, 20_000)),
	}
	street, kind := w.need("street"), w.text("kind")
	h.Street = streetInAddress(street, kind, h.Address)
	if h.Purpose == "" {
		h.Purpose = "other"
	} else {
		w.one("purpose", "apartment", "private", "public", "other")
	}
	w.known("area:"+place.District, "district", string(h.District), "pack.no_such_area")
	w.known("area:"+place.Municipality, "municipality", string(h.Municipality), "pack.no_such_area")
	w.known("organisation", "manager", h.Manager, "pack.no_such_organisation")
	if w.r.seen["street"] != nil && street != "" && !w.r.knows("street and kind", street+"\x00"+kind) {
		w.r.warn(w.file, w.line, "street", "pack.no_such_street", strings.TrimSpace(street+" "+kind))
	}
	if first, twice := w.r.note("address", h.Address, w.line); twice && h.Address != "" {
		w.r.warn(w.file, w.line, "address", "pack.address_twice", h.Address, strconv.Itoa(first))
	}
	return h
}

// streetInAddress is a street with its kind, spelt as the official address
// spells it: «ул. Мостовая», «1-я Красноармейская улица», «15-я линия В.О.».
func streetInAddress(street, kind, address string) string {
	if kind == "" || strings.Contains(" "+street+" ", " "+kind+" ") {
		return street
	}
	for _, spelt := range []string{kind + ". " + street, street + " " + kind, kind + " " + street} {
		if strings.Contains(address, spelt) {
			return spelt
		}
	}
	return kind + " " + street
}

// layers reads base/*.geojson: the map's own geometry is kept as it stands.
func (r *reading) layers() {
	files := r.glob("base/*.geojson")
	if len(files) == 0 {
		r.defaulted("base", "", "pack.no_layers")
	}
	for _, file := range files {
		before := r.report.Errors
		body, ok := r.featureFile(file, func(f feature) {
			r.checkLayer(file, f)
			if house := f.property("house"); house != "" && !r.knows("house", house) {
				r.warn(file, f.line, "house", "pack.no_such_house", house)
			}
		})
		if ok && r.report.Errors == before {
			name := strings.TrimSuffix(strings.TrimPrefix(file, "base/"), ".geojson")
			r.pack.Layers = append(r.pack.Layers, Layer{Name: name, Body: body})
		}
	}
}

// houseSlack is how far a house may stand outside the district of its
// register, in metres, before somebody should look: outlines are simplified.
// farHouse is a slip.
const (
	houseSlack = 50
	farHouse   = 1000
)

// checkHouses compares what the register says with the polygons.
func (r *reading) checkHouses() {
	areas := map[place.AreaID]geo.Shape{}
	for _, a := range r.pack.Areas {
		areas[a.ID] = a.Shape
	}
	far := outsiders{edges: map[place.AreaID]*geo.Lines{}}
	var nowhere []int
	var ids []string
	for i, h := range r.pack.Houses {
		at := map[place.AreaID]bool{}
		for _, n := range r.index.At(h.Point) {
			at[r.pack.Areas[n].ID] = true
		}
		if len(at) == 0 && len(r.pack.Areas) > 0 {
			nowhere, ids = append(nowhere, r.lines["houses.csv"][i]), append(ids, strconv.FormatInt(int64(h.ID), 10))
		}
		for _, said := range []struct {
			field string
			id    place.AreaID
		}{{"district", h.District}, {"municipality", h.Municipality}} {
			shape, ok := areas[said.id]
			if !ok || at[said.id] {
				continue
			}
			line := r.lines["houses.csv"][i]
			switch metres := far.metres(said.id, shape, h.Point); {
			case metres > farHouse:
				r.fail("houses.csv", line, said.field, "pack.house_outside", string(said.id), int(metres))
			case metres > houseSlack:
				r.warn("houses.csv", line, said.field, "pack.house_outside", string(said.id), int(metres))
			}
		}
	}
	r.tellOutsiders(nowhere, ids)
}

// metresTo is how far a point outside a shape is from its border.
func metresTo(shape geo.Shape, p geo.Point) float64 {
	best := -1.0
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				q := nearestOn(geo.Point{Lon: ring[i-1][0], Lat: ring[i-1][1]}, geo.Point{Lon: ring[i][0], Lat: ring[i][1]}, p)
				if d := p.Distance(q); best < 0 || d < best {
					best = d
				}
			}
		}
	}
	return best
}

// nearestOn is the point of a straight edge that is nearest to p.
func nearestOn(a, b, p geo.Point) geo.Point {
	squeeze := a.Distance(geo.Point{Lat: a.Lat, Lon: a.Lon + 0.01}) / a.Distance(geo.Point{Lat: a.Lat + 0.01, Lon: a.Lon})
	dx, dy := (b.Lon-a.Lon)*squeeze, b.Lat-a.Lat
	length := dx*dx + dy*dy
	if length == 0 {
		return a
	}
	t := ((p.Lon-a.Lon)*squeeze*dx + (p.Lat-a.Lat)*dy) / length
	t = min(max(t, 0), 1)
	return geo.Point{Lat: a.Lat + t*(b.Lat-a.Lat), Lon: a.Lon + t*(b.Lon-a.Lon)}
}
