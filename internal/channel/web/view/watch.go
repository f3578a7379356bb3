package view

// WatchListPage is what a person subscribed to.
type WatchListPage struct {
	Base
	SignIn string // where a guest comes in; empty for who is signed in
	New    string // where a subscription is made
	Rows   []WatchRow
}

// Template implements Page.
func (WatchListPage) Template() string { return "watch_list.html" }

// WatchRow is one subscription in the list.
type WatchRow struct {
	Name  string
	Where string
	About string // topics and news, in words
	Pace  string
	URL   string
}

// WatchPage is the form of a subscription and what it finds: GET /watch/new and
// /watch/{id}.
type WatchPage struct {
	Base
	Key       string
	Action    string
	Saved     bool // it exists: it can be changed and deleted
	Errors    FieldErrors
	Name      Field
	By        []Option // how the place is given: house, near, area, ring
	House     string   // id of the house, and what it is called
	HouseName string
	Address   Field
	Lat, Lon  string // of the centre, when it was found already
	Radius    []Option
	Areas     []Option
	Ring      string // corners, as notice.ParseRing reads them
	Style     string // of the map on which an outline is drawn
	Bounds    MapSlot
	Objects   []WatchObject
	News      []Option
	Pace      []Option
	Feed      string // address of the feed
	MapURL    string // the same part of the map; empty where there is none
	Found     *WatchFound
}

// Narrowed tells whether some topics were chosen, or could not be.
func (p WatchPage) Narrowed() bool {
	for _, o := range p.Objects {
		if o.Checked || o.Open {
			return true
		}
	}
	return p.Errors.For("topics") != ""
}

// Template implements Page.
func (WatchPage) Template() string { return "watch.html" }

// WatchObject is a first level of the tree with its topics.
type WatchObject struct {
	Option
	Topics []Option
	Open   bool // some of its topics are chosen
}

// WatchFound is what a subscription finds: how many in 30 days, and the newest.
type WatchFound struct {
	Where string // the place in words
	Count int
	Exact bool
	Lines []Line
}
