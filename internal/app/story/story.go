// Package story plays the invented life of a pack: its scenes are sent through
// the city's own commands, step by step, under a clock that begins weeks ago
// and ends now. It makes the demo, and the worlds of browser tests.
package story

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"gorod/internal/city/media"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// Player plays scenes into a city.
type Player struct {
	City     place.City
	Problems *problem.Service
	Media    *media.Service
	Staff    map[string]resident.Person // by login
	Photos   fs.FS                      // the pack's photos/
	// Between, when not nil, is called after each step with the moment that has
	// come: to do the jobs that are due.
	Between func(ctx context.Context, now time.Time) error
	// Advise, when not nil, is asked before each message which topics its author
	// would have been shown, so that the statistics of suggestions tell of the
	// model that the city has. Without it nothing was offered.
	Advise func(ctx context.Context, in suggest.Input) (suggest.Advice, error)
}

// step is one act of a scene at its moment.
type step struct {
	at    time.Time
	scene *scene
	act   pack.Act // Do is "send" for the first
	join  int      // number of the joiner, for "join"
}

type scene struct {
	pack.Scene
	problem int64
	failed  bool
}

// Play plays every step that lies before now, in the order of time. A step that
// the city refuses ends its scene and is returned among the errors; a failure
// of the machine ends the play.
func (p *Player) Play(ctx context.Context, scenes []pack.Scene, now time.Time) (played int, refused []error, err error) {
	steps, err := p.timeline(scenes, now)
	if err != nil {
		return 0, nil, err
	}
	for _, s := range steps {
		if s.scene.failed {
			continue
		}
		clock := s.at
		service := p.Problems.Under(p.Problems.DB.At(func() time.Time { return clock }))
		err := p.do(ctx, service, s)
		var refusal *refusal
		switch {
		case errors.As(err, &refusal):
			s.scene.failed = true
			refused = append(refused, err)
		case err != nil:
			return played, refused, fmt.Errorf("scene %s, %s: %w", s.scene.Key, s.act.Do, err)
		default:
			played++
		}
		if p.Between != nil {
			if err := p.Between(ctx, s.at); err != nil {
				return played, refused, err
			}
		}
	}
	return played, refused, nil
}

// timeline lays the steps of all scenes in order.
func (p *Player) timeline(scenes []pack.Scene, now time.Time) ([]step, error) {
	var steps []step
	for i := range scenes {
		sc := &scene{Scene: scenes[i]}
		at, err := p.moment(sc.Day, sc.Time, now)
		if err != nil {
			return nil, fmt.Errorf("scene %s: %w", sc.Key, err)
		}
		steps = append(steps, step{at: at, scene: sc, act: pack.Act{Do: "send"}})
		joined := false
		for j, act := range sc.Then {
			wait, err := pack.ParseWait(act.After)
			if err != nil {
				return nil, fmt.Errorf("scene %s, step %d: %w", sc.Key, j+1, err)
			}
			at = at.Add(wait)
			steps = append(steps, step{at: at, scene: sc, act: act})
			if act.Do == "accept" && !joined {
				joined = true
				for n := range sc.Joined {
					steps = append(steps, step{at: at.Add(time.Duration(n+1) * 37 * time.Minute), scene: sc, act: pack.Act{Do: "join"}, join: n + 1})
				}
			}
		}
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return !s.at.Before(now) })
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	return steps, nil
}

// moment is a time of the city's clock so many days from today.
func (p *Player) moment(day int, clock string, now time.Time) (time.Time, error) {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time of the day", clock)
	}
	today := now.In(p.City.Zone)
	return time.Date(today.Year(), today.Month(), today.Day()+day, t.Hour(), t.Minute(), 0, 0, p.City.Zone), nil
}

// refusal is a step that the city would not do.
type refusal struct {
	scene, do string
	err       error
}

// Error names the scene, so that its author finds the line.
func (r *refusal) Error() string { return fmt.Sprintf("scene %s, %s: %v", r.scene, r.do, r.err) }

