package notice

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// Pace is how often a subscription writes.
type Pace string

// The paces. Whatever the pace, a subscription has a feed.
const (
	AtOnce Pace = "once"   // a letter soon after something happened
	Daily  Pace = "daily"  // one letter a day, in the morning
	Weekly Pace = "weekly" // one on Monday morning
	Feed   Pace = "feed"   // no letters
)

// Paces lists all of them; phrase key notice.pace.<Pace>.
func Paces() []Pace { return []Pace{AtOnce, Daily, Weekly, Feed} }

// News is what a subscription tells of.
type News string

// The news.
const (
	NewProblem News = "new"    // a problem that the city took
	AnswerNews News = "answer" // a final answer, or the end of a problem
	OutageNews News = "outage" // what is switched off
	HouseNews  News = "house"  // what a company tells its houses
)

// AllNews lists them; phrase key notice.news.<News>.
func AllNews() []News { return []News{NewProblem, AnswerNews, OutageNews, HouseNews} }

// Limits of a subscription.
const (
	// MaxSubscriptions is how many one person may have.
	MaxSubscriptions = 50
	// MinRadius and MaxRadius of a circle, in metres.
	MinRadius, MaxRadius = 50, 5000
	// MaxCorners of a polygon.
	MaxCorners = 100
	// maxSide bounds the box of a polygon, in metres: a large district.
	maxSide = 40_000
	// MaxLabel is the longest name, in characters.
	MaxLabel = 80
	// MaxTopics is how many topics or objects may be chosen.
	MaxTopics = 200
)

// Scope is what a subscription looks at: exactly one of a house, an area of the
// pack, a circle or a polygon.
type Scope struct {
	House  place.HouseID `json:"house,omitempty"`
	Area   place.AreaID  `json:"area,omitempty"`
	Center geo.Point     `json:"center,omitzero"`
	Radius int           `json:"radius,omitempty"` // metres; with Center
	Ring   []geo.Point   `json:"ring,omitempty"`   // corners of a polygon, the first not repeated
}

// Subscription is what somebody wants to hear of a place.
type Subscription struct {
	ID      int64      `json:"-"`
	Person  int64      `json:"-"`
	Token   string     `json:"-"` // secret of its feed
	Pace    Pace       `json:"-"`
	Created time.Time  `json:"-"`
	Name    string     `json:"name"` // in the person's own words
	Scope   Scope      `json:"scope"`
	Objects []topic.ID `json:"objects,omitempty"` // first levels of the tree; none and no topics: all
	Topics  []topic.ID `json:"topics,omitempty"`
	News    []News     `json:"news"`
}

// Check refuses what could not work, each at its field: scope, radius, ring,
// name, pace, news, topics.
func (s Subscription) Check() error {
	var form fault.Form
	s.Scope.check(&form)
	if s.Name == "" || utf8.RuneCountInString(s.Name) > MaxLabel {
		form.Add("name", "notice.subscription_name", MaxLabel)
	}
	if !slices.Contains(Paces(), s.Pace) {
		form.Add("pace", "notice.subscription_pace")
	}
	if len(s.News) == 0 || slices.ContainsFunc(s.News, func(n News) bool { return !slices.Contains(AllNews(), n) }) {
		form.Add("news", "notice.subscription_news")
	}
	if len(s.Objects)+len(s.Topics) > MaxTopics {
		form.Add("topics", "notice.subscription_topics", MaxTopics)
	}
	return form.Err()
}

