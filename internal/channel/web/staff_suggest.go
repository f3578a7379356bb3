package web

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
)

// suggestAsk is what the statistics of suggestions are narrowed to.
type suggestAsk struct {
	weeks    int
	only     topic.ID
	from, to suggest.Week
}

// suggestWeeks are the stretches that the page offers.
func suggestWeeks() []int { return []int{4, 13, 26, 52} }

const defaultWeeks = 13

func suggestAskOf(v *visit, q url.Values) suggestAsk {
	a := suggestAsk{weeks: int(whole(q.Get("weeks"))), only: topic.ID(whole(q.Get("topic")))}
	if !slices.Contains(suggestWeeks(), a.weeks) {
		a.weeks = defaultWeeks
	}
	a.to = suggest.WeekOf(v.Now.In(v.zone()))
	a.from = a.to - suggest.Week(a.weeks) + 1
	return a
}

// address is a path narrowed to this.
func (a suggestAsk) address(path string) string {
	path += "?weeks=" + strconv.Itoa(a.weeks)
	if a.only != 0 {
		path += "&topic=" + strconv.FormatInt(int64(a.only), 10)
	}
	return path
}

func (s *Server) suggestStatistics(ctx context.Context, v *visit, a suggestAsk) (suggest.Statistics, error) {
	return s.Suggest.Statistics(ctx, v.City.ID, a.from, a.to, a.only, v.Now.In(v.zone()))
}

// showSuggest shows how well topics are proposed.
func (s *Server) showSuggest(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	page, err := s.suggestPage(r.Context(), v, suggestAskOf(v, r.URL.Query()))
	if err != nil {
		return err
	}
	return s.show(w, page)
}

func (s *Server) suggestPage(ctx context.Context, v *visit, a suggestAsk) (view.StaffSuggestPage, error) {
	page := view.StaffSuggestPage{Base: s.staffBase(v, "suggest", "staff_suggest.title"), Weeks: a.weeks, Action: "/staff/suggest",
		WeekCSV: a.address("/staff/suggest/weeks.csv"), TopicCSV: a.address("/staff/suggest/topics.csv"),
		WorseCSV: a.address("/staff/suggest/worse.csv"), ModelCSV: "/staff/suggest/models.csv"}
	st, err := s.suggestStatistics(ctx, v, a)
	if err != nil {
		return page, err
	}
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return page, err
	}
	for _, n := range suggestWeeks() {
		one := a
		one.weeks = n
		page.Periods = append(page.Periods, view.StaffChoice{Label: s.say(v, "staff_suggest.weeks", n), Href: one.address("/staff/suggest"), Selected: n == a.weeks})
	}
	page.Topics = s.suggestTopicsToChoose(v, book, a.only)
	if a.only != 0 {
		page.Topic = strconv.FormatInt(int64(a.only), 10)
	}
	page.Days = [2]time.Time{a.from.Monday(v.zone()), v.Now}
	page.Totals = suggestFigures(st.All)
	page.ByWeek = s.suggestByWeek(v, st)
	page.Right, page.Taken = s.suggestCharts(v, st)
	if a.only == 0 {
		rows := suggestByTopic(v, book, a, st)
		page.ByTopic = rows[:min(len(rows), topicsShown)]
		page.More = rows[len(page.ByTopic):]
		page.Worse = suggestWorse(v, book, a, st.Worse)
	}
	page.Models, err = s.suggestModels(ctx, v)
	if err == nil && st.All.Messages > 0 {
		command := s.plainCommand("/staff/suggest/export", 0)
		page.Export = &command
	}
	return page, err
}

// suggestTopicsToChoose are the topics of the pack, by name.
func (s *Server) suggestTopicsToChoose(v *visit, book *dictionary, only topic.ID) []view.StaffChoice {
	list := make([]view.StaffChoice, 0, len(book.all)+1)
	for _, t := range book.all {
		label := v.text(t.Name) + " — " + t.Path(string(v.Lang), v.City.Main)
		list = append(list, view.StaffChoice{Value: strconv.FormatInt(int64(t.ID), 10), Label: label, Selected: t.ID == only})
	}
	slices.SortFunc(list, func(a, b view.StaffChoice) int { return cmp.Compare(a.Label, b.Label) })
	return append([]view.StaffChoice{{Label: s.say(v, "staff_suggest.all_topics")}}, list...)
}

// percentOf is a share in percent, -1 where there is too little to tell.
func percentOf(part, all int) int {
	if all < enough {
		return -1
	}
	return int(math.Round(float64(part) * 100 / float64(all)))
}

