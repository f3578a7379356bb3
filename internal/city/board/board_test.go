package board_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"

	"github.com/paulmach/orb"
)

var kit = sqldbtest.New(append(problemtest.Schema(), board.Migrations())...)

// bench is the test town with its board and the queue between them.
type bench struct {
	*problemtest.Town
	board *board.Service
	queue *job.Runner
}

func each(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		town := problemtest.New(t, db)
		b := &bench{Town: town, board: &board.Service{DB: town.DB, Places: town.Places, Topics: town.Topics, Problems: town.Service}}
		for _, kind := range problem.News() {
			town.Bus.On(kind, board.JobRefresh)
		}
		town.Bus.On(deadline.Passed, board.JobRefresh)
		b.queue = &job.Runner{DB: town.DB, Handlers: map[string]job.Handler{board.JobRefresh: b.board.Refresh}}
		test(t, b)
	})
}

// drain lets the board hear what happened.
func (b *bench) drain(t *testing.T) {
	t.Helper()
	if _, err := b.queue.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		dead, err := job.List(tx, problemtest.City, job.Dead, 10)
		if len(dead) > 0 {
			t.Fatalf("dead letters: %+v", dead)
		}
		return err
	}))
}

// open sends a message as a guest and accepts it.
func (b *bench) open(t *testing.T, m problem.Send) problem.Receipt {
	t.Helper()
	sent := b.Give(t, problemtest.Guest, 0, m)
	b.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
	return sent
}

// answer gives a final answer and passes it.
func (b *bench) answer(t *testing.T, key int64, words string) {
	t.Helper()
	b.Give(t, resident.Machine(problemtest.City), key, problem.Give{Org: "light", Outcome: problem.Done, Text: words})
	b.Give(t, problemtest.Moderator, key, problem.Pass{})
}

func lamp(words string) problem.Send {
	m := problemtest.Message()
	m.Text = words
	return m
}

// eastern is a free point in the district «east».
func eastern() place.Draft {
	return place.Draft{Mark: place.FreePoint, Point: geo.Point{Lat: 58.3050, Lon: 36.9100}}
}

func pothole(words string) problem.Send {
	m := lamp(words)
	m.Topic, m.Photos, m.Place = problemtest.Pothole, []int64{5}, eastern()
	return m
}

func flat(words string) problem.Send {
	m := lamp(words)
	m.Topic, m.Contact = problemtest.Private, problem.Contact{Phone: "2-10-10", Apartment: "12"}
	m.Place = place.Draft{Mark: place.OnBuilding, House: problemtest.House, Point: problemtest.Square}
	return m
}

func (b *bench) list(t *testing.T, f board.Filter) board.Page {
	t.Helper()
	page, err := b.board.List(context.Background(), problemtest.City, f)
	must(t, err)
	return page
}

func numbers(lines []board.Line) []int64 {
	list := []int64{}
	for _, l := range lines {
		list = append(list, l.Number)
	}
	return list
}

func whole() *geo.Box {
	return &geo.Box{Min: geo.Point{Lat: 58.29, Lon: 36.88}, Max: geo.Point{Lat: 58.31, Lon: 36.92}}
}

func TestListsAreNewestFirstAndPagesMeetWithoutAGap(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var want []int64
		for i := range 8 {
			want = append([]int64{b.open(t, lamp("Темно")).Number}, want...)
			if i%3 != 0 { // some come in the same microsecond
				b.Clock.Pass(time.Hour)
			}
		}
		b.drain(t)
		var got []int64
		filter := board.Filter{Limit: 3}
		for range 5 {
			page := b.list(t, filter)
			if filter.After.Zero() && (page.Total != 8 || !page.Exact) {
				t.Errorf("%d in all, exact %v", page.Total, page.Exact)
			}
			got = append(got, numbers(page.Lines)...)
			if page.Next.Zero() {
				break
			}
			filter.After = page.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages give %v, want %v", got, want)
		}
		for _, limit := range []int{0, -5, 8, 1000} {
			if page := b.list(t, board.Filter{Limit: limit}); len(page.Lines) != 8 || !page.Next.Zero() {
				t.Errorf("limit %d gives %d lines, next %+v", limit, len(page.Lines), page.Next)
			}
		}
	})
}

