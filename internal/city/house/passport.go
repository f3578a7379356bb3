package house

import (
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
)

// Passport is what is known of a building: the vocabulary of the register of
// apartment houses (domain.md 6.2). Everything may be unknown: a zero number, an
// empty text and a nil pointer say that nobody told.
type Passport struct {
	House place.HouseID `json:"house"`

	// Areas are square metres.
	AreaTotal          float64 `json:"area_total,omitempty"`
	AreaResidential    float64 `json:"area_residential,omitempty"`
	AreaNonResidential float64 `json:"area_non_residential,omitempty"`
	AreaCommon         float64 `json:"area_common_property,omitempty"`
	AreaLand           float64 `json:"area_land,omitempty"`
	AreaBasement       float64 `json:"basement_area,omitempty"`
	AreaParking        float64 `json:"parking_square,omitempty"`

	Built      int    `json:"built_year,omitempty"`
	InUseSince int    `json:"exploitation_start_year,omitempty"`
	Overhaul   int    `json:"overhaul_year,omitempty"` // year of the next, or last, capital repair as the source says
	Series     string `json:"project_type,omitempty"`
	HouseType  string `json:"house_type,omitempty"`
	Alarm      *bool  `json:"is_alarm,omitempty"` // declared unfit (аварийный)

	FloorsMax    int  `json:"floor_count_max,omitempty"`
	FloorsMin    int  `json:"floor_count_min,omitempty"`
	Entrances    int  `json:"entrance_count,omitempty"`
	Lifts        *int `json:"elevators_count,omitempty"` // 0: there are none
	Quarters     int  `json:"quarters_count,omitempty"`
	Flats        int  `json:"living_quarters_count,omitempty"`
	OtherRooms   int  `json:"unliving_quarters_count,omitempty"`
	FlatsOnFloor int  `json:"quarters_per_floor,omitempty"`

	Foundation     string `json:"foundation_type,omitempty"`
	Walls          string `json:"wall_material,omitempty"`
	FloorType      string `json:"floor_type,omitempty"` // перекрытия
	Chute          string `json:"chute_type,omitempty"`
	ChuteCount     *int   `json:"chute_count,omitempty"`
	Electrical     string `json:"electrical_type,omitempty"`
	ElectricInputs int    `json:"electrical_entries_count,omitempty"`
	Heating        string `json:"heating_type,omitempty"`
	HotWater       string `json:"hot_water_type,omitempty"`
	ColdWater      string `json:"cold_water_type,omitempty"`
	Drainage       string `json:"drainage_type,omitempty"`
	Sewerage       string `json:"sewerage_type,omitempty"`
	// CesspoolVolume is in cubic metres.
	CesspoolVolume float64 `json:"sewerage_cesspools_volume,omitempty"`
	Gas            string  `json:"gas_type,omitempty"`
	Ventilation    string  `json:"ventilation_type,omitempty"`
	Firefighting   string  `json:"firefighting_type,omitempty"`
	Energy         string  `json:"energy_efficiency,omitempty"` // A++ … G

	Playground    *bool  `json:"playground,omitempty"`
	Sportsground  *bool  `json:"sportsground,omitempty"`
	Beautify      string `json:"other_beautification,omitempty"`
	Cadastral     string `json:"cadastral_number,omitempty"` // AA:BB:CCCCCCC:NN
	Manager       org.ID `json:"manager,omitempty"`          // where the list of houses does not say
	ManagerSince  string `json:"management_date_start,omitempty"`
	ManagerText   string `json:"management_company,omitempty"` // as the source writes it
	CommunalFlats int    `json:"communal_flats,omitempty"`

	// Keys are the names that other registers give to the building: fias, gar,
	// gis_gkh, osm, city.
	Keys map[string]string `json:"keys,omitempty"`

	Source string `json:"source,omitempty"` // who says so
	AsOf   string `json:"as_of,omitempty"`  // the day of the data, YYYY-MM-DD
}

// Known tells whether the passport says anything at all.
func (p Passport) Known() bool { return len(p.Facts()) > 0 }

// Age is how many full years the building has stood on a day; 0 unknown.
func (p Passport) Age(on time.Time) int {
	if p.Built == 0 || p.Built > on.Year() {
		return 0
	}
	return on.Year() - p.Built
}

// FactKind says how a value is shown.
type FactKind string

// The kinds of values.
const (
	YearFact   FactKind = "year"   // Number, without separators
	CountFact  FactKind = "count"  // Number
	AreaFact   FactKind = "area"   // Number, square metres
	VolumeFact FactKind = "volume" // Number, cubic metres
	TextFact   FactKind = "text"   // Text, in the words of the source
	YesFact    FactKind = "yes"    // Yes
)

// Fact is one known line of a passport.
type Fact struct {
	Group  string // general, building, systems, yard, register: phrase key house.group.<Group>
	Name   string // such as built_year: phrase key house.fact.<Name>
	Kind   FactKind
	Number float64
	Text   string
	Yes    bool
}

// facts collects the lines that are known.
type facts struct {
	group string
	list  []Fact
}