func suggestFigures(f suggest.Figures) view.SuggestFigures {
	return view.SuggestFigures{
		Messages: f.Messages, Offered: f.Offered, Saved: f.Saved, Asked: f.Asked, Judged: f.Judged,
		OfferedShare: percentOf(f.Offered, f.Messages), First: percentOf(f.First, f.Offered), Other: percentOf(f.Other, f.Offered),
		ByHand: percentOf(f.ByHand, f.Offered), Nothing: percentOf(f.Nothing, f.Messages),
		Corrected: percentOf(f.Corrected, f.Messages), CorrectedFirst: percentOf(f.CorrectedFirst, f.First),
		CorrectedOther: percentOf(f.CorrectedOther, f.Other), CorrectedByHand: percentOf(f.CorrectedByHand, f.ByHand),
		CorrectedNothing: percentOf(f.CorrectedNothing, f.Nothing),
		RightFirst:       percentOf(f.RightFirst, f.Judged), RightAny: percentOf(f.RightAny, f.Judged),
		CorrectedCount: f.Corrected, FirstCount: f.First, OtherCount: f.Other, ByHandCount: f.ByHand, NothingCount: f.Nothing,
	}
}

func suggestRow(name, note, href string, f suggest.Figures) view.SuggestRow {
	return view.SuggestRow{Name: name, Note: note, Href: href, SuggestFigures: suggestFigures(f),
		Marks: view.Stretches(f.First, f.Other, f.ByHand, f.Nothing)}
}

// suggestByWeek are the weeks from the newest back to the first with messages.
func (s *Server) suggestByWeek(v *visit, st suggest.Statistics) []view.SuggestRow {
	var rows []view.SuggestRow
	for i, f := range slices.Backward(st.ByWeek) {
		note := ""
		if i == len(st.ByWeek)-1 {
			note = s.say(v, "staff_suggest.unfinished")
		}
		rows = append(rows, suggestRow(s.day(v, (st.From+suggest.Week(i)).Monday(v.zone())), note, "", f))
	}
	for len(rows) > 0 && rows[len(rows)-1].Messages == 0 {
		rows = rows[:len(rows)-1]
	}
	return rows
}

func suggestByTopic(v *visit, book *dictionary, a suggestAsk, st suggest.Statistics) []view.SuggestRow {
	ids := make([]topic.ID, 0, len(st.ByTopic))
	for id := range st.ByTopic {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y topic.ID) int {
		return cmp.Or(cmp.Compare(st.ByTopic[y].Messages, st.ByTopic[x].Messages), cmp.Compare(x, y))
	})
	rows := make([]view.SuggestRow, 0, len(ids))
	for _, id := range ids {
		name, path := topicWords(v, book, id)
		one := a
		one.only = id
		rows = append(rows, suggestRow(name, path, one.address("/staff/suggest"), st.ByTopic[id]))
	}
	return rows
}

// topicWords are the name of a topic and where it stands; one that the pack has
// lost is told by its number.
func topicWords(v *visit, book *dictionary, id topic.ID) (name, path string) {
	t, known := book.topics[id]
	if !known {
		return "№ " + strconv.FormatInt(int64(id), 10), ""
	}
	return v.text(t.Name), t.Path(string(v.Lang), v.City.Main)
}

func suggestWorse(v *visit, book *dictionary, a suggestAsk, drifts []suggest.Drift) []view.SuggestWorse {
	list := make([]view.SuggestWorse, 0, len(drifts))
	for _, d := range drifts {
		name, path := topicWords(v, book, d.Topic)
		one := a
		one.only = d.Topic
		list = append(list, view.SuggestWorse{Name: name, Path: path, Href: one.address("/staff/suggest"),
			Early: percent(d.Early.Share()), EarlyN: d.Early.N, Late: percent(d.Late.Share()), LateN: d.Late.N,
			Least: max(1, int(d.Least*100))})
	}
	return list
}

func percent(share float64) int { return int(math.Round(share * 100)) }