func TestFiltersNarrowListAndMap(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		first := b.open(t, lamp("Во дворе темно, перегорела лампочка")).Number
		b.Clock.Pass(24 * time.Hour)
		day := b.DB.Now()
		pit := b.open(t, pothole("Глубокая яма у перехода")).Number
		b.Clock.Pass(24 * time.Hour)
		m := lamp("Мигает светильник")
		m.Place = place.Draft{Mark: place.FreePoint, Point: problemtest.Square}
		answered := b.open(t, m)
		b.answer(t, answered.Problem, "Починили проводку")
		done := answered.Number
		b.drain(t)
		tests := []struct {
			name   string
			filter board.Filter
			want   []int64
		}{
			{"everything", board.Filter{}, []int64{done, pit, first}},
			{"another form of a word", board.Filter{Text: "лампочки"}, []int64{first}},
			{"the beginning of a word", board.Filter{Text: "светильн"}, []int64{done}},
			{"a word of the topic's name", board.Filter{Text: "фонарей"}, []int64{done, first}},
			{"all words are wanted", board.Filter{Text: "мигает фонарь"}, []int64{done}},
			{"a word of a passed answer", board.Filter{Text: "проводка"}, []int64{done}},
			{"a number", board.Filter{Text: fmt.Sprint(pit)}, []int64{pit}},
			{"an address", board.Filter{Text: "садовая 14"}, []int64{first}},
			{"a word that nobody wrote", board.Filter{Text: "бегемот"}, []int64{}},
			{"only the last word is a beginning", board.Filter{Text: "светильн мигает"}, []int64{}},
			{"signs of the engine's own language", board.Filter{Text: `"фонарь' | & !() OR NOT * : <->`}, []int64{}},
			{"signs alone narrow nothing", board.Filter{Text: `"'|&!()`}, []int64{done, pit, first}},
			{"an object", board.Filter{Object: 2}, []int64{done, pit, first}},
			{"an object that has none", board.Filter{Object: 3}, []int64{}},
			{"a category", board.Filter{Category: 20}, []int64{done, pit, first}},
			{"a topic", board.Filter{Topic: problemtest.Pothole}, []int64{pit}},
			{"a district", board.Filter{District: "west"}, []int64{done, first}},
			{"a house", board.Filter{House: int64(problemtest.House)}, []int64{first}},
			{"a standing", board.Filter{Standing: board.Answered}, []int64{done}},
			{"a standing of an object", board.Filter{Standing: board.Open, Object: 2}, []int64{pit, first}},
			{"a standing that none has", board.Filter{Standing: board.Silent}, []int64{}},
			{"from a moment on", board.Filter{From: day}, []int64{done, pit}},
			{"up to a moment, which is excluded", board.Filter{To: day}, []int64{first}},
			{"between two moments", board.Filter{From: day, To: day.Add(time.Microsecond)}, []int64{pit}},
			{"a box", board.Filter{Box: &geo.Box{Min: geo.Point{Lat: 58.304, Lon: 36.90}, Max: geo.Point{Lat: 58.306, Lon: 36.92}}}, []int64{pit}},
			{"several at once", board.Filter{District: "west", Topic: problemtest.Lamp, From: day}, []int64{done}},
		}
		for _, tt := range tests {
			page := b.list(t, tt.filter)
			if got := numbers(page.Lines); !slices.Equal(got, tt.want) || page.Total != len(tt.want) {
				t.Errorf("%s: list %v, total %d, want %v", tt.name, got, page.Total, tt.want)
			}
			if tt.filter.Box != nil {
				continue // a map has its own
			}
			if onMap := sum(b.spots(t, tt.filter, 14)).Count; onMap != len(tt.want) {
				t.Errorf("%s: %d on the map, want %d", tt.name, onMap, len(tt.want))
			}
		}
		if l := b.list(t, board.Filter{Topic: problemtest.Pothole}).Lines[0]; l.District != "east" || l.Photo != 5 ||
			l.Excerpt != "Глубокая яма у перехода" || l.Status != problem.Work || l.Due.IsZero() {
			t.Errorf("line %+v", l)
		}
	})
}

