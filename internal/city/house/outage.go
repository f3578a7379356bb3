package house

import (
	"slices"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
)

// Resource is what a house goes without (domain.md 6.5).
type Resource string

// The resources.
const (
	HotWater  Resource = "hot_water"
	ColdWater Resource = "cold_water"
	Heating   Resource = "heating"
	Power     Resource = "power"
	Gas       Resource = "gas"
	Lift      Resource = "lift"
	Sewer     Resource = "sewer"
)

// Resources lists all of them in the order of pages; phrase key
// house.resource.<Resource>.
func Resources() []Resource {
	return []Resource{HotWater, ColdWater, Heating, Power, Gas, Lift, Sewer}
}

// Kind says why a resource is off.
type Kind string

// The kinds of outages.
const (
	Planned    Kind = "planned"
	Emergency  Kind = "emergency"
	Preventive Kind = "preventive" // the yearly test of the mains
)

// Kinds lists all of them; phrase key house.kind.<Kind>.
func Kinds() []Kind { return []Kind{Planned, Emergency, Preventive} }

// Status says where an outage stands at a moment.
type Status string

// The statuses.
const (
	Announced Status = "announced"
	Active    Status = "active"
	Over      Status = "over"
	Cancelled Status = "cancelled"
)

// Statuses lists all of them; phrase key house.status.<Status>.
func Statuses() []Status { return []Status{Announced, Active, Over, Cancelled} }

// OpenEnded is how long an outage without a planned end counts as going on, when
// nobody says that it is over: emergency damage is to be repaired within three
// days (ПП РФ 416, point 13; domain.md 1.10).
const OpenEnded = 72 * time.Hour

// Outage is a stop of one resource in some houses. Zero times are unknown, or
// have not come.
type Outage struct {
	ID       int64
	Resource Resource
	Kind     Kind

	From  time.Time // planned beginning; never zero
	To    time.Time // planned end
	Begun time.Time // as it really began
	Ended time.Time // as it really ended
	Off   time.Time // when it was called off

	Source  string // which list or desk told it: power, hot-water, staff; with Key unique in a city
	Key     string // the source's own key
	Org     org.ID // organisation that stopped the resource; "" when the pack does not know it
	OrgText string // as the source names it
	Reason  string
	Noticed time.Time // when the city was told first
	Changed time.Time // when it was told last

	Houses int            // how many
	Areas  []place.AreaID // districts of those houses, by id
	Seq    int64          // 1 when announced, one more with each change
}

// Start is when the resource goes off: as it really did, else as planned.
func (o Outage) Start() time.Time {
	if !o.Begun.IsZero() {
		return o.Begun
	}
	return o.From
}

// End is when the resource is back, known or planned. expected tells that nobody
// promised it: there is no planned end, and the city only stops to believe in
// the outage after OpenEnded.
func (o Outage) End() (end time.Time, expected bool) {
	switch {
	case !o.Ended.IsZero():
		return o.Ended, false
	case !o.Off.IsZero():
		return o.Off, false
	case !o.To.IsZero():
		return o.To, false
	}
	return o.Start().Add(OpenEnded), true
}

// Status is where the outage stands at a moment. Events that somebody told win
// over plans: it is active from the first of them, over only when somebody said
// so or the planned end has passed.
func (o Outage) Status(now time.Time) Status {
	end, _ := o.End()
	switch {
	case !o.Off.IsZero():
		return Cancelled
	case !now.Before(end):
		return Over
	case now.Before(o.Start()):
		return Announced
	}
	return Active
}

// Change is one line of the history of an outage: append-only.
type Change struct {
	Seq    int64
	At     time.Time
	Person int64  // 0: the city itself or an import
	What   string // announced, moved, begun, ended, cancelled, houses, edited, over
	Detail string // what it was before, in words of ours: ids and times only
}

// OutageDraft is an outage as a source tells it. Telling the same again (Source
// and Key) changes what differs and nothing else.
type OutageDraft struct {
	Resource Resource
	Kind     Kind
	From, To time.Time
	Begun    time.Time
	Ended    time.Time
	Source   string
	Key      string
	Org      org.ID
	OrgText  string
	Reason   string
	Noticed  time.Time // zero: now
	Houses   []place.HouseID
}

// OutageFilter narrows the outages of a city; the zero filter takes all that are
// announced or active.
type OutageFilter struct {
	Resource Resource
	Kind     Kind
	Area     place.AreaID // district
	Org      org.ID
	Over     bool // those over within RecentDays too
	After    int64
	Limit    int // 0: 100; at most 500
}

// RecentDays is how long an outage that is over is still shown at its houses.
const RecentDays = 30

func (f OutageFilter) takes(o Outage) bool {
	return (f.Resource == "" || o.Resource == f.Resource) && (f.Kind == "" || o.Kind == f.Kind) &&
		(f.Org == "" || o.Org == f.Org) && (f.Area == "" || slices.Contains(o.Areas, f.Area))
}