// suggestCharts draw the weeks; nil where fewer than two have enough to tell.
func (s *Server) suggestCharts(v *visit, st suggest.Statistics) (right, taken *view.SuggestChart) {
	weeks := st.ByWeek // from the first with messages on
	for len(weeks) > 0 && weeks[0].Messages == 0 {
		weeks = weeks[1:]
	}
	first := st.To - suggest.Week(len(weeks)) + 1
	line := func(phrase, tone string, part func(suggest.Figures) suggest.Rate) view.SuggestLine {
		points := make([]view.SuggestPoint, len(weeks))
		now := ""
		for i, f := range weeks {
			r := part(f)
			low, high := r.Interval()
			points[i] = view.SuggestPoint{Share: r.Share(), Low: low, High: high, Known: r.N >= enough}
			if points[i].Known {
				now = s.say(v, "home.percent", percent(r.Share()))
			}
		}
		l := view.DrawLine(s.say(v, "staff_suggest."+phrase), tone, points)
		l.Now = now
		return l
	}
	chart := func(title string, lines ...view.SuggestLine) *view.SuggestChart {
		return &view.SuggestChart{Title: s.say(v, "staff_suggest."+title), Lines: lines,
			First: s.day(v, first.Monday(v.zone())), Last: s.day(v, st.To.Monday(v.zone()))}
	}
	enoughWeeks := 0
	for _, f := range weeks {
		if f.Messages >= enough {
			enoughWeeks++
		}
	}
	if enoughWeeks < 2 {
		return nil, nil
	}
	right = chart("share_right",
		line("line_any", "any", func(f suggest.Figures) suggest.Rate { return suggest.Rate{Hits: f.RightAny, N: f.Judged} }),
		line("line_first", "first", func(f suggest.Figures) suggest.Rate { return suggest.Rate{Hits: f.RightFirst, N: f.Judged} }))
	taken = chart("share_taken",
		line("line_took", "first", func(f suggest.Figures) suggest.Rate { return suggest.Rate{Hits: f.First, N: f.Offered} }),
		line("line_hand", "any", func(f suggest.Figures) suggest.Rate { return suggest.Rate{Hits: f.ByHand, N: f.Offered} }))
	return right, taken
}

// modelsShown is how many trainings the page lists.
const modelsShown = 20

// suggestModels are the newest trainings, each with a way back where there is
// one and the reader may take it.
func (s *Server) suggestModels(ctx context.Context, v *visit) ([]view.SuggestModel, error) {
	stored, current, err := s.Suggest.Models(ctx, v.City.ID, modelsShown)
	if err != nil {
		return nil, err
	}
	list := make([]view.SuggestModel, 0, len(stored))
	for _, m := range stored {
		one := view.SuggestModel{Version: m.Version, Made: time.UnixMicro(m.Created), Examples: m.Report.Examples,
			Lessons: m.Report.Lessons, Judged: m.Report.Judged.N, State: modelState(m, current)}
		one.First, one.Three, one.Error = s.tenths(v, m.Report.Judged.Top1), s.tenths(v, m.Report.Judged.Top3), s.tenths(v, m.Report.Judged.ECE)
		if m.Report.Bytes > 0 {
			one.Size = s.say(v, "staff_suggest.megabytes", locale.Decimal(v.Lang, float64(m.Report.Bytes)/(1<<20), 1))
		}
		if rival := m.Report.Champion; rival.N > 0 {
			one.Rival = s.say(v, "staff_suggest.rival", s.tenths(v, rival.Top1), s.tenths(v, rival.Top3))
		}
		if one.State == "kept" && v.Who.Has(resident.Administrator) {
			command := s.plainCommand("/staff/suggest/models/"+strconv.FormatInt(m.Version, 10), 0)
			one.Use = &command
		}
		list = append(list, one)
	}
	return list, nil
}

// modelState is what became of a training.
func modelState(m suggest.Stored, current int64) string {
	switch {
	case m.Version == current:
		return "current"
	case m.Kept:
		return "kept"
	case m.Refused():
		return "refused"
	}
	return "swept"
}

// tenths is a share in percent with one digit after the mark.
func (s *Server) tenths(v *visit, share float64) string {
	return s.say(v, "home.percent", locale.Decimal(v.Lang, share*100, 1))
}

// useModel brings an earlier model back.
func (s *Server) useModel(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	version := whole(r.PathValue("version"))
	again := func(e view.FieldError) error {
		page, err := s.suggestPage(r.Context(), v, suggestAskOf(v, url.Values{}))
		if err != nil {
			return err
		}
		page.Path, page.Errors = "/staff/suggest", view.FieldErrors{e}
		return s.showAgain(w, page)
	}
	if f.get("sure") != "1" {
		return again(view.FieldError{Name: "models", Text: s.say(v, "staff_suggest.use_sure_missing")})
	}
	if err := s.Suggest.Use(r.Context(), v.City.ID, version); err != nil {
		if errors.Is(err, fault.Missing) {
			return again(view.FieldError{Name: "models", Text: s.phraseOf(v, err)})
		}
		return err
	}
	act := resident.Act{Action: modelSwitched, Object: "model:" + strconv.FormatInt(version, 10)}
	if err := s.Residents.AuditNow(r.Context(), v.Who, act, v.From); err != nil {
		return err
	}
	s.flash(w, "staff_suggest.said_used", strconv.FormatInt(version, 10))
	return goTo(w, r, "/staff/suggest#models")
}
