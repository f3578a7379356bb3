package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
)

// showWatches answers GET /watch: what the visitor subscribed to.
func (s *Server) showWatches(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	p := view.WatchListPage{Base: s.base(v, "cabinet", s.say(v, "watch.title")), New: "/watch/new"}
	p.Path, p.NoIndex = "/watch", true
	if v.Who.ID == 0 {
		p.SignIn = "/signin?back=" + escape("/watch")
		return s.show(w, p)
	}
	list, err := s.Notices.Subscriptions(r.Context(), v.Who)
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	for _, sub := range list {
		where, err := s.whereOf(r.Context(), v, book, sub.Scope)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, view.WatchRow{Name: sub.Name, Where: where, About: s.aboutWatch(v, book, sub),
			Pace: s.say(v, "notice.pace."+string(sub.Pace)), URL: watchURL(sub.ID)})
	}
	return s.show(w, p)
}

func watchURL(id int64) string { return "/watch/" + strconv.FormatInt(id, 10) }

// whereOf is a scope in words.
func (s *Server) whereOf(ctx context.Context, v *visit, book *dictionary, scope notice.Scope) (string, error) {
	switch {
	case scope.House != 0:
		h, err := s.houseByID(ctx, v, scope.House)
		return shortAddress(v, h.Address), err
	case scope.Area != "":
		return v.text(book.areas[scope.Area].Name), nil
	case scope.Radius != 0:
		beside, err := s.Places.BesideOf(ctx, v.City.ID, scope.Center)
		if beside == "" {
			beside = coordinates(scope.Center)
		}
		return s.say(v, "watch.around", scope.Radius, shortAddress(v, beside)), err
	}
	return s.say(v, "watch.outline", len(scope.Ring)), nil
}

// houseByID is house, with the zero house where the pack does not know it any
// more.
func (s *Server) houseByID(ctx context.Context, v *visit, id place.HouseID) (place.House, error) {
	h, err := s.house(ctx, v, id)
	if errors.Is(err, fault.Missing) {
		return place.House{}, nil
	}
	return h, err
}

// aboutWatch says what a subscription tells of.
func (s *Server) aboutWatch(v *visit, book *dictionary, sub notice.Subscription) string {
	var parts []string
	for _, n := range sub.News {
		parts = append(parts, s.say(v, "notice.news."+string(n)))
	}
	about := strings.Join(parts, ", ")
	if n := len(sub.Objects) + len(sub.Topics); n > 0 {
		about += " · " + s.say(v, "watch.chosen", n)
	}
	return about
}

// watchDays is how far back the count of a subscription looks.
const watchDays = 30

const (
	// watchLook bounds how many problems a subscription is compared with.
	watchLook = 1000
	// watchLines is how many problems its page shows, and watchEntries its feed.
	watchLines, watchEntries = 20, 50
)

// matched gives the newest problems of a subscription to a function, until it
// says that it has enough. all tells that none was left out.
func (s *Server) matched(ctx context.Context, v *visit, sub notice.Subscription, from time.Time, each func(board.Line) bool) (all bool, err error) {
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return false, err
	}
	f := board.Filter{House: int64(sub.Scope.House), From: from, Limit: 100}
	if box, ok := sub.Scope.Box(); ok {
		f.Box = &box
	}
	switch area := book.areas[sub.Scope.Area]; area.Kind {
	case place.District:
		f.District = string(area.ID)
	case place.Municipality:
		f.Municipality = string(area.ID)
	}
	if len(sub.Objects) == 1 && len(sub.Topics) == 0 {
		f.Object = sub.Objects[0]
	}
	for looked := 0; looked < watchLook; {
		page, err := s.Board.List(ctx, v.City.ID, f)
		if err != nil {
			return false, err
		}
		for _, l := range page.Lines {
			spot := notice.Spot{Point: l.Point, House: sub.Scope.House, Areas: []place.AreaID{sub.Scope.Area}}
			if sub.Scope.Holds(spot) && sub.Wants(book.topics[l.Topic].Object, l.Topic) && !each(l) {
				return false, nil
			}
		}
		looked += max(len(page.Lines), 1)
		if page.Next.Zero() {
			return true, nil
		}
		f.After = page.Next
	}
	return false, nil
}

// foundBy is what a subscription finds: the newest, and how many in 30 days.
func (s *Server) foundBy(ctx context.Context, v *visit, sub notice.Subscription) (*view.WatchFound, error) {
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return nil, err
	}
	found := &view.WatchFound{}
	if found.Where, err = s.whereOf(ctx, v, book, sub.Scope); err != nil {
		return nil, err
	}
	var newest []board.Line
	if _, err := s.matched(ctx, v, sub, time.Time{}, func(l board.Line) bool {
		newest = append(newest, l)
		return len(newest) < watchLines
	}); err != nil {
		return nil, err
	}
	found.Exact, err = s.matched(ctx, v, sub, v.Now.AddDate(0, 0, -watchDays), func(board.Line) bool {
		found.Count++
		return true
	})
	if err != nil {
		return nil, err
	}
	found.Lines, err = s.linesOf(ctx, v, newest)
	return found, err
}

