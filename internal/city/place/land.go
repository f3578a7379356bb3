package place

import (
	"slices"

	"gorod/internal/platform/geo"
)

// Land is one piece of the pack's base map, as far as it tells what kind of
// place a point is.
type Land struct {
	Kind  LandKind      `json:"k"`
	Class string        `json:"c,omitempty"` // of a road: main, street, lane, path; of others what the map says: park, river
	Name  string        `json:"n,omitempty"` // in the city's main language, "" none
	House HouseID       `json:"h,omitempty"` // of a building: whose address it has; 0 none
	Shape geo.Shape     `json:"s,omitempty"` // of a building, a park, water
	Lines [][]geo.Point `json:"l,omitempty"` // of a road, a railway, a stream
}

// LandKind says what a piece of land is.
type LandKind string

// The kinds of land.
const (
	Building LandKind = "building"
	Road     LandKind = "road"
	Rail     LandKind = "rail"
	Green    LandKind = "green"
	Water    LandKind = "water"
)

// Ground is what kind of place a point is.
type Ground string

// The kinds of place.
const (
	InHouse    Ground = "house"  // in the outline of a building
	OnStreet   Ground = "street" // on a carriageway or its pavement
	OnRail     Ground = "rail"   // on a railway
	InPark     Ground = "park"   // in a park, a garden, a wood, a cemetery
	AtWater    Ground = "water"  // in water or on its bank
	InYard     Ground = "yard"   // between houses, away from the streets
	InTheOpen  Ground = "open"   // mapped, and nothing of these
	UnknownLie Ground = ""       // the pack's map has nothing there
)

// Grounds lists the kinds of place that a pack may name.
func Grounds() []Ground {
	return []Ground{InHouse, OnStreet, OnRail, InPark, AtWater, InYard, InTheOpen}
}

// How far what is asked about reaches, in metres. A carriageway with its
// pavements is about as wide as its class says; a bank is walked within 20 m; a
// block of flats has its yard within 40 m; a yard's walls stand within 60 m.
const (
	mainReach   = 15
	streetReach = 10
	laneReach   = 6
	railReach   = 8
	bankReach   = 20
	yardReach   = 40
	wallReach   = 60
	// enclosing is how many of eight directions have to end at a wall.
	enclosing = 5
	// mapped is how near a road or a building has to be for the map to have this
	// quarter at all.
	mapped = 300
	// streetFar is how far the street may be by which a place is told.
	streetFar = 150
)

// Lie is what the map says of a point.
type Lie struct {
	Ground Ground
	Name   string  // of the park, the water or the street that it is; "" none
	House  HouseID // of the building that it is in; 0 none
	Street string  // the nearest street with a name within 150 m, "" none
	Metres float64 // how far that street is
}

// lands is the base map of a version, ready to be asked.
type lands struct {
	list      []Land // without geometry
	buildings shapes
	green     shapes
	water     shapes
	roads     lines
	rails     lines
	streams   lines
	banks     lines // outlines of water
	walls     *geo.Lines
	homes     *geo.Points // of apartment houses
}

// shapes are pieces with an outline.
type shapes struct {
	index *geo.Index
	of    []int // positions in lands.list
}

// lines are pieces without one.
type lines struct {
	index *geo.Lines
	of    []int
}

// newLands makes the index. homes are the points of apartment houses.
func newLands(pieces []Land, homes []geo.Point) *lands {
	l := &lands{homes: geo.NewPoints(homes)}
	outlines := map[LandKind][]geo.Shape{}
	of := map[LandKind][]int{}
	ways := map[LandKind][][]geo.Point{}
	wayOf := map[LandKind][]int{}
	for _, p := range pieces {
		at := len(l.list)
		if len(p.Shape) > 0 {
			outlines[p.Kind] = append(outlines[p.Kind], p.Shape)
			of[p.Kind] = append(of[p.Kind], at)
		}
		for _, way := range p.Lines {
			ways[p.Kind] = append(ways[p.Kind], way)
			wayOf[p.Kind] = append(wayOf[p.Kind], at)
		}
		l.list = append(l.list, Land{Kind: p.Kind, Class: p.Class, Name: p.Name, House: p.House})
	}
	area := func(k LandKind) shapes { return shapes{index: geo.NewIndex(outlines[k]), of: of[k]} }
	way := func(k LandKind) lines { return lines{index: geo.NewLines(ways[k]), of: wayOf[k]} }
	l.buildings, l.green, l.water = area(Building), area(Green), area(Water)
	l.roads, l.rails, l.streams = way(Road), way(Rail), way(Water)
	walls, _ := ringsOf(outlines[Building], of[Building])
	l.walls = geo.NewLines(walls)
	banks, banksOf := ringsOf(outlines[Water], of[Water])
	l.banks = lines{index: geo.NewLines(banks), of: banksOf}
	return l
}

