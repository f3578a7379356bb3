package view

import "time"

func (s staffTeller) suggestFigures(messages, first, other, hand, nothing int) SuggestFigures {
	offered := messages - nothing
	share := func(part, all int) int {
		if all < 5 {
			return -1
		}
		return (200*part + all) / (2 * all)
	}
	wrong := messages / 12
	return SuggestFigures{
		Messages: messages, Offered: offered, Saved: 2 * (first + other), Asked: messages / 14, Judged: offered * 9 / 10,
		OfferedShare: share(offered, messages), First: share(first, offered), Other: share(other, offered), ByHand: share(hand, offered),
		Nothing: share(nothing, messages), Corrected: share(wrong, messages), CorrectedFirst: share(first/20, first),
		CorrectedOther: share(other/6, other), CorrectedByHand: share(hand/5, hand), CorrectedNothing: share(nothing/4, nothing),
		RightFirst: share(offered*81/100, offered), RightAny: share(offered*95/100, offered),
		CorrectedCount: wrong, FirstCount: first, OtherCount: other, ByHandCount: hand, NothingCount: nothing,
	}
}

func (s staffTeller) suggestRow(name, note string, messages, first, other, hand, nothing int) SuggestRow {
	row := SuggestRow{Name: name, Note: note, SuggestFigures: s.suggestFigures(messages, first, other, hand, nothing), Marks: Stretches(first, other, hand, nothing)}
	if note != "" && note != "ещё идёт" {
		row.Href = "/staff/suggest?weeks=13&topic=191"
	}
	return row
}

func (s staffTeller) suggestChart(title, upper, lower string, gap bool) *SuggestChart {
	var first, any []SuggestPoint
	for i, share := range []float64{0.78, 0.8, 0.77, 0.81, 0.82, 0.8, 0.84, 0.83, 0.85, 0.83, 0.86, 0.82, 0.87} {
		known := !gap || i != 4 && i != 6
		first = append(first, SuggestPoint{Share: share, Low: share - 0.05, High: share + 0.04, Known: known})
		any = append(any, SuggestPoint{Share: share + 0.12, Low: share + 0.09, High: min(1, share+0.14), Known: known})
	}
	one, two := DrawLine(upper, "any", any), DrawLine(lower, "first", first)
	one.Now, two.Now = "99 %", "87 %"
	return &SuggestChart{Title: title, Lines: []SuggestLine{one, two}, First: "31 августа", Last: "23 ноября"}
}

