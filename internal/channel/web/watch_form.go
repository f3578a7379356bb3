package web

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// The ways to give the place of a subscription, as the form names them.
const (
	whereHouse = "house"
	whereNear  = "near"
	whereArea  = "area"
	whereRing  = "ring"
)

// byOf is the way that a form or a link took: what was said, else what is there.
func byOf(f *form) string {
	for _, by := range []string{whereHouse, whereNear, whereArea, whereRing} {
		if f.get("by") == by {
			return by
		}
	}
	for _, by := range []string{whereHouse, whereArea, whereRing} {
		if f.get(by) != "" {
			return by
		}
	}
	return whereNear
}

// scopeAsked reads the place of a subscription; faults at the fields address,
// radius, ring and scope.
func (s *Server) scopeAsked(ctx context.Context, v *visit, f *form) (notice.Scope, error) {
	switch byOf(f) {
	case whereHouse:
		h, err := s.houseByID(ctx, v, place.HouseID(f.int("house")))
		return notice.Scope{House: h.ID}, err
	case whereArea:
		book, err := s.dictionary(ctx, v)
		if err != nil {
			return notice.Scope{}, err
		}
		return notice.Scope{Area: book.areas[place.AreaID(f.get("area"))].ID}, nil
	case whereRing:
		ring, err := notice.ParseRing(f.get("ring"))
		return notice.Scope{Ring: ring}, err
	}
	return s.circleAsked(ctx, v, f)
}

// circleAsked reads a circle: around a point that is known, else around the house
// that an address finds.
func (s *Server) circleAsked(ctx context.Context, v *visit, f *form) (notice.Scope, error) {
	scope := notice.Scope{Radius: int(f.int("radius"))}
	if scope.Radius == 0 {
		scope.Radius = usualRadius
	}
	address := strings.TrimSpace(f.get("address"))
	lat, err1 := strconv.ParseFloat(f.get("lat"), 64)
	lon, err2 := strconv.ParseFloat(f.get("lon"), 64)
	if p := (geo.Point{Lat: lat, Lon: lon}); err1 == nil && err2 == nil && p.Valid() {
		scope.Center = geo.Round(p, pointStep)
		known, err := s.besideShort(ctx, v, scope.Center)
		if err != nil || address == "" || address == known {
			return scope, err
		}
	}
	if address == "" {
		return notice.Scope{}, fault.Invalid.Field("address", "watch.no_address")
	}
	found, err := s.Places.Search(ctx, v.City.ID, address, 1)
	if err != nil {
		return scope, err
	}
	if len(found) == 0 {
		return notice.Scope{}, fault.Invalid.Field("address", "watch.address_unknown")
	}
	scope.Center = geo.Round(found[0].House.Point, pointStep)
	return scope, nil
}

// pointStep rounds the centre of a circle to a metre.
const pointStep = 0.00001

// besideShort names a point by its nearest house, as the form shows it.
func (s *Server) besideShort(ctx context.Context, v *visit, p geo.Point) (string, error) {
	beside, err := s.Places.BesideOf(ctx, v.City.ID, p)
	return shortAddress(v, beside), err
}

// usualRadius is what the form proposes, in metres: the houses around a yard.
const usualRadius = 300

func radii() []int { return []int{100, 200, usualRadius, 500, 1000, 2000, 5000} }

// watchPage is the page of a subscription, or the form of a new one (ID 0).
func (s *Server) watchPage(r *http.Request, v *visit, sub notice.Subscription) (view.WatchPage, error) {
	ctx := r.Context()
	p := view.WatchPage{Base: s.base(v, "cabinet", s.say(v, "watch.new_title")), Key: s.newKey(), Action: "/watch/new", Saved: sub.ID != 0,
		Ring: notice.WriteRing(sub.Scope.Ring)}
	if p.Saved {
		p.Title, p.Action, p.Feed = sub.Name, watchURL(sub.ID), s.Settings.PublicURL+feedURL(sub)
	}
	p.Path, p.NoIndex = p.Action, true
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return p, err
	}
	p.Name = view.Field{Name: "name", Label: s.say(v, "watch.name"), Value: sub.Name, Required: true, Autocomplete: "off"}
	if err := s.watchPlace(ctx, v, &p, sub.Scope, book); err != nil {
		return p, err
	}
	s.watchChoices(v, &p, sub, book)
	if sub.Check() == nil || p.Saved {
		p.Found, err = s.foundBy(ctx, v, sub)
		p.MapURL = mapOfScope(sub.Scope)
	}
	return p, err
}