func (f *facts) number(name string, kind FactKind, n float64) {
	if n != 0 {
		f.list = append(f.list, Fact{Group: f.group, Name: name, Kind: kind, Number: n})
	}
}

func (f *facts) count(name string, n *int) {
	if n != nil {
		f.list = append(f.list, Fact{Group: f.group, Name: name, Kind: CountFact, Number: float64(*n)})
	}
}

func (f *facts) text(name, s string) {
	if s != "" {
		f.list = append(f.list, Fact{Group: f.group, Name: name, Kind: TextFact, Text: s})
	}
}

func (f *facts) yes(name string, b *bool) {
	if b != nil {
		f.list = append(f.list, Fact{Group: f.group, Name: name, Kind: YesFact, Yes: *b})
	}
}

// FactNames are all names that Facts can give, for the test that each has its
// phrases.
func FactNames() []string {
	one, yes := 1, true
	all := Passport{
		AreaTotal: 1, AreaResidential: 1, AreaNonResidential: 1, AreaCommon: 1, AreaLand: 1, AreaBasement: 1, AreaParking: 1,
		Built: 1, InUseSince: 1, Overhaul: 1, Series: "-", HouseType: "-", Alarm: &yes, FloorsMax: 2, FloorsMin: 1, Entrances: 1,
		Lifts: &one, Quarters: 1, Flats: 1, OtherRooms: 1, FlatsOnFloor: 1, Foundation: "-", Walls: "-", FloorType: "-",
		Chute: "-", ChuteCount: &one, Electrical: "-", ElectricInputs: 1, Heating: "-", HotWater: "-", ColdWater: "-",
		Drainage: "-", Sewerage: "-", CesspoolVolume: 1, Gas: "-", Ventilation: "-", Firefighting: "-", Energy: "-",
		Playground: &yes, Sportsground: &yes, Beautify: "-", Cadastral: "-", ManagerSince: "-", CommunalFlats: 1,
		Keys: map[string]string{"fias": "-"},
	}
	var names []string
	for _, f := range all.Facts() {
		names = append(names, f.Name)
	}
	return names
}

// Facts lists what is known, in the order of a passport.
func (p Passport) Facts() []Fact {
	f := &facts{group: "general"}
	f.number("built_year", YearFact, float64(p.Built))
	f.number("exploitation_start_year", YearFact, float64(p.InUseSince))
	f.number("overhaul_year", YearFact, float64(p.Overhaul))
	f.text("project_type", p.Series)
	f.text("house_type", p.HouseType)
	f.yes("is_alarm", p.Alarm)
	f.number("floor_count_max", CountFact, float64(p.FloorsMax))
	if p.FloorsMin != p.FloorsMax {
		f.number("floor_count_min", CountFact, float64(p.FloorsMin))
	}
	f.number("entrance_count", CountFact, float64(p.Entrances))
	f.count("elevators_count", p.Lifts)
	f.number("quarters_count", CountFact, float64(p.Quarters))
	f.number("living_quarters_count", CountFact, float64(p.Flats))
	f.number("unliving_quarters_count", CountFact, float64(p.OtherRooms))
	f.number("quarters_per_floor", CountFact, float64(p.FlatsOnFloor))
	f.number("communal_flats", CountFact, float64(p.CommunalFlats))
	f.number("area_total", AreaFact, p.AreaTotal)
	f.number("area_residential", AreaFact, p.AreaResidential)
	f.number("area_non_residential", AreaFact, p.AreaNonResidential)
	f.number("area_common_property", AreaFact, p.AreaCommon)
	f.group = "building"
	f.text("foundation_type", p.Foundation)
	f.text("wall_material", p.Walls)
	f.text("floor_type", p.FloorType)
	f.number("basement_area", AreaFact, p.AreaBasement)
	f.text("energy_efficiency", p.Energy)
	f.group = "systems"
	f.text("heating_type", p.Heating)
	f.text("hot_water_type", p.HotWater)
	f.text("cold_water_type", p.ColdWater)
	f.text("electrical_type", p.Electrical)
	f.number("electrical_entries_count", CountFact, float64(p.ElectricInputs))
	f.text("gas_type", p.Gas)
	f.text("sewerage_type", p.Sewerage)
	f.number("sewerage_cesspools_volume", VolumeFact, p.CesspoolVolume)
	f.text("drainage_type", p.Drainage)
	f.text("ventilation_type", p.Ventilation)
	f.text("firefighting_type", p.Firefighting)
	f.text("chute_type", p.Chute)
	f.count("chute_count", p.ChuteCount)
	f.group = "yard"
	f.number("area_land", AreaFact, p.AreaLand)
	f.number("parking_square", AreaFact, p.AreaParking)
	f.yes("playground", p.Playground)
	f.yes("sportsground", p.Sportsground)
	f.text("other_beautification", p.Beautify)
	f.group = "register"
	f.text("cadastral_number", p.Cadastral)
	f.text("management_date_start", p.ManagerSince)
	f.text("fias", p.Keys["fias"])
	return f.list
}