func (s staffTeller) suggestPage() StaffSuggestPage {
	export := s.command("/staff/suggest/export")
	export.Problem = ""
	p := StaffSuggestPage{
		Base: s.as("Н. Цифрова", "suggest", "/staff/suggest", "Подсказки", "analyst"), Weeks: 13, Action: "/staff/suggest",
		Periods: []StaffChoice{{Label: "4 недели", Href: "/staff/suggest?weeks=4"}, {Label: "13 недель", Href: "/staff/suggest?weeks=13", Selected: true}, {Label: "26 недель", Href: "/staff/suggest?weeks=26"}, {Label: "52 недели", Href: "/staff/suggest?weeks=52"}},
		Topics:  []StaffChoice{{Label: "Все темы"}, {Value: "191", Label: "Не горит фонарь во дворе — Двор · Освещение"}},
		Days:    [2]time.Time{s.day(time.August, 31), s.day(time.November, 27)},
		Totals:  s.suggestFigures(4812, 3120, 702, 560, 430),
		Right:   s.suggestChart("Точность по неделям", "верная среди показанных", "верна первая", false),
		Taken:   s.suggestChart("Что берут жители, по неделям", "взяли первую", "выбрали сами", true),
		ByWeek: []SuggestRow{
			s.suggestRow("23 ноября", "ещё идёт", 214, 140, 30, 24, 20), s.suggestRow("16 ноября", "", 391, 260, 52, 44, 35),
			s.suggestRow("9 ноября", "", 402, 258, 60, 49, 35), s.suggestRow("2 ноября", "", 3, 1, 1, 1, 0),
		},
		ByTopic: []SuggestRow{
			s.suggestRow("Не горит фонарь во дворе", "Двор · Освещение", 640, 510, 60, 40, 30), s.suggestRow("Переполнены баки", "Двор · Мусор", 410, 300, 50, 30, 30),
			s.suggestRow("Повреждения дорожного покрытия", "Улица · Дороги", 388, 290, 48, 25, 25), s.suggestRow("Соседи шумят ночью", "Дом · Порядок", 4, 1, 1, 1, 1),
		},
		More: []SuggestRow{s.suggestRow("Не работает домофон", "Дом · Содержание дома", 12, 6, 2, 2, 2)},
		Worse: []SuggestWorse{
			{Name: "Снег во дворе", Path: "Двор · Уборка", Href: "/staff/suggest?topic=12", Early: 88, EarlyN: 240, Late: 61, LateN: 92, Least: 13},
		},
		Models: []SuggestModel{
			{Version: 5120, Made: s.before(15 * time.Hour), Size: "9,8 МБ", Examples: 11_240, Lessons: 4_830, Judged: 483, First: "83,4 %", Three: "96,1 %", Error: "1,6 %", Rival: "82,0 % и 95,2 %", State: "current"},
			{Version: 5087, Made: s.before(39 * time.Hour), Examples: 11_190, Lessons: 4_780, Judged: 478, First: "81,2 %", Three: "94,8 %", Error: "2,4 %", Rival: "82,0 % и 95,2 %", State: "refused"},
			{Version: 4990, Made: s.before(9 * 24 * time.Hour), Size: "9,7 МБ", Examples: 10_960, Lessons: 4_550, Judged: 455, First: "82,0 %", Three: "95,2 %", Error: "1,9 %", Rival: "81,6 % и 94,9 %", State: "kept"},
			{Version: 12, Made: s.before(200 * 24 * time.Hour), Size: "5,1 МБ", Examples: 6_410, State: "swept"},
		},
		WeekCSV: "/staff/suggest/weeks.csv", TopicCSV: "/staff/suggest/topics.csv", WorseCSV: "/staff/suggest/worse.csv", ModelCSV: "/staff/suggest/models.csv",
		Export: &export,
	}
	return p
}

func (s staffTeller) suggest() []Story {
	tell := func(state string, change func(*StaffSuggestPage)) Story {
		p := s.suggestPage()
		change(&p)
		return Story{Name: "suggestions", State: state, Page: p}
	}
	byAdmin := func(p *StaffSuggestPage) {
		use := s.command("/staff/suggest/models/4990")
		use.Problem = ""
		p.Base = s.as("К. Соколов", "suggest", "/staff/suggest", "Подсказки", "admin")
		p.Models[2].Use = &use
	}
	return []Story{
		tell("many", func(*StaffSuggestPage) {}),
		tell("administrator", byAdmin),
		tell("error", func(p *StaffSuggestPage) {
			byAdmin(p)
			p.Errors = FieldErrors{{Name: "models", Text: "Отметьте, что понимаете последствия."}}
		}),
		tell("one topic", func(p *StaffSuggestPage) {
			p.Topic, p.Topics[1].Selected = "191", true
			p.ByTopic, p.More, p.Worse = nil, nil, nil
		}),
		tell("one", func(p *StaffSuggestPage) {
			p.Totals = s.suggestFigures(3, 1, 1, 1, 0)
			p.Right, p.Taken, p.Worse, p.More = nil, nil, nil, nil
			p.ByWeek, p.ByTopic, p.Models = p.ByWeek[3:], p.ByTopic[3:], p.Models[3:]
		}),
		tell("empty", func(p *StaffSuggestPage) {
			p.Totals, p.Right, p.Taken, p.ByWeek, p.ByTopic, p.More, p.Worse, p.Models = SuggestFigures{}, nil, nil, nil, nil, nil, nil, nil
			p.Export = nil
		}),
		tell("long words", func(p *StaffSuggestPage) {
			p.ByTopic[0].Name, p.Worse[0].Name, p.Topics[1].Label = staffLongWords, staffLongWords, staffLongWords
		}),
	}
}
