package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// period is a stretch of whole days, To excluded.
type period struct {
	key      string
	from, to time.Time
}

// periods are those that the page offers; the first is shown unasked.
func periods(v *visit) []period {
	tomorrow := daysAgo(v, -1)
	today := v.Now.In(v.zone())
	year := time.Date(today.Year(), 1, 1, 0, 0, 0, 0, v.zone())
	return []period{
		{"30", daysAgo(v, 30), tomorrow},
		{"90", daysAgo(v, 90), tomorrow},
		{"year", year, tomorrow},
		{"last", year.AddDate(-1, 0, 0), year},
	}
}

func periodOf(v *visit, q url.Values) period {
	all := periods(v)
	for _, p := range all {
		if p.key == q.Get("period") {
			return p
		}
	}
	return all[0]
}

func (s *Server) statistics(r *http.Request, v *visit) (period, board.Statistics, error) {
	p := periodOf(v, r.URL.Query())
	st, err := s.Board.Statistics(r.Context(), v.City.ID, p.from, p.to)
	return p, st, err
}

func (s *Server) showStats(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	chosen, st, err := s.statistics(r, v)
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	p := view.StatsPage{
		Base: s.base(v, "stats", s.say(v, "stats.title")), Updated: s.say(v, "web.updated", s.ago(v, st.Made)), Totals: totalsOf(st.All),
		ByTopic: byTopic(v, book, st), ByArea: byArea(v, book, st), How: "/about",
		TopicCSV: "/stats/topics.csv?period=" + chosen.key, AreaCSV: "/stats/areas.csv?period=" + chosen.key, JSON: "/stats.json?period=" + chosen.key,
	}
	if len(p.ByTopic) > topicsShown {
		p.ByTopic, p.MoreTopics = p.ByTopic[:topicsShown], p.ByTopic[topicsShown:]
	}
	for _, one := range periods(v) {
		p.Periods = append(p.Periods, view.Option{Value: "/stats?period=" + one.key, Label: s.say(v, "web.period."+one.key), Checked: one.key == chosen.key})
	}
	if p.Months, err = s.months(r, v); err != nil {
		return err
	}
	return s.show(w, p)
}

// monthsShown is how many months back the picture goes.
const monthsShown = 6

// months are the messages of the last months; those of the running one so far.
func (s *Server) months(r *http.Request, v *visit) ([]view.Bar, error) {
	today := v.Now.In(v.zone())
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, v.zone())
	var bars []view.Bar
	var counts []int
	most := 1
	for i := monthsShown - 1; i >= 0; i-- {
		from := first.AddDate(0, -i, 0)
		st, err := s.Board.Statistics(r.Context(), v.City.ID, from, from.AddDate(0, 1, 0))
		if err != nil {
			return nil, err
		}
		if st.All.Received == 0 && len(bars) == 0 {
			continue // before the city began
		}
		most = max(most, st.All.Received)
		counts = append(counts, st.All.Received)
		bars = append(bars, view.Bar{Label: s.say(v, "web.month."+strconv.Itoa(int(from.Month()))), Text: strconv.Itoa(st.All.Received)})
	}
	for i := range bars {
		bars[i].Share = float64(counts[i]) / float64(most)
	}
	return bars, nil
}

func totalsOf(f board.Figures) view.StatsTotals {
	return view.StatsTotals{
		Received: f.Received, Answered: f.Answered, Confirmed: f.Confirmed, Controller: f.Controlled, Silent: f.Silent, Disputed: f.Disputed,
		Rejected: f.Rejected, OverdueNow: f.OverdueNow, OnTimeShare: f.OnTimeShare(), MedianDays: f.Median,
		ReviewHours: f.Checked, DisputeShare: f.DisputedShare(),
	}
}

// topicsShown is how many topics stand on the page before the rest is folded.
const topicsShown = 10

// enough is how many answers a row needs before a share of them is said.
const enough = 5

func rowOf(name, address string, f board.Figures) view.StatsRow {
	row := view.StatsRow{Name: name, URL: address, Received: f.Received, Answered: f.Answered, Median: -1, OnTime: -1, Disputed: -1, Overdue: f.OverdueNow}
	if f.Answered >= enough {
		row.Median, row.Disputed = f.Median, f.DisputedShare()
	}
	if f.Promised >= enough {
		row.OnTime = f.OnTimeShare()
	}
	return row
}

func byTopic(v *visit, book *dictionary, st board.Statistics) []view.StatsRow {
	ids := make([]topic.ID, 0, len(st.ByTopic))
	for id := range st.ByTopic {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b topic.ID) int {
		return cmp.Or(cmp.Compare(st.ByTopic[b].Received, st.ByTopic[a].Received), cmp.Compare(a, b))
	})
	var rows []view.StatsRow
	for _, id := range ids {
		key := strconv.FormatInt(int64(id), 10)
		name := v.text(book.topics[id].Name)
		if name == "" {
			name = "№ " + key
		}
		rows = append(rows, rowOf(name, "/map?topic="+key, st.ByTopic[id]))
	}
	return rows
}

