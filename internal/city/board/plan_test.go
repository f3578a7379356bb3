package board_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/board/boardtest"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// invent fills the board with rows that nobody lived through.
func (b *bench) invent(t *testing.T, rows int) { b.inventOver(t, rows, time.Minute) }

// inventOver puts some time between one row and the next.
func (b *bench) inventOver(t *testing.T, rows int, every time.Duration) {
	t.Helper()
	topics := []topic.Topic{}
	for _, id := range []topic.ID{problemtest.Lamp, problemtest.Pothole} {
		topics = append(topics, topic.Topic{Ref: topic.Ref{ID: id, Version: 1}, Object: 2, Category: 20})
	}
	for id := topic.ID(1000); id < 1100; id++ {
		topics = append(topics, topic.Topic{Ref: topic.Ref{ID: id, Version: 1}, Object: 30 + id%10, Category: 300 + id%40})
	}
	boardtest.Fill(t, b.DB, boardtest.City{ID: problemtest.City, Topics: topics, Districts: []string{"west", "east"}, Municipalities: []string{"m1", "m2", "m3"}, Box: *whole(), Now: b.DB.Now(), Every: every, Zone: time.FixedZone("MSK", 3*3600)}, rows)
}

func TestEveryListAndMapIsReadFromAnIndex(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.invent(t, 6000)
		small := &geo.Box{Min: geo.Point{Lat: 58.3, Lon: 36.90}, Max: geo.Point{Lat: 58.301, Lon: 36.902}}
		day := b.DB.Now().Add(-time.Hour)
		ask := func(name, index string, plan func(*sqldb.Tx) (string, error)) {
			must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
				got, err := plan(tx)
				bad := strings.Contains(got, "Seq Scan on board_fact") || strings.Contains(got, "Seq Scan on board_cluster") || strings.Contains(got, "SCAN f") && !strings.Contains(got, "CO-ROUTINE f") || strings.Contains(got, "AUTOMATIC")
				if tx.Engine() == sqldb.SQLite && !strings.Contains(got, "INDEX "+index) && !strings.Contains(got, index+" ") || bad {
					t.Errorf("%s is read so:\n%s", name, got)
				}
				return err
			}))
		}
		for _, tt := range []struct {
			name, index string
			filter      board.Filter
		}{
			{"everything", "board_new", board.Filter{}},
			{"a later page", "board_new", board.Filter{After: board.Cursor{Created: day.UnixMicro(), Problem: 5}}},
			{"a day", "board_new", board.Filter{From: day}},
			{"a box with many", "board_new", board.Filter{Box: whole()}},
			{"a box with few", "board_cell", board.Filter{Box: small}},
			{"a topic", "board_topic", board.Filter{Topic: 1000}},
			{"a topic, narrowed", "board_topic_standing", board.Filter{Topic: 1000, District: "west", Standing: board.Open, Box: whole()}},
			{"a category", "board_category_standing", board.Filter{Category: 301, Standing: board.Open}},
			{"an object", "board_object", board.Filter{Object: 31, District: "west"}},
			{"a district", "board_district_standing", board.Filter{District: "west", Standing: board.Open}},
			{"a standing", "board_standing", board.Filter{Standing: board.Open}},
			{"a municipality", "board_municipality", board.Filter{Municipality: "m1"}},
			{"what is late", "board_late", board.Filter{Late: true}},
			{"what is late of a topic in a district", "board_late", board.Filter{Late: true, Topic: 1000, District: "west"}},
			{"an object and a standing", "board_object_standing", board.Filter{Object: 31, Standing: board.Solved, District: "west"}},
			{"a house", "board_house", board.Filter{House: 7}},
			{"words", "sqlite_autoindex_board_fact_1", board.Filter{Text: boardtest.Frequent, District: "west"}},
		} {
			ask(tt.name, tt.index, func(tx *sqldb.Tx) (string, error) { return board.Plan(tx, problemtest.City, tt.filter) })
		}
		ask("a map", "PRIMARY KEY", func(tx *sqldb.Tx) (string, error) {
			return board.PlanOfCells(tx, problemtest.City, board.Filter{Box: whole(), Object: 2})
		})
		ask("the days left over", "board_day", func(tx *sqldb.Tx) (string, error) {
			return board.PlanOfRows(tx, problemtest.City, board.Filter{Box: small}, true)
		})
		ask("a map from near", "board_cell", func(tx *sqldb.Tx) (string, error) {
			return board.PlanOfRows(tx, problemtest.City, board.Filter{Box: small}, false)
		})
		ask("rows by their keys", "sqlite_autoindex_board_fact_1", func(tx *sqldb.Tx) (string, error) {
			return board.PlanOfKeys(tx, problemtest.City)
		})
	})
}

func TestAListOfARareCombinationGoesOnWhereItStoppedLooking(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.invent(t, 11_000)
		filter := board.Filter{District: "west", Municipality: "m1", Limit: 100}
		seen := map[int64]bool{}
		pages, stops := 0, 0
		for {
			page := b.list(t, filter)
			if pages == 0 && page.Exact {
				t.Errorf("of 11,000 problems exactly %d are said to fit", page.Total)
			}
			for _, l := range page.Lines {
				if seen[l.Problem] || l.District != "west" {
					t.Fatalf("line %+v", l)
				}
				seen[l.Problem] = true
			}
			if !page.Until.IsZero() {
				stops++
			}
			if pages++; page.Next.Zero() || pages > 100 {
				break
			}
			filter.After = page.Next
		}
		var want int64
		must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) (err error) {
			want, err = sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM board_fact WHERE district = 'west' AND municipality = 'm1'`)
			return err
		}))
		if int64(len(seen)) != want {
			t.Errorf("%d pages with %d stops give %d of %d", pages, stops, len(seen), want)
		}
		filter = board.Filter{District: "west", Municipality: "m1", To: b.DB.Now().Add(-10_800 * time.Minute)}
		if page := b.list(t, filter); !page.Exact {
			t.Errorf("the end of the city is not told: %+v", page)
		}
	})
}
