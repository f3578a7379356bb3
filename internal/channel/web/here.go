package web

import (
	"context"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// hereThing is an object of the city near a point.
type hereThing struct {
	ID     string `json:"id"`
	URL    string `json:"url"`
	Title  string `json:"title"`
	Metres int    `json:"metres"`
}

// tellHere says in words what is at a point of the city: the kind of place, with
// the house by which people tell it.
func (s *Server) tellHere(ctx context.Context, v *visit, p geo.Point, near []place.HouseNear, body *hereBody) error {
	here, err := s.Places.Here(ctx, v.City.ID, p)
	if err != nil {
		return err
	}
	kinds, err := s.Places.Kinds(ctx, v.City.ID)
	if err != nil {
		return err
	}
	body.Kind, body.Street = string(here.Lie.Ground), here.Lie.Street
	for _, a := range here.Areas {
		body.Areas = append(body.Areas, v.text(a.Name))
	}
	for _, o := range here.Objects {
		kind, _ := kinds.Find(o.Object.Kind)
		t := s.thing(v, o.Object, kind)
		body.Objects = append(body.Objects, hereThing{t.ID, t.URL(), t.Title(), int(o.Metres + 0.5)})
	}
	body.Label = s.labelOf(v, p, here.Lie, near)
	return nil
}

// labelOf is a point in words: «во дворе дома …», «Мельничный парк».
func (s *Server) labelOf(v *visit, p geo.Point, lie place.Lie, near []place.HouseNear) string {
	house := ""
	if len(near) > 0 {
		house = shortAddress(v, near[0].House.Address)
	}
	switch {
	case lie.Ground == place.InPark && lie.Name != "", lie.Ground == place.AtWater && lie.Name != "":
		return s.say(v, "thing.here_"+string(lie.Ground), lie.Name)
	case lie.Ground == place.OnRail:
		return s.say(v, "thing.here_rail")
	case house == "" && lie.Ground == place.OnStreet && lie.Street != "":
		return lie.Street
	case house == "":
		return s.say(v, "web.on_map", coordinates(p))
	case lie.Ground == place.InYard:
		return s.say(v, "thing.here_yard", house)
	}
	return s.say(v, "web.near_house", near[0].House.Address)
}
