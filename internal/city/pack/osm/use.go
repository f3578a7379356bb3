package osm

import "strings"

// useful tells whether a pack needs a tag.
func useful(key string) bool {
	switch key {
	case "name", "name:ru", "name:en", "alt_name", "old_name", "short_name", "loc_name", "official_name", "ref", "local_ref",
		"type", "boundary", "admin_level", "place", "highway", "service", "bridge", "tunnel", "railway", "natural", "water",
		"waterway", "landuse", "leisure", "building", "building:levels", "building:flats", "building:entrances", "start_date",
		"year_of_construction", "amenity", "shop", "office", "addr:housenumber", "addr:street", "addr:place", "addr:city",
		"addr:suburb", "addr:flats", "manhole", "man_made", "advertising", "emergency", "tourism",
		"shelter", "material", "support", "height", "species", "capacity", "surface", "backrest", "barrier", "historic", "traffic_sign":
		return true
	}
	return false
}

func nodeOfUse(t tags) bool {
	return t.get("addr:housenumber") != "" || t.get("place") != "" || objectKind(t) != ""
}

func wayOfUse(t tags) bool {
	return t.get("highway") != "" || t.get("railway") != "" || lineOfWater(t) != "" || areaOfUse(t) || objectKind(t) != ""
}

func areaOfUse(t tags) bool {
	return boundaryLevel(t) > 0 || settlementRank(t) > 0 || building(t) || t.get("addr:housenumber") != "" || waterKind(t) != "" ||
		greenKind(t) != "" || objectKind(t) != ""
}

// lowestLevel and highestLevel are the admin_levels of boundaries that a city
// or its parts may have: 4 is a region, which some cities are.
const (
	lowestLevel  = 4
	highestLevel = 11
)

// boundaryLevel is the admin_level of an administrative boundary, 0 of others.
func boundaryLevel(t tags) int {
	if t.get("boundary") != "administrative" {
		return 0
	}
	for level := lowestLevel; level <= highestLevel; level++ {
		if t.get("admin_level") == digits(level) {
			return level
		}
	}
	return 0
}

// settlementRank is how large a place is: 4 a city, 3 a town, 2 a village, 1 a
// hamlet, 0 no settlement.
func settlementRank(t tags) int {
	switch t.get("place") {
	case "city":
		return 4
	case "town":
		return 3
	case "village":
		return 2
	case "hamlet":
		return 1
	}
	return 0
}

func building(t tags) bool {
	b := t.get("building")
	return b != "" && b != "no" && b != "entrance" && b != "demolished" && b != "razed"
}

// waterKind is what kind of water an area is, "" none.
func waterKind(t tags) string {
	switch t.get("water") {
	case "river", "canal", "pond", "lake", "reservoir", "basin", "stream":
		return t.get("water")
	}
	switch {
	case t.get("waterway") == "riverbank":
		return "river"
	case t.get("waterway") == "dock":
		return "dock"
	case t.get("natural") == "water":
		return "lake"
	case t.get("natural") == "bay" && t.get("water") != "":
		return "bay"
	case t.get("landuse") == "reservoir" || t.get("landuse") == "basin":
		return "reservoir"
	case t.get("amenity") == "fountain" || t.get("leisure") == "swimming_pool":
		return ""
	}
	return ""
}

// lineOfWater is what kind of water a line is, "" none.
func lineOfWater(t tags) string {
	if t.get("tunnel") != "" && t.get("tunnel") != "no" {
		return ""
	}
	switch kind := t.get("waterway"); kind {
	case "river", "canal", "stream", "ditch", "drain":
		return kind
	}
	return ""
}

// greenKind is what kind of green an area is, "" none.
func greenKind(t tags) string {
	switch t.get("leisure") {
	case "park", "garden", "nature_reserve", "golf_course", "pitch":
		return t.get("leisure")
	}
	switch t.get("landuse") {
	case "forest", "grass", "meadow", "cemetery", "allotments", "orchard":
		return t.get("landuse")
	case "recreation_ground", "village_green":
		return "park"
	}
	switch t.get("natural") {
	case "wood":
		return "forest"
	case "scrub", "grassland", "heath":
		return "meadow"
	}
	return ""
}

// roadClass is how a way is drawn, "" where it is no road. What is not built or
// not there any more is none.
func roadClass(t tags) string {
	switch strings.TrimSuffix(t.get("highway"), "_link") {
	case "motorway", "trunk", "primary", "secondary":
		return "main"
	case "tertiary", "residential", "unclassified", "road":
		return "street"
	case "living_street", "service", "pedestrian":
		return "lane"
	case "footway", "path", "track", "steps", "cycleway", "bridleway", "corridor":
		return "path"
	}
	return ""
}

// railKind is what kind of rail a way is, "" none that is in use and above the
// ground.
func railKind(t tags) string {
	if t.get("tunnel") != "" && t.get("tunnel") != "no" {
		return ""
	}
	switch kind := t.get("railway"); kind {
	case "rail":
		if t.get("service") != "" {
			return "siding"
		}
		return kind
	case "tram", "light_rail", "narrow_gauge", "monorail", "funicular":
		return kind
	}
	return ""
}

func yes(value string) bool { return value != "" && value != "no" }