// Unwrap gives the reason.
func (r *refusal) Unwrap() error { return r.err }

func (p *Player) do(ctx context.Context, service *problem.Service, s step) error {
	c, who, err := p.command(ctx, s)
	if err != nil {
		return err
	}
	order := problem.Order{Problem: s.scene.problem, Command: c, Key: fmt.Sprintf("story-%s-%d-%s-%d", s.scene.Key, s.at.Unix(), s.act.Do, s.join)}
	done, err := service.Do(ctx, who, order)
	if err != nil {
		return &refusal{s.scene.Key, s.act.Do, err}
	}
	s.scene.problem = done.Problem
	return nil
}

// command says what a step is and who does it.
func (p *Player) command(ctx context.Context, s step) (problem.Command, resident.Who, error) {
	author := resident.Who{City: p.City.ID, Problem: s.scene.problem}
	photos, err := p.upload(ctx, s)
	if err != nil {
		return nil, author, err
	}
	switch s.act.Do {
	case "send":
		c, err := p.send(ctx, s, photos)
		return c, resident.Who{City: p.City.ID}, err
	case "join":
		key := fmt.Sprintf("story-neighbour-%d", s.join)
		return problem.Join{Key: problem.JoinKey(resident.Who{}, key)}, resident.Who{City: p.City.ID}, nil
	case "withdraw":
		return problem.Withdraw{}, author, nil
	case "reply":
		return problem.Reply{Text: s.act.Text, Photos: photos}, author, nil
	case "confirm":
		return problem.Confirm{}, author, nil
	case "dispute":
		return problem.Dispute{Text: s.act.Text, Photos: photos, Channel: "web"}, author, nil
	case "close_auto":
		return problem.CloseSilently{}, resident.Machine(p.City.ID), nil
	}
	person, ok := p.Staff[s.act.By]
	if !ok {
		return nil, author, fmt.Errorf("no member of staff has the login %q", s.act.By)
	}
	c, err := staffCommand(s, photos, person)
	return c, person.Who(p.City.ID), err
}

func staffCommand(s step, photos []int64, person resident.Person) (problem.Command, error) {
	a := s.act
	switch a.Do {
	case "accept":
		return problem.Accept{}, nil
	case "change_topic":
		return problem.ChangeTopic{To: a.Topic}, nil
	case "reject":
		return problem.Reject{Clause: a.Clause, Text: a.Text}, nil
	case "ask":
		return problem.Ask{Text: a.Text}, nil
	case "request_redirect":
		return problem.RequestRedirect{To: a.To, Reason: cmp.Or(a.Reason, a.Text)}, nil
	case "redirect":
		return problem.Redirect{Executor: a.To, Reason: cmp.Or(a.Reason, a.Text)}, nil
	case "return":
		return problem.SendBack{Text: a.Text}, nil
	case "pass":
		return problem.Pass{}, nil
	case "reopen":
		return problem.Reopen{Text: a.Text}, nil
	case "people_confirm":
		return problem.ConfirmOnSpot{Text: a.Text, Photos: photos}, nil
	case "answer", "interim":
		return answer(s, photos, person)
	}
	return nil, fmt.Errorf("unknown step %q", a.Do)
}

func answer(s step, photos []int64, person resident.Person) (problem.Command, error) {
	give := problem.Give{Outcome: problem.Outcome(cmp.Or(s.act.Outcome, "done")), Text: s.act.Text, Photos: photos,
		Signer: problem.Signer{Position: person.Position["ru"], Name: person.Name, Phone: string(person.Phone)}}
	if s.act.Do == "interim" {
		wait, err := pack.ParseWait(s.act.PlannedIn)
		if err != nil {
			return nil, fmt.Errorf("planned_in: %w", err)
		}
		give.Interim, give.Outcome, give.Planned = true, "", s.at.Add(wait)
	}
	return give, nil
}