func byArea(v *visit, book *dictionary, st board.Statistics) []view.StatsRow {
	var rows []view.StatsRow
	for _, a := range book.list {
		if f, ok := st.ByDistrict[string(a.ID)]; ok && a.Kind == place.District {
			rows = append(rows, rowOf(v.text(a.Name), areaURL(a.ID), f))
		}
	}
	return rows
}

// statsHead names the columns for programs.
func statsHead(first ...string) []string {
	return append(first, "received", "answered", "promised", "on_time", "median_days", "confirmed_by_resident",
		"confirmed_by_controller", "closed_without_reaction", "disputed", "rejected", "overdue_now")
}

func statsCells(f board.Figures, first ...string) []string {
	for _, n := range []int{f.Received, f.Answered, f.Promised, f.OnTime, f.Median, f.Confirmed, f.Controlled, f.Silent, f.Disputed, f.Rejected, f.OverdueNow} {
		first = append(first, countCell(n))
	}
	return first
}

// statsCSV gives the figures of a period as a table; rows lists them by what
// they are grouped by.
func (s *Server) statsCSV(w http.ResponseWriter, r *http.Request, name string, first []string, rows func(*visit, *dictionary, board.Statistics) [][]string) error {
	v := s.visitOf(r)
	_, st, err := s.statistics(r, v)
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	return sendTable(w, name, append([][]string{statsHead(first...)}, rows(v, book, st)...))
}

func (s *Server) statsTopicsCSV(w http.ResponseWriter, r *http.Request) error {
	return s.statsCSV(w, r, "topics.csv", []string{"topic_id", "topic"}, func(v *visit, book *dictionary, st board.Statistics) (rows [][]string) {
		for _, t := range book.all {
			if f, ok := st.ByTopic[t.ID]; ok {
				rows = append(rows, statsCells(f, strconv.FormatInt(int64(t.ID), 10), v.text(t.Name)))
			}
		}
		return rows
	})
}

func (s *Server) statsAreasCSV(w http.ResponseWriter, r *http.Request) error {
	return s.statsCSV(w, r, "areas.csv", []string{"district_id", "district"}, func(v *visit, book *dictionary, st board.Statistics) (rows [][]string) {
		for _, a := range book.list {
			if f, ok := st.ByDistrict[string(a.ID)]; ok {
				rows = append(rows, statsCells(f, string(a.ID), v.text(a.Name)))
			}
		}
		return rows
	})
}

// figuresBody are figures for programs; a median of null means that there was
// nothing to count.
type figuresBody struct {
	Received    int    `json:"received"`
	Answered    int    `json:"answered"`
	Promised    int    `json:"promised"`
	OnTime      int    `json:"on_time"`
	MedianDays  *int   `json:"median_days"`
	ReviewHours *int   `json:"median_review_hours"`
	Confirmed   int    `json:"confirmed_by_resident"`
	Controlled  int    `json:"confirmed_by_controller"`
	Silent      int    `json:"closed_without_reaction"`
	Disputed    int    `json:"disputed"`
	Rejected    int    `json:"rejected"`
	OverdueNow  int    `json:"overdue_now"`
	TopicID     int64  `json:"topic_id,omitempty"`
	DistrictID  string `json:"district_id,omitempty"`
}

func bodyOf(f board.Figures) figuresBody {
	known := func(n int) *int {
		if n < 0 {
			return nil
		}
		return &n
	}
	return figuresBody{Received: f.Received, Answered: f.Answered, Promised: f.Promised, OnTime: f.OnTime, MedianDays: known(f.Median),
		ReviewHours: known(f.Checked), Confirmed: f.Confirmed, Controlled: f.Controlled, Silent: f.Silent, Disputed: f.Disputed,
		Rejected: f.Rejected, OverdueNow: f.OverdueNow}
}

func (s *Server) statsJSON(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	chosen, st, err := s.statistics(r, v)
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	body := struct {
		From      string        `json:"from"`
		To        string        `json:"to"` // excluded
		All       figuresBody   `json:"all"`
		Topics    []figuresBody `json:"topics"`
		Districts []figuresBody `json:"districts"`
	}{From: chosen.from.Format("2006-01-02"), To: chosen.to.Format("2006-01-02"), All: bodyOf(st.All), Topics: []figuresBody{}, Districts: []figuresBody{}}
	for _, t := range book.all {
		if f, ok := st.ByTopic[t.ID]; ok {
			one := bodyOf(f)
			one.TopicID = int64(t.ID)
			body.Topics = append(body.Topics, one)
		}
	}
	for _, a := range book.list {
		if f, ok := st.ByDistrict[string(a.ID)]; ok {
			one := bodyOf(f)
			one.DistrictID = string(a.ID)
			body.Districts = append(body.Districts, one)
		}
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}