func (s Scope) check(form *fault.Form) {
	kinds := 0
	for _, given := range []bool{s.House != 0, s.Area != "", s.Radius != 0, len(s.Ring) > 0} {
		if given {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		form.Add("scope", "notice.subscription_scope")
	case s.Radius != 0 && (!s.Center.Valid() || s.Center == geo.Point{}):
		form.Add("scope", "notice.subscription_scope")
	case s.Radius != 0 && (s.Radius < MinRadius || s.Radius > MaxRadius):
		form.Add("radius", "notice.subscription_radius", MinRadius, MaxRadius)
	case len(s.Ring) > 0:
		if key, args := ringFlaw(s.Ring); key != "" {
			form.Add("ring", key, args...)
		}
	}
}

// ringFlaw names what is wrong with the corners of a polygon, "" when nothing is.
func ringFlaw(ring []geo.Point) (key string, args []any) {
	if len(ring) < 3 || len(ring) > MaxCorners {
		return "notice.subscription_corners", []any{MaxCorners}
	}
	for _, p := range ring {
		if !p.Valid() {
			return "notice.subscription_corners", []any{MaxCorners}
		}
	}
	b := boxOf(ring)
	if b.Min.Distance(geo.Point{Lat: b.Max.Lat, Lon: b.Min.Lon}) > maxSide || b.Min.Distance(geo.Point{Lat: b.Min.Lat, Lon: b.Max.Lon}) > maxSide {
		return "notice.subscription_large", []any{maxSide / 1000}
	}
	for i := range ring {
		for j := i + 1; j < len(ring); j++ {
			if crossing(ring[i], ring[(i+1)%len(ring)], ring[j], ring[(j+1)%len(ring)]) {
				return "notice.subscription_crossed", nil
			}
		}
	}
	return "", nil
}

// crossing tells whether two edges cross in their insides; edges that meet in a
// corner do not.
func crossing(a, b, c, d geo.Point) bool {
	side := func(p, q, r geo.Point) float64 {
		return (q.Lon-p.Lon)*(r.Lat-p.Lat) - (q.Lat-p.Lat)*(r.Lon-p.Lon)
	}
	return side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
}

func boxOf(ring []geo.Point) geo.Box {
	b := geo.Box{Min: ring[0], Max: ring[0]}
	for _, p := range ring {
		b.Min = geo.Point{Lat: min(b.Min.Lat, p.Lat), Lon: min(b.Min.Lon, p.Lon)}
		b.Max = geo.Point{Lat: max(b.Max.Lat, p.Lat), Lon: max(b.Max.Lon, p.Lon)}
	}
	return b
}

// Box is what holds the scope of a circle or a polygon; ok is false for a house
// and an area.
func (s Scope) Box() (box geo.Box, ok bool) {
	switch {
	case s.Radius != 0:
		return geo.Around(s.Center, float64(s.Radius)), true
	case len(s.Ring) > 0:
		return boxOf(s.Ring), true
	}
	return geo.Box{}, false
}

// Spot is one place of something that happened.
type Spot struct {
	Point geo.Point
	House place.HouseID
	Areas []place.AreaID
}

// Holds tells whether a place lies in the scope.
func (s Scope) Holds(at Spot) bool {
	switch {
	case s.House != 0:
		return at.House == s.House
	case s.Area != "":
		return slices.Contains(at.Areas, s.Area)
	case s.Radius != 0:
		return s.Center.Distance(at.Point) <= float64(s.Radius)
	case len(s.Ring) > 0:
		ring := make(orb.Ring, 0, len(s.Ring)+1)
		for _, p := range append(slices.Clone(s.Ring), s.Ring[0]) {
			ring = append(ring, orb.Point{p.Lon, p.Lat})
		}
		return len(geo.NewIndex([]geo.Shape{{{ring}}}).At(at.Point)) > 0
	}
	return false
}

// Wants tells whether a topic is asked for.
func (s Subscription) Wants(object, leaf topic.ID) bool {
	return len(s.Objects) == 0 && len(s.Topics) == 0 || slices.Contains(s.Objects, object) || slices.Contains(s.Topics, leaf)
}

// The levels of cells by which a place finds the subscriptions around it: each
// axis of the earth halved so many times, from 5° to 76 m of latitude.
const (
	widestKeys = 6
	finestKeys = 18
	// mostKeys is how many cells one subscription may lie in.
	mostKeys = 36
)

// keys are the rows by which a scope is found: its house, its area, or the cells
// of the finest level of which no more than mostKeys cover it.
func (s Scope) keys() []string {
	switch {
	case s.House != 0:
		return []string{houseKey(s.House)}
	case s.Area != "":
		return []string{areaKey(s.Area)}
	}
	box, ok := s.Box()
	if !ok {
		return nil
	}
	for level := finestKeys; ; level-- {
		west, south := gridAt(box.Min, level)
		east, north := gridAt(box.Max, level)
		if n := (east - west + 1) * (north - south + 1); n > mostKeys && level > widestKeys {
			continue
		}
		var keys []string
		for x := west; x <= east; x++ {
			for y := south; y <= north; y++ {
				keys = append(keys, cellKey(level, x, y))
			}
		}
		return keys
	}
}

// keys are all rows that a subscription around the place may have.
func (at Spot) keys() []string {
	var keys []string
	if at.House != 0 {
		keys = append(keys, houseKey(at.House))
	}
	for _, a := range at.Areas {
		keys = append(keys, areaKey(a))
	}
	if !at.Point.Valid() || at.Point == (geo.Point{}) {
		return keys
	}
	for level := widestKeys; level <= finestKeys; level++ {
		x, y := gridAt(at.Point, level)
		keys = append(keys, cellKey(level, x, y))
	}
	return keys
}

func houseKey(h place.HouseID) string { return "house:" + strconv.FormatInt(int64(h), 10) }

func areaKey(a place.AreaID) string { return "area:" + string(a) }

func cellKey(level int, x, y int64) string { return fmt.Sprintf("cell:%d:%d:%d", level, x, y) }

// gridAt is the column and row of a point when each axis is halved so often.
func gridAt(p geo.Point, level int) (x, y int64) {
	cells := float64(int64(1) << level)
	at := func(v, of float64) int64 { return int64(min(max(math.Floor(v/of*cells), 0), cells-1)) }
	return at(p.Lon+180, 360), at(p.Lat+90, 180)
}

// letterHour is when daily and weekly letters go out, in the city's zone: before
// most people leave home.
const letterHour = 8

// soon is how long a letter at once waits for what happens beside it.
const soon = 10 * time.Minute

// due is when a letter about something that happens now goes out; zero: never.
// What is switched off cannot wait.
func (p Pace) due(now time.Time, zone *time.Location, what News) time.Time {
	switch p {
	case AtOnce:
		if what == OutageNews {
			return now
		}
		return now.Add(soon)
	case Daily:
		return nextMorning(now, zone)
	case Weekly:
		at := nextMorning(now, zone)
		for at.In(zone).Weekday() != time.Monday {
			at = at.In(zone).AddDate(0, 0, 1)
		}
		return at
	}
	return time.Time{}
}

func nextMorning(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), letterHour, 0, 0, 0, zone)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// ParseRing reads the corners of a polygon as forms send them: "lat,lon lat,lon
// …". A last corner equal to the first is left out. What cannot be read is an
// Invalid fault at the field "ring".
func ParseRing(text string) ([]geo.Point, error) {
	wrong := fault.Invalid.Field("ring", "notice.subscription_corners", MaxCorners)
	parts := strings.Fields(text)
	if len(parts) > MaxCorners+1 {
		return nil, wrong
	}
	ring := make([]geo.Point, 0, len(parts))
	for _, part := range parts {
		a, b, ok := strings.Cut(part, ",")
		lat, err1 := strconv.ParseFloat(a, 64)
		lon, err2 := strconv.ParseFloat(b, 64)
		p := geo.Point{Lat: lat, Lon: lon}
		if !ok || err1 != nil || err2 != nil || !p.Valid() {
			return nil, wrong
		}
		ring = append(ring, p)
	}
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	return ring, nil
}

// WriteRing is what ParseRing reads, with five digits: a metre.
func WriteRing(ring []geo.Point) string {
	parts := make([]string, len(ring))
	for i, p := range ring {
		parts[i] = strconv.FormatFloat(p.Lat, 'f', 5, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 5, 64)
	}
	return strings.Join(parts, " ")
}
