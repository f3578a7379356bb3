package place

import "gorod/internal/platform/geo"

// Mark says how a place was given.
type Mark string

// The kinds of mark.
const (
	OnBuilding   Mark = "building" // the building itself; the point is the building's
	NearBuilding Mark = "near"     // a point, told by the nearest house
	FreePoint    Mark = "point"    // a point in the open
)

// AreaID names an area of the pack.
type AreaID string

// HouseID is a house's number in the pack.
type HouseID int64

// Draft is a place as a resident gives it.
type Draft struct {
	Point    geo.Point
	Mark     Mark
	House    HouseID // 0: none
	Object   string  // id of the city object that it is about; "": none
	Accuracy float64 // metres, as the device said; 0: pointed by hand
	Landmark string  // the resident's own words: «у второго подъезда»
	// Beside is the address of the nearest house, where the mark names none: for
	// people only, it decides nothing. Channels find it with Near.
	Beside string
	// Trusted: another system has checked the place already (an import). A house
	// that is far off and a point beyond the border are taken as they are.
	Trusted bool
}

// Place is where a problem is: what the city found at the draft's point.
type Place struct {
	Point        geo.Point `json:"point"`
	Mark         Mark      `json:"mark"`
	House        HouseID   `json:"house,omitempty"`
	Object       string    `json:"object,omitempty"` // id of the city object, "" none
	Address      string    `json:"address"`          // of the house, or "рядом с …" is left to the page; "" in the open
	District     AreaID    `json:"district"`
	Municipality AreaID    `json:"municipality,omitempty"`
	Landmark     string    `json:"landmark,omitempty"`
	Beside       string    `json:"beside,omitempty"` // nearest house of a free point
}

// Areas are the areas that contain the place, the smallest first.
func (p Place) Areas() []AreaID {
	var areas []AreaID
	for _, a := range []AreaID{p.Municipality, p.District} {
		if a != "" {
			areas = append(areas, a)
		}
	}
	return areas
}

// Area is a named part of the city.
type Area struct {
	ID     AreaID
	Kind   string // city, district, municipality
	Parent AreaID
	Name   map[string]string
}

// House is a building with an address.
type House struct {
	ID           HouseID
	Street       string // with its kind, as in the official address
	Number       string // 12, 1/21
	Building     string // корпус
	Structure    string // строение
	Letter       string // литера
	Address      string // the full official text
	Settlement   string
	Point        geo.Point
	District     AreaID
	Municipality AreaID
	Purpose      string // apartment, private, public, other
	Manager      string // organisation id of the managing company, "" unknown
	Year         int    // 0 unknown
	Floors       int
	Entrances    int
	Flats        int
}
