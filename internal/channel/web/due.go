package web

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/deadline"
	"gorod/internal/city/problem"
	"gorod/internal/platform/locale"
)

// dueOf explains a promised date: the stages, the days that did not count.
func (s *Server) dueOf(v *visit, d problem.Dues, at problem.Moment) view.Due {
	due := view.Due{RuleURL: "/rules", Rule: s.say(v, "web.due_rule")}
	if at != 0 {
		due.At = at.Time()
	}
	var p deadline.Promise
	if len(d.Steps) > 0 {
		if err := json.Unmarshal(d.Steps, &p); err != nil {
			s.log.Error("read steps of a promise", "error", err.Error())
		}
	}
	if at == 0 {
		due.Unknown = s.say(v, "web.due_unknown."+unknownReason(d.Unknown))
	}
	var skipped []deadline.Skipped
	for _, step := range p.Steps {
		due.Steps = append(due.Steps, s.stepOf(v, step))
		skipped = append(skipped, step.Skipped...)
	}
	due.Skipped = s.skippedDays(v, skipped)
	return due
}

func unknownReason(reason string) string {
	switch deadline.Reason(reason) {
	case deadline.NoYear, deadline.Paused:
		return reason
	case deadline.NoTerm, deadline.BadTerm:
	}
	return string(deadline.NoTerm)
}

func (s *Server) stepOf(v *visit, step deadline.Step) view.Step {
	out := view.Step{Name: s.say(v, "web.stage."+string(step.Stage)), From: step.Start, To: step.Due}
	switch step.Term.Unit {
	case deadline.WorkingDays:
		out.Days = step.Term.Amount
	case deadline.CalendarDays:
		out.Term = s.say(v, "web.calendar_days", step.Term.Amount)
	case deadline.Hours:
		out.Term = s.say(v, "web.hours", step.Term.Amount)
	case deadline.Minutes:
		out.Term = s.say(v, "web.minutes", step.Term.Amount)
	}
	return out
}

// skippedDays tells days that did not count, those of one reason in one line:
// «выходные: 21–22 ноября, 28–29 ноября».
func (s *Server) skippedDays(v *visit, days []deadline.Skipped) []string {
	var order []string
	spans := map[string][][2]deadline.Date{}
	for _, d := range days {
		reason := s.skipReason(v, d.Why)
		list := spans[reason]
		if len(list) == 0 {
			order = append(order, reason)
		}
		if n := len(list); n > 0 && d.Date.Since(list[n-1][1]) <= 1 {
			list[n-1][1] = d.Date
		} else {
			list = append(list, [2]deadline.Date{d.Date, d.Date})
		}
		spans[reason] = list
	}
	var lines []string
	for _, reason := range order {
		var parts []string
		for _, span := range spans[reason] {
			parts = append(parts, s.spanText(v, span[0], span[1]))
		}
		lines = append(lines, reason+": "+strings.Join(parts, ", "))
	}
	return lines
}

func (s *Server) skipReason(v *visit, why deadline.Why) string {
	switch why.Kind {
	case deadline.HolidayOff:
		if why.Holiday != "" && v.Lang == locale.RU {
			return why.Holiday
		}
		return s.say(v, "web.skip.holiday")
	case deadline.Declared:
		if why.Note != "" {
			return why.Note
		}
	case deadline.Weekend, deadline.MovedOff, deadline.MarkedOff, deadline.AfterHours, deadline.InPause:
		return s.say(v, "web.skip."+string(why.Kind))
	case deadline.WorkingWeekend, deadline.NoCalendar:
	}
	return s.say(v, "web.skip.day_off")
}

// spanText is a day or several in a row: 21–22 ноября.
func (s *Server) spanText(v *visit, first, last deadline.Date) string {
	now := v.Now.In(v.zone())
	end := locale.Date(v.Lang, last.Start(v.zone()), now)
	if first == last {
		return end
	}
	y1, m1, d1 := first.Civil()
	y2, m2, _ := last.Civil()
	if y1 == y2 && m1 == m2 && v.Lang == locale.RU {
		return strconv.Itoa(d1) + "–" + end
	}
	return locale.Date(v.Lang, first.Start(v.zone()), now) + " – " + end
}

// zone is the city's; UTC before the city is known.
func (v *visit) zone() *time.Location {
	if v.City.Zone == nil {
		return time.UTC
	}
	return v.City.Zone
}

// passed is how much of the promised time has gone, 0 … 1000.
func passed(created, due, now time.Time) int {
	whole := due.Sub(created)
	if whole <= 0 {
		return 1000
	}
	return int(max(0, min(1000, now.Sub(created)*1000/whole)))
}

// workDays counts the working days after the first day up to the last; days of
// years that are not known count as they come, without weekends.
func workDays(rules deadline.Rules, from, to time.Time) int {
	zone := rules.Zone
	if zone == nil {
		zone = time.UTC
	}
	n := 0
	last := deadline.DateOf(to, zone)
	for d := deadline.DateOf(from, zone).AddDays(1); !d.After(last); d = d.AddDays(1) {
		working, known := rules.Calendar.Working(d)
		if !known {
			working = d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		}
		if working {
			n++
		}
	}
	return n
}
