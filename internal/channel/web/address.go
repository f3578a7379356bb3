package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/place"
)

// findAddresses answers GET /addresses?q= while an address is typed.
func (s *Server) findAddresses(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	found, err := s.Places.Search(r.Context(), v.City.ID, r.URL.Query().Get("q"), maxHouses)
	if err != nil {
		return err
	}
	list := []houseBody{}
	for _, f := range found {
		list = append(list, houseBody{ID: int64(f.House.ID), Address: shortAddress(v, f.House.Address), Area: s.whereabouts(v, found, f),
			Lat: f.House.Point.Lat, Lon: f.House.Point.Lon, Fit: string(f.Fit), Guessed: f.Guessed})
	}
	body := map[string]any{"houses": list}
	if note := s.addressNote(v, found); note != "" {
		body["note"] = note
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}

// whereabouts tells a house that was found from its namesakes: by its settlement,
// where the address does not name it, and its district; houses with one address
// also by their municipality or, in one municipality, by the number of the
// building.
func (s *Server) whereabouts(v *visit, found []place.Found, f place.Found) string {
	var parts []string
	add := func(name string) {
		if name != "" && !slices.Contains(parts, name) {
			parts = append(parts, name)
		}
	}
	if settlement := f.House.Settlement; settlement != v.City.Name[v.City.Main] && !strings.Contains(f.House.Address, settlement) {
		add(settlement)
	}
	add(v.text(f.Area))
	twins, near := 0, 0
	for _, other := range found {
		if other.House.ID != f.House.ID && other.House.Address == f.House.Address {
			twins++
			if other.House.Municipality == f.House.Municipality {
				near++
			}
		}
	}
	if twins > 0 {
		add(v.text(f.Municipality))
	}
	if near > 0 {
		add(s.say(v, "address.building", strconv.FormatInt(int64(f.House.ID), 10)))
	}
	return strings.Join(parts, " · ")
}

// addressNote says what is not as it was typed, when nothing was found that is:
// the street has no such house, or the street itself is only spelt alike.
func (s *Server) addressNote(v *visit, found []place.Found) string {
	if len(found) == 0 {
		return ""
	}
	best := found[0]
	switch {
	case best.Fit == place.OtherHouse && !best.Guessed:
		var numbers []string
		for _, f := range found {
			if f.House.Street != best.House.Street || f.House.Settlement != best.House.Settlement {
				return s.say(v, "address.others", best.Asked)
			}
			if n := shortNumber(f.House); f.Fit == place.OtherHouse && !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
		slices.SortFunc(numbers, byLeading)
		last := len(numbers) - 1
		if last == 0 {
			return s.say(v, "address.other", best.Asked, numbers[0])
		}
		return s.say(v, "address.other", best.Asked, s.say(v, "address.and", strings.Join(numbers[:last], ", "), numbers[last]))
	case best.Guessed:
		return s.say(v, "address.guessed")
	}
	return ""
}

// shortNumber is the number of a house as people say it: 12к3.
func shortNumber(h place.House) string {
	n := h.Number
	if h.Building != "" {
		n += "к" + h.Building
	}
	if h.Structure != "" {
		n += "с" + h.Structure
	}
	return n
}

// byLeading puts 9 before 13.
func byLeading(a, b string) int {
	return leadingDigits(a) - leadingDigits(b)
}

func leadingDigits(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(s)
	}
	n, err := strconv.Atoi(s[:min(end, 9)])
	if err != nil {
		return 0
	}
	return n
}