// ringsOf gives the outlines of shapes as lines, and whose each is.
func ringsOf(outlines []geo.Shape, owners []int) (rings [][]geo.Point, of []int) {
	for i, shape := range outlines {
		for _, polygon := range shape {
			for _, ring := range polygon {
				points := make([]geo.Point, len(ring))
				for j, p := range ring {
					points[j] = geo.Point{Lat: p[1], Lon: p[0]}
				}
				rings, of = append(rings, points), append(of, owners[i])
			}
		}
	}
	return rings, of
}

// empty tells whether the version has no map.
func (l *lands) empty() bool { return len(l.list) == 0 }

// lie tells what kind of place a point is. What is named first wins: a house; a
// street, also on a bridge; a railway; a park, also where a path runs through
// it; water and its bank; a yard. A street beside a park is the street's, as far
// as its pavement goes.
func (l *lands) lie(p geo.Point) Lie {
	lie := Lie{}
	if l.empty() || !p.Valid() {
		return lie
	}
	street := l.street(p, &lie)
	building, inside := l.in(l.buildings, p)
	switch {
	case inside:
		lie.Ground, lie.House, lie.Name = InHouse, building.House, building.Name
	case street != "":
		lie.Ground, lie.Name = OnStreet, lie.Street
	case len(l.rails.index.Near(p, railReach)) > 0:
		lie.Ground = OnRail
	default:
		l.offStreet(p, &lie)
	}
	return lie
}

// street finds the street by which a point is told, and the class of the one that
// it is on, "" for none.
func (l *lands) street(p geo.Point, lie *Lie) (street string) {
	for _, hit := range l.roads.index.Near(p, streetFar) {
		road := l.list[l.roads.of[hit.Line]]
		if road.Class == "path" {
			continue
		}
		if lie.Street == "" && road.Name != "" {
			lie.Street, lie.Metres = road.Name, hit.Metres
		}
		if street == "" && hit.Metres <= reachOf(road.Class) {
			if road.Class == "" {
				road.Class = "street"
			}
			street = road.Class
		}
	}
	return street
}

func reachOf(class string) float64 {
	switch class {
	case "main":
		return mainReach
	case "lane":
		return laneReach
	}
	return streetReach
}

func (l *lands) in(s shapes, p geo.Point) (Land, bool) {
	for _, i := range slices.Backward(s.index.At(p)) {
		return l.list[s.of[i]], true
	}
	return Land{}, false
}

// offStreet decides between park, water, yard and the open.
func (l *lands) offStreet(p geo.Point, lie *Lie) {
	if water, ok := l.in(l.water, p); ok {
		lie.Ground, lie.Name = AtWater, water.Name
		return
	}
	if green, ok := l.in(l.green, p); ok && isPark(green.Class) {
		lie.Ground, lie.Name = InPark, green.Name
		return
	}
	if banks := l.banks.index.Near(p, bankReach); len(banks) > 0 {
		lie.Ground, lie.Name = AtWater, l.list[l.banks.of[banks[0].Line]].Name
		return
	}
	if streams := l.streams.index.Near(p, bankReach); len(streams) > 0 {
		lie.Ground, lie.Name = AtWater, l.list[l.streams.of[streams[0].Line]].Name
		return
	}
	switch {
	case !l.mapped(p):
		lie.Ground = UnknownLie
	case l.walls.Rays(p, 8, wallReach) >= enclosing, len(l.homes.Near(p, 1, yardReach)) > 0:
		lie.Ground = InYard
	default:
		lie.Ground = InTheOpen
	}
}

// mapped tells whether the map has this quarter at all.
func (l *lands) mapped(p geo.Point) bool {
	for _, reach := range []float64{wallReach, mapped} {
		if len(l.roads.index.Near(p, reach)) > 0 || len(l.walls.Near(p, reach)) > 0 {
			return true
		}
	}
	return false
}

// isPark tells which green is a place of its own: people go there. A meadow, a
// lawn or allotments are the open, a playing field belongs to what is around it.
func isPark(class string) bool {
	return !slices.Contains([]string{"meadow", "allotments", "pitch", "grass", "lawn", "farmland", "scrub"}, class)
}