// watchPlace fills in how the place is given.
func (s *Server) watchPlace(ctx context.Context, v *visit, p *view.WatchPage, scope notice.Scope, book *dictionary) error {
	by := whereNear
	switch {
	case scope.House != 0:
		by = whereHouse
		h, err := s.houseByID(ctx, v, scope.House)
		if err != nil {
			return err
		}
		p.House, p.HouseName = strconv.FormatInt(int64(h.ID), 10), shortAddress(v, h.Address)
	case scope.Area != "":
		by = whereArea
	case len(scope.Ring) > 0:
		by = whereRing
	}
	for _, one := range []string{whereHouse, whereNear, whereArea, whereRing} {
		if one != whereHouse || p.House != "" {
			p.By = append(p.By, view.Option{Value: one, Label: s.say(v, "watch.by_"+one), Checked: one == by})
		}
	}
	for _, a := range book.list {
		if a.Kind == place.District || a.Kind == place.Municipality {
			p.Areas = append(p.Areas, view.Option{Value: string(a.ID), Label: v.text(a.Name), Checked: a.ID == scope.Area})
		}
	}
	for _, metres := range radii() {
		p.Radius = append(p.Radius, view.Option{Value: strconv.Itoa(metres), Label: s.say(v, "watch.metres", metres),
			Checked: metres == scope.Radius || scope.Radius == 0 && metres == usualRadius})
	}
	if scope.Radius != 0 && !slices.Contains(radii(), scope.Radius) {
		p.Radius = append(p.Radius, view.Option{Value: strconv.Itoa(scope.Radius), Label: s.say(v, "watch.metres", scope.Radius), Checked: true})
	}
	p.Address = view.Field{Name: "address", Label: s.say(v, "watch.address"), Autocomplete: "off"}
	center := v.City.Center
	if scope.Radius != 0 && scope.Center != (geo.Point{}) {
		center = scope.Center
		p.Lat, p.Lon = degrees(scope.Center.Lat), degrees(scope.Center.Lon)
		known, err := s.besideShort(ctx, v, scope.Center)
		if err != nil {
			return err
		}
		p.Address.Value = known
	}
	p.Style = mapStyleURL(v)
	p.Bounds = view.MapSlot{Lat: center.Lat, Lon: center.Lon, Zoom: zoomFor(v.City.Bounds)}
	return nil
}

// watchChoices fills in what a subscription tells of, and how often.
func (s *Server) watchChoices(v *visit, p *view.WatchPage, sub notice.Subscription, book *dictionary) {
	for _, n := range notice.AllNews() {
		p.News = append(p.News, view.Option{Value: string(n), Label: s.say(v, "notice.news."+string(n)), Checked: slices.Contains(sub.News, n)})
	}
	for _, pace := range notice.Paces() {
		p.Pace = append(p.Pace, view.Option{Value: string(pace), Label: s.say(v, "notice.pace."+string(pace)), Checked: pace == sub.Pace})
	}
	for _, t := range book.all {
		if !t.Public || !t.Open {
			continue
		}
		i := slices.IndexFunc(p.Objects, func(o view.WatchObject) bool { return o.Value == strconv.FormatInt(int64(t.Object), 10) })
		if i < 0 {
			i = len(p.Objects)
			p.Objects = append(p.Objects, view.WatchObject{Option: view.Option{Value: strconv.FormatInt(int64(t.Object), 10),
				Label: v.text(t.ObjectName), Checked: slices.Contains(sub.Objects, t.Object)}})
		}
		one := view.Option{Value: strconv.FormatInt(int64(t.ID), 10), Label: v.text(t.Name), Checked: slices.Contains(sub.Topics, t.ID)}
		p.Objects[i].Topics, p.Objects[i].Open = append(p.Objects[i].Topics, one), p.Objects[i].Open || one.Checked
	}
}

// watchAgain is the form as it was filled in, with what is wrong or with what it
// finds.
func (s *Server) watchAgain(r *http.Request, v *visit, f *form, sub notice.Subscription, errs view.FieldErrors) (view.WatchPage, error) {
	if sub.ID != 0 {
		old, err := s.Notices.Subscription(r.Context(), v.Who, sub.ID)
		if err != nil {
			return view.WatchPage{}, err
		}
		sub.Token = old.Token
	}
	p, err := s.watchPage(r, v, sub)
	if err != nil {
		return p, err
	}
	p.Key, p.Errors = f.get("key"), errs
	p.Name.Value, p.Name.Error = f.get("name"), errs.For("name")
	p.Address.Value, p.Address.Error = f.get("address"), errs.For("address")
	p.Ring = f.get("ring")
	for i := range p.By {
		p.By[i].Checked = p.By[i].Value == byOf(f)
	}
	if len(errs) > 0 {
		p.Found = nil
	}
	return p, nil
}

// mapOfScope is the map of a subscription's place; empty where it has no box.
func mapOfScope(scope notice.Scope) string {
	switch {
	case scope.House != 0:
		return "/house/" + strconv.FormatInt(int64(scope.House), 10)
	case scope.Area != "":
		return "/map?view=map&area=" + escape(string(scope.Area))
	}
	box, ok := scope.Box()
	if !ok {
		return ""
	}
	fixed := func(x float64) float64 { return math.Round(x*1e5) / 1e5 }
	box.Min, box.Max = geo.Point{Lat: fixed(box.Min.Lat), Lon: fixed(box.Min.Lon)}, geo.Point{Lat: fixed(box.Max.Lat), Lon: fixed(box.Max.Lon)}
	return "/map?view=map&box=" + escape(box.String())
}