// watchFeed answers GET /watch/feed/{token}: the newest problems of a
// subscription as Atom. Who has the address may read it.
func (s *Server) watchFeed(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	token := strings.TrimSuffix(r.PathValue("token"), ".atom")
	sub, err := s.Notices.SubscriptionByToken(r.Context(), v.City.ID, token)
	if err != nil {
		return err
	}
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	self := s.Settings.PublicURL + feedURL(sub)
	feed := atomFeed{Lang: string(v.Lang), ID: self, Title: sub.Name + " · " + v.text(v.City.Name), Updated: rfc(v.Now, v), Links: []atomLink{{"self", self}}}
	if _, err := s.matched(r.Context(), v, sub, time.Time{}, func(l board.Line) bool {
		feed.Entries = append(feed.Entries, s.atomOf(n, l))
		return len(feed.Entries) < watchEntries
	}); err != nil {
		return err
	}
	return sendAtom(w, feed)
}

func feedURL(sub notice.Subscription) string { return "/watch/feed/" + sub.Token + ".atom" }

// watchByID answers GET /watch/{id}.
func (s *Server) watchByID(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	sub, err := s.Notices.Subscription(r.Context(), v.Who, whole(r.PathValue("id")))
	if err != nil {
		return err
	}
	p, err := s.watchPage(r, v, sub)
	if err != nil {
		return err
	}
	return s.show(w, p)
}

// newWatch answers GET /watch/new?house=|area=|lat=&lon=&radius=|ring=: a form
// with what the link knows.
func (s *Server) newWatch(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	f := &form{values: r.URL.Query()}
	sub, err := s.watchAsked(r.Context(), v, f)
	if fault.Of(err) == nil && err != nil {
		return err
	}
	sub.News, sub.Pace = []notice.News{notice.NewProblem, notice.AnswerNews, notice.OutageNews}, notice.Daily
	if sub.Scope.House != 0 {
		sub.News = notice.AllNews()
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	if sub.Name, err = s.nameOfWatch(r.Context(), v, book, sub.Scope); err != nil {
		return err
	}
	p, err := s.watchPage(r, v, sub)
	if err != nil {
		return err
	}
	return s.show(w, p)
}

// nameOfWatch proposes a name; empty while the place is not known.
func (s *Server) nameOfWatch(ctx context.Context, v *visit, book *dictionary, scope notice.Scope) (string, error) {
	if scope.House == 0 && scope.Area == "" && scope.Radius == 0 {
		return "", nil
	}
	where, err := s.whereOf(ctx, v, book, scope)
	return cut(where, notice.MaxLabel), err
}

// saveWatch answers POST /watch/new and /watch/{id}: check=1 shows what would be
// found, delete=1 ends the subscription, else it is kept.
func (s *Server) saveWatch(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	id := whole(r.PathValue("id"))
	if id != 0 && f.get("delete") != "" {
		if err := s.Notices.EndSubscription(r.Context(), v.Who, id); err != nil {
			return err
		}
		s.flash(w, "watch.deleted")
		return goTo(w, r, "/watch")
	}
	sub, err := s.watchAsked(r.Context(), v, f)
	sub.ID = id
	if err == nil {
		err = sub.Check()
	}
	if err == nil && f.get("check") == "" {
		if sub.ID, err = s.keepWatch(r.Context(), v, f, sub); err == nil {
			s.flash(w, "watch.saved")
			return goTo(w, r, watchURL(sub.ID))
		}
	}
	errs := s.fields(v, err)
	if err != nil && len(errs) == 0 {
		return err
	}
	p, err := s.watchAgain(r, v, f, sub, errs)
	if err != nil {
		return err
	}
	if len(errs) > 0 {
		return s.showAgain(w, p)
	}
	return s.show(w, p)
}

func (s *Server) keepWatch(ctx context.Context, v *visit, f *form, sub notice.Subscription) (int64, error) {
	if sub.ID != 0 {
		return sub.ID, s.Notices.ChangeSubscription(ctx, v.Who, sub)
	}
	made, err := s.Notices.Subscribe(ctx, v.Who, f.get("key"), sub)
	return made.ID, err
}

// watchAsked reads a subscription from a form or a link. What is wrong with its
// place is a fault at its field; the rest is read all the same.
func (s *Server) watchAsked(ctx context.Context, v *visit, f *form) (notice.Subscription, error) {
	sub := notice.Subscription{Name: f.get("name"), Pace: notice.Pace(f.get("pace"))}
	for _, n := range notice.AllNews() {
		if slices.Contains(f.all("news"), string(n)) {
			sub.News = append(sub.News, n)
		}
	}
	sub.Objects, sub.Topics = topicsIn(f.all("object")), topicsIn(f.all("topic"))
	var err error
	sub.Scope, err = s.scopeAsked(ctx, v, f)
	return sub, err
}

func topicsIn(values []string) []topic.ID {
	var list []topic.ID
	for _, value := range values {
		if id := topic.ID(whole(value)); id > 0 && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}
