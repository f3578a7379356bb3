package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorod/internal/city/house"
	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

// sights tells package notice what may be told to who watches a place.
type sights struct {
	*App
	phrases *locale.Catalog
}

// Sight implements notice.Sights.
func (a sights) Sight(ctx context.Context, e event.Event) (notice.Sight, error) {
	switch {
	case strings.HasPrefix(e.Kind, problem.NewsPrefix):
		return a.ofProblem(ctx, e)
	case e.Kind == house.NewsWritten:
		return a.ofEntry(ctx, e)
	}
	return a.ofOutage(ctx, e)
}

// nothing says that there is nothing to tell.
func nothing() error { return fault.Missing.New("problem.missing") }

// ofProblem tells of a problem that everyone may see: that the city took it (the
// first of its messages), or that it has an answer or an end.
func (a sights) ofProblem(ctx context.Context, e event.Event) (notice.Sight, error) {
	card, err := a.Problems.FindByID(ctx, resident.Machine(e.City), e.Subject)
	if err != nil {
		return notice.Sight{}, err
	}
	i := slices.IndexFunc(card.Feed, func(entry problem.Entry) bool { return entry.Seq == e.Seq })
	if i < 0 || !card.State.Visible() {
		return notice.Sight{}, nothing()
	}
	st := card.State
	s := notice.Sight{Object: st.Object, Topic: st.Topic.ID, Where: st.Place.Address, Path: fmt.Sprintf("/problem/%d", st.Number),
		Spots: []notice.Spot{{Point: st.Place.Point, House: st.Place.House, Areas: st.Place.Areas()}}}
	switch d := card.Feed[i].Data.(type) {
	case problem.Accepted:
		if acceptedBefore(card.Feed[:i]) {
			return s, nothing() // a dispute that is taken up is no new problem
		}
		s.News = notice.NewProblem
	case problem.Passed:
		if st.Answers[d.Answer-1].Interim {
			return s, nothing()
		}
		s.News = notice.AnswerNews
	case problem.Solved, problem.SolvedOnSpot:
		s.News = notice.AnswerNews
	default:
		return s, nothing()
	}
	err = a.DB.View(ctx, func(tx *sqldb.Tx) error {
		t, err := a.Topics.AtIn(tx, e.City, st.Topic)
		s.Title = map[string]string(t.Name)
		return err
	})
	return s, err
}

func acceptedBefore(feed []problem.Entry) bool {
	return slices.ContainsFunc(feed, func(e problem.Entry) bool { _, ok := e.Data.(problem.Accepted); return ok })
}

// ofOutage tells of an outage at all its houses.
func (a sights) ofOutage(ctx context.Context, e event.Event) (notice.Sight, error) {
	o, err := a.Houses.Outage(ctx, e.City, e.Subject)
	if err != nil {
		return notice.Sight{}, err
	}
	s := notice.Sight{News: notice.OutageNews, Path: "/outages", Title: map[string]string{}}
	status := o.Status(a.DB.Now())
	if end, guessed := o.End(); !guessed && (status == house.Announced || status == house.Active) {
		s.Until = end
	}
	for _, lang := range locale.Langs() {
		s.Title[string(lang)] = a.phrases.T(lang, "house.resource."+string(o.Resource)) + ", " + a.phrases.T(lang, "house.status."+string(status))
	}
	for after := place.HouseID(0); ; {
		list, err := a.Houses.HousesOf(ctx, e.City, o.ID, after, housesTogether)
		if err != nil {
			return s, err
		}
		addSpots(&s, list)
		if len(list) < housesTogether {
			return s, nil
		}
		after = list[len(list)-1].ID
	}
}

// housesTogether is how many houses of an outage are read at once.
const housesTogether = 500

func addSpots(s *notice.Sight, houses []place.House) {
	for _, h := range houses {
		areas := place.Place{District: h.District, Municipality: h.Municipality}.Areas()
		s.Spots = append(s.Spots, notice.Spot{Point: h.Point, House: h.ID, Areas: areas})
	}
}

// ofEntry tells of a piece of news at the houses that it is for.
func (a sights) ofEntry(ctx context.Context, e event.Event) (notice.Sight, error) {
	entry, err := a.Houses.Entry(ctx, e.City, e.Subject)
	if err != nil {
		return notice.Sight{}, err
	}
	c, err := a.cityOf(ctx, e.City)
	if err != nil {
		return notice.Sight{}, err
	}
	s := notice.Sight{News: notice.HouseNews, Title: topic.Name{c.Main: entry.Title}, Path: "/company/" + string(entry.Org)}
	return s, a.Houses.HousesOfEntry(ctx, e.City, entry, func(list []place.House) { addSpots(&s, list) })
}

func (a *App) cityOf(ctx context.Context, city int64) (place.City, error) {
	var c place.City
	err := a.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		c, err = a.Places.CityIn(tx, city)
		return err
	})
	return c, err
}