func TestNothingIsShownThatNotEveryoneMaySee(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.Give(t, problemtest.Guest, 0, lamp("Ждёт модератора: гиппопотам"))
		b.open(t, flat("В квартире холодно: гиппопотам"))
		refused := b.Give(t, problemtest.Guest, 0, lamp("Отказано: гиппопотам"))
		b.Give(t, problemtest.Moderator, refused.Problem, problem.Reject{Clause: "2.1", Text: "гиппопотам"})
		asked := b.Give(t, problemtest.Guest, 0, lamp("Спрошено: гиппопотам"))
		b.Give(t, problemtest.Moderator, asked.Problem, problem.Ask{Text: "Который гиппопотам?"})
		b.drain(t)
		if page := b.list(t, board.Filter{}); page.Total != 0 || len(page.Lines) != 0 {
			t.Errorf("listed %+v", page)
		}
		if found := b.list(t, board.Filter{Text: "гиппопотам"}); found.Total != 0 {
			t.Errorf("found %+v", found.Lines)
		}
		if drawn := b.spots(t, board.Filter{}, 14); len(drawn) != 0 {
			t.Errorf("on the map %+v", drawn)
		}
		must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
			words, err := sqldb.One(tx, sqldb.Int, `SELECT (SELECT count(*) FROM board_search) + (SELECT count(*) FROM board_fact WHERE excerpt <> '')`)
			if words != 0 {
				t.Errorf("the board keeps words of %d problems", words)
			}
			return err
		}))
	})
}

func TestSearchReadsOnlyWhatEveryoneMayRead(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		found := func(words string) int { return b.list(t, board.Filter{Text: words}).Total }
		hidden := b.open(t, lamp("Сосед бегемот не чинит фонарь"))
		b.open(t, lamp("Звоните +7 921 555-12-34, жираф"))
		answered := b.open(t, lamp("Темно"))
		b.Give(t, problemtest.Electrican, answered.Problem, problemtest.Signed("Приедет антилопа"))
		b.drain(t)
		if found("бегемот") != 1 || found("жираф") != 1 {
			t.Error("not found while everyone could read them")
		}
		if n := found("антилопа"); n != 0 {
			t.Errorf("an answer that waits for its review was found %d times", n)
		}
		for _, words := range []string{"+7 921 555-12-34", "9215551234", "555", "921", "79215551234"} {
			if n := found(words); n != 0 {
				t.Errorf("%q was found %d times", words, n)
			}
		}
		for _, l := range b.list(t, board.Filter{}).Lines {
			if strings.Contains(l.Excerpt, "555") {
				t.Errorf("the list shows %q", l.Excerpt)
			}
		}
		state := func(key int64) problem.State {
			c, err := b.FindByID(context.Background(), problemtest.Moderator, key)
			must(t, err)
			return c.State
		}
		b.Give(t, problemtest.Moderator, hidden.Problem, problem.HideText{Text: state(hidden.Problem).Messages[0].Text, Reason: "брань"})
		b.Give(t, problemtest.Moderator, answered.Problem, problem.SendBack{Text: "без антилоп"})
		b.Give(t, problemtest.Electrican, answered.Problem, problemtest.Signed("Приехал страус"))
		b.Give(t, problemtest.Moderator, answered.Problem, problem.Pass{})
		b.drain(t)
		if found("бегемот") != 0 || found("антилопа") != 0 || found("страус") != 1 {
			t.Errorf("hidden text %d, returned answer %d, passed answer %d", found("бегемот"), found("антилопа"), found("страус"))
		}
		for _, l := range b.list(t, board.Filter{}).Lines {
			if l.Number == hidden.Number && l.Excerpt != "" {
				t.Errorf("the problem of a hidden text is listed as %+v", l)
			}
		}
	})
}