func (p *Player) send(ctx context.Context, s step, photos []int64) (problem.Send, error) {
	sc := s.scene
	point := geo.Point{Lat: sc.Lat, Lon: sc.Lon}
	if sc.House != 0 && point == (geo.Point{}) {
		// «Near a house» without a point is at its door.
		err := p.Problems.DB.View(ctx, func(tx *sqldb.Tx) error {
			house, err := p.Problems.Places.HouseIn(tx, p.City.ID, sc.House)
			point = house.Point
			return err
		})
		if err != nil {
			return problem.Send{}, fmt.Errorf("find house %d: %w", sc.House, err)
		}
	}
	beside, err := p.Problems.Places.BesideOf(ctx, p.City.ID, point)
	if err != nil {
		return problem.Send{}, err
	}
	mark := sc.Mark
	if mark == "" {
		mark = place.FreePoint
	}
	chosen := cmp.Or(sc.Chosen, sc.Topic)
	offered, model, err := p.offered(ctx, s, point)
	if err != nil {
		return problem.Send{}, err
	}
	return problem.Send{
		Text: sc.Text, Topic: chosen, Photos: photos, Channel: cmp.Or(sc.Via, "web"),
		Manual: !slices.ContainsFunc(offered, func(o problem.Offer) bool { return o.Topic == chosen }),
		Place:  place.Draft{Point: point, Mark: mark, House: sc.House, Beside: beside},
		Contact: problem.Contact{Stairs: sc.Extra["stairs"], Floor: sc.Extra["floor"], Apartment: sc.Extra["apartment"],
			Phone: sc.Extra["phone"]},
		Offered: offered, Model: model,
	}, nil
}

// offered is what the city's model shows to who writes the message of a scene
// and has set its place.
func (p *Player) offered(ctx context.Context, s step, point geo.Point) ([]problem.Offer, int64, error) {
	if p.Advise == nil {
		return nil, 0, nil
	}
	advice, err := p.Advise(ctx, suggest.Input{Text: s.scene.Text, At: s.at.In(p.City.Zone), Lat: point.Lat, Lon: point.Lon})
	if err != nil {
		return nil, 0, fmt.Errorf("ask which topics are proposed: %w", err)
	}
	offered := make([]problem.Offer, len(advice.Shown))
	for i, o := range advice.Shown {
		offered[i] = problem.Offer{Topic: o.Topic, P: o.P}
	}
	return offered, advice.Model, nil
}

// upload brings the photos of a step to the city, under a draft of their own.
func (p *Player) upload(ctx context.Context, s step) ([]int64, error) {
	names := s.act.Photos
	if s.act.Do == "send" {
		names = s.scene.Photos
	}
	var keys []int64
	for _, name := range names {
		body, err := fs.ReadFile(p.Photos, name)
		if err != nil {
			return nil, fmt.Errorf("read photo: %w", err)
		}
		photo, err := p.Media.Upload(ctx, p.City.ID, fmt.Sprintf("story-%s-%d-%s", s.scene.Key, s.at.Unix(), name), body)
		if err != nil {
			return nil, fmt.Errorf("upload photo %s: %w", name, err)
		}
		keys = append(keys, photo.ID)
	}
	return keys, nil
}

// Staff reads the accounts of a city's staff by login.
func Staff(ctx context.Context, residents *resident.Service, city int64) (map[string]resident.Person, error) {
	chief := resident.Who{City: city, System: true, Roles: []resident.Role{resident.Administrator}}
	byLogin := map[string]resident.Person{}
	after := int64(0)
	for {
		people, err := residents.People(ctx, chief, resident.PeopleFilter{After: after, Limit: 200})
		if err != nil {
			return nil, fmt.Errorf("read staff: %w", err)
		}
		for _, person := range people {
			after = person.ID
			byLogin[person.Login] = person
		}
		if len(people) < 200 {
			return byLogin, nil
		}
	}
}
