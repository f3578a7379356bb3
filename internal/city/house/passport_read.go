package house

import (
	"strconv"
	"strings"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/platform/text"
)

// Wrong is a value of a table that could not be understood.
type Wrong struct {
	Field  string
	Reason string // key in the catalogue of phrases
	Args   []any
}

// PassportColumns are the columns of a table of passports, with the names of the
// register of apartment houses (domain.md 6.2). The house itself is named by
// other columns.
func PassportColumns() []string {
	var names []string
	p := Passport{}
	for _, c := range columnsOf(&p) {
		names = append(names, c.name)
	}
	return names
}

// column is one value of a passport on its way from a text.
type column struct {
	name string
	put  func(s string) string // what is wrong, "" nothing
}

func columnsOf(p *Passport) []column {
	area := func(into *float64) func(string) string { return func(s string) string { return putMeasure(into, s) } }
	words := func(into *string) func(string) string { return func(s string) string { return putWords(into, s) } }
	count := func(into *int, high int) func(string) string {
		return func(s string) string { return putCount(into, s, high) }
	}
	maybe := func(into **int, high int) func(string) string {
		return func(s string) string { return putMaybe(into, s, high) }
	}
	yes := func(into **bool) func(string) string { return func(s string) string { return putYes(into, s) } }
	year := func(into *int) func(string) string { return func(s string) string { return putYear(into, s) } }
	key := func(name string) func(string) string { return func(s string) string { return p.putKey(name, s) } }
	return []column{
		{"area_total", area(&p.AreaTotal)}, {"area_residential", area(&p.AreaResidential)},
		{"area_non_residential", area(&p.AreaNonResidential)}, {"area_common_property", area(&p.AreaCommon)},
		{"area_land", area(&p.AreaLand)}, {"basement_area", area(&p.AreaBasement)}, {"parking_square", area(&p.AreaParking)},
		{"built_year", year(&p.Built)}, {"exploitation_start_year", year(&p.InUseSince)}, {"overhaul_year", year(&p.Overhaul)},
		{"project_type", words(&p.Series)}, {"house_type", words(&p.HouseType)}, {"is_alarm", yes(&p.Alarm)},
		{"floor_count_max", count(&p.FloorsMax, 200)}, {"floor_count_min", count(&p.FloorsMin, 200)},
		{"entrance_count", count(&p.Entrances, 500)}, {"elevators_count", maybe(&p.Lifts, 500)},
		{"quarters_count", count(&p.Quarters, 20_000)}, {"living_quarters_count", count(&p.Flats, 20_000)},
		{"unliving_quarters_count", count(&p.OtherRooms, 20_000)}, {"quarters_per_floor", count(&p.FlatsOnFloor, 1000)},
		{"foundation_type", words(&p.Foundation)}, {"wall_material", words(&p.Walls)}, {"floor_type", words(&p.FloorType)},
		{"chute_type", words(&p.Chute)}, {"chute_count", maybe(&p.ChuteCount, 500)}, {"electrical_type", words(&p.Electrical)},
		{"electrical_entries_count", count(&p.ElectricInputs, 1000)}, {"heating_type", words(&p.Heating)},
		{"hot_water_type", words(&p.HotWater)}, {"cold_water_type", words(&p.ColdWater)}, {"drainage_type", words(&p.Drainage)},
		{"sewerage_type", words(&p.Sewerage)}, {"sewerage_cesspools_volume", area(&p.CesspoolVolume)}, {"gas_type", words(&p.Gas)},
		{"ventilation_type", words(&p.Ventilation)}, {"firefighting_type", words(&p.Firefighting)},
		{"energy_efficiency", words(&p.Energy)}, {"playground", yes(&p.Playground)}, {"sportsground", yes(&p.Sportsground)},
		{"other_beautification", words(&p.Beautify)}, {"management_company", words(&p.ManagerText)},
		{"manager", func(s string) string { p.Manager = org.ID(s); return "" }}, {"management_date_start", day(&p.ManagerSince)},
		{"cadastral_number", words(&p.Cadastral)}, {"communal_flats", count(&p.CommunalFlats, 20_000)},
		{"fias_guid", key("fias")}, {"gar_objectid", key("gar")}, {"gis_gkh_guid", key("gis_gkh")}, {"osm_id", key("osm")},
		{"city_building_id", key("city")}, {"source", words(&p.Source)}, {"as_of", day(&p.AsOf)},
	}
}