func TestAnErasedProblemLosesItsWordsAndStays(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		m := lamp("Пишет бегемот")
		sent := b.Give(t, problemtest.Anna, 0, m)
		b.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		b.drain(t)
		if b.list(t, board.Filter{Text: "бегемот"}).Total != 1 {
			t.Fatal("not found before")
		}
		b.Give(t, problemtest.Anna, sent.Problem, problem.Erase{})
		b.drain(t)
		if b.list(t, board.Filter{Text: "бегемот"}).Total != 0 {
			t.Error("found after the erasure")
		}
		if l := b.list(t, board.Filter{}).Lines; len(l) != 1 || l[0].Excerpt != "" {
			t.Errorf("listed as %+v", l)
		}
	})
}

// second is another city in the same database, of one district and one topic.
const second = 2

func (b *bench) foundSecond(t *testing.T) {
	t.Helper()
	ru := func(s string) map[string]string { return map[string]string{"ru": s} }
	must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		err := b.Places.SaveCityIn(tx, place.City{ID: second, Key: "second", Name: ru("Второй"), Zone: time.UTC, Languages: []string{"ru"}, Main: "ru",
			Bounds: *whole(), Center: problemtest.Square, Settings: place.DefaultSettings()})
		if err != nil {
			return err
		}
		ring := orb.Ring{{36.88, 58.29}, {36.92, 58.29}, {36.92, 58.31}, {36.88, 58.31}, {36.88, 58.29}}
		if err := b.Places.LoadAreas(tx, second, 1, []place.AreaShape{
			{Area: place.Area{ID: "only", Kind: "district", Name: ru("Один")}, Shape: geo.Shape{orb.Polygon{ring}}}}); err != nil {
			return err
		}
		if err := b.Topics.Load(tx, second, 1, []topic.Topic{{Ref: topic.Ref{ID: problemtest.Lamp, Version: 1}, Object: 2, Category: 20,
			ObjectName: ru("Двор"), CategoryName: ru("Свет"), Name: ru("Не горит фонарь"), Widget: topic.NearBuilding, Evidence: topic.NoEvidence,
			Public: true, Open: true}}); err != nil {
			return err
		}
		return b.Places.SwitchIn(tx, second, 1)
	}))
}

func TestTwoCitiesDoNotMix(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		b.foundSecond(t)
		here := b.open(t, lamp("Бегемот"))
		m := lamp("Бегемот")
		m.Place = place.Draft{Mark: place.FreePoint, Point: problemtest.Square}
		there := b.Give(t, resident.Who{City: second}, 0, m)
		b.Give(t, resident.Machine(second), there.Problem, problem.Accept{})
		b.drain(t)
		from, to := month(time.November, 1, time.December, 1)
		for city, want := range map[int64]problem.Receipt{problemtest.City: here, second: there} {
			page, err := b.board.List(ctx, city, board.Filter{Text: "бегемот"})
			must(t, err)
			drawn, err := b.board.Tile(ctx, city, board.Filter{}, 0, 0, 0)
			must(t, err)
			s, err := b.board.Statistics(ctx, city, from, to)
			must(t, err)
			if page.Total != 1 || page.Lines[0].Problem != want.Problem || len(drawn.Spots) != 1 || s.All.Received != 1 {
				t.Errorf("city %d: list %+v, map %+v, received %d", city, page, drawn, s.All.Received)
			}
		}
		must(t, b.board.Rebuild(ctx, second, nil))
		for _, city := range []int64{problemtest.City, second} {
			if list, err := b.board.Verify(ctx, city); err != nil || len(list) > 0 {
				t.Errorf("after a rebuild of one city the board of city %d differs at %v, %v", city, list, err)
			}
		}
	})
}

func TestALineKnowsHowLateItIs(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 12, 8, 21, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		late bool
		now  time.Time
		want int
	}{
		"in time":                        {false, due, 0},
		"nobody told of it yet":          {false, due.Add(time.Second), 0},
		"a moment late":                  {true, due.Add(time.Microsecond), 1},
		"a day and a bit late":           {true, due.Add(25 * time.Hour), 2},
		"told by a clock that runs fast": {true, due.Add(-time.Hour), 1},
	} {
		if got := (board.Line{Late: tt.late, Due: due}).Overdue(tt.now); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