// ReadPassport takes a passport from the columns of a row; what is not
// understood is left unknown and told.
func ReadPassport(house place.HouseID, cell func(column string) string) (Passport, []Wrong) {
	p := Passport{House: house}
	var wrong []Wrong
	for _, c := range columnsOf(&p) {
		s := strings.TrimSpace(cell(c.name))
		if blank(s) {
			continue
		}
		if reason := c.put(s); reason != "" {
			wrong = append(wrong, Wrong{Field: c.name, Reason: reason, Args: []any{text.Excerpt(s, 60)}})
		}
	}
	if p.FloorsMin > p.FloorsMax && p.FloorsMax > 0 {
		wrong = append(wrong, Wrong{Field: "floor_count_min", Reason: "house.floors_turned", Args: []any{p.FloorsMin, p.FloorsMax}})
		p.FloorsMin, p.FloorsMax = p.FloorsMax, p.FloorsMin
	}
	return p, wrong
}

// blank tells whether a register left a value out in one of its ways.
func blank(s string) bool {
	switch text.Fold(s) {
	case "", "-", "--", "н/д", "нд", "нет данных", "не заполнено", "не указано", "null", "nan", "неизвестно":
		return true
	}
	return false
}

// plain is a number as registers write it, for the parser: «1 234,5».
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '\'':
			return -1
		case ',':
			return '.'
		}
		return r
	}, s)
	for _, unit := range []string{"кв.м", "кв.м.", "м2", "м²", "м3", "м³", "куб.м", "куб.м."} {
		s = strings.TrimSuffix(s, unit)
	}
	return s
}

const maxMeasure = 10_000_000 // square metres: more than any house has

func putMeasure(into *float64, s string) string {
	n, err := strconv.ParseFloat(plain(s), 64)
	if err != nil || !(n >= 0 && n <= maxMeasure) {
		return "house.not_measure"
	}
	*into = n
	return ""
}

func putCount(into *int, s string, high int) string {
	n, err := strconv.ParseFloat(plain(s), 64)
	if err != nil || n != float64(int(n)) || n < 0 || int(n) > high {
		return "house.not_count"
	}
	*into = int(n)
	return ""
}

func putMaybe(into **int, s string, high int) string {
	if f := text.Fold(s); f == "нет" || f == "отсутствует" || f == "отсутствуют" {
		none := 0
		*into = &none
		return ""
	}
	n := 0
	if wrong := putCount(&n, s, high); wrong != "" {
		return wrong
	}
	*into = &n
	return ""
}

const maxWords = 300

func putWords(into *string, s string) string {
	clean, err := text.Trim(s, maxWords)
	if err != nil {
		return "house.long_value"
	}
	*into = clean
	return ""
}

func putYes(into **bool, s string) string {
	yes := false
	switch text.Fold(s) {
	case "1", "да", "есть", "имеется", "true", "yes", "аварийный", "признан аварийным":
		yes = true
	case "0", "нет", "отсутствует", "не имеется", "false", "no", "исправный", "не признан", "не аварийный":
	default:
		return "house.not_yes"
	}
	*into = &yes
	return ""
}

// Years of buildings that are believed.
const (
	oldest = 1200
	newest = 2100
)

// putYear takes the first year of a text: registers write «до 1917», «1903 г.»,
// «1956-1958», «постройки 1971» (domain.md 6.3).
func putYear(into *int, s string) string {
	for i := 0; i < len(s); {
		n := digitsOf(s[i:])
		if n == 4 {
			if y := number(s[i : i+4]); y >= oldest && y <= newest {
				*into = y
				return ""
			}
		}
		i += max(n, 1)
	}
	return "house.not_year"
}

// day takes a date as YYYY-MM-DD or DD.MM.YYYY.
func day(into *string) func(string) string {
	return func(s string) string {
		d, ok := parseDay(s)
		if !ok {
			return "house.not_date"
		}
		*into = d.Format("2006-01-02")
		return ""
	}
}

func (p *Passport) putKey(name, s string) string {
	if len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "house.not_key"
	}
	if p.Keys == nil {
		p.Keys = map[string]string{}
	}
	p.Keys[name] = strings.ToLower(s)
	return ""
}
