package view

import "time"

func (s staffTeller) workGroups() []WorkGroup {
	item := func(number int64, address, topic, thumb string, due time.Time) WorkItem {
		return WorkItem{Href: "/staff/work/24017", Number: number, Address: address, Topic: topic, Thumb: thumb, Due: due}
	}
	late := item(23790, "ул. Мостовая, 3", "Не горит фонарь на улице", "/story/lamp-off.svg", s.day(time.November, 24))
	late.Late, late.Joined = 3, 14
	back := item(23851, "Набережная, 5", "Оборван провод освещения", "", s.day(time.November, 26))
	back.Late, back.Return = 1, true
	today := item(23902, "пер. Речной, 8", "Фонарь горит днём", "", s.day(time.November, 27))
	today.Joined = 2
	near := item(24017, "ул. Садовая, 14, у площадки", "Не горит фонарь во дворе", "/story/lamp-off.svg", s.day(time.December, 7))
	near.Left, near.Joined, near.Dispute = 10, 7, true
	planned := item(23655, "ул. Лесная, 2", "Наклонилась опора освещения", "", s.day(time.December, 20))
	planned.Left, planned.Planned = 23, s.day(time.December, 20)
	return []WorkGroup{
		{Name: "late", Count: 2, Items: []WorkItem{late, back}},
		{Name: "today", Count: 1, Items: []WorkItem{today}},
		{Name: "later", Count: 20, Items: []WorkItem{near, planned}},
	}
}

func (s staffTeller) work() []Story {
	tell := func(state string, change func(*WorkListPage)) Story {
		p := WorkListPage{
			Base: s.as("И. Лампин", "work", "/staff/work", "Работа", "executor"), Organisation: "МУП «Горсвет»", Count: 23, Late: 2,
			Filters: []StaffChoice{
				{Label: "Все", Href: "/staff/work", Count: 23, Selected: true}, {Label: "Просрочено", Href: "/staff/work?due=late", Count: 2},
				{Label: "Сегодня", Href: "/staff/work?due=today", Count: 1}, {Label: "Не согласны", Href: "/staff/work?state=disputed", Count: 1},
				{Label: "Обещано", Href: "/staff/work?state=interim", Count: 4}, {Label: "На проверке", Href: "/staff/work?state=review", Count: 3},
				{Label: "Отвечено", Href: "/staff/work?state=answered", Count: 12},
			},
			Topics: []StaffChoice{{Label: "Все темы"}, {Value: "191", Label: "Не горит фонарь во дворе", Count: 9}},
			Areas:  []StaffChoice{{Label: "Весь город"}, {Value: "1", Label: "Заречье", Count: 11}},
			Action: "/staff/work", Clear: "/staff/work", Groups: s.workGroups(), Pager: StaffPager{Later: "/staff/work?after=23655"},
		}
		change(&p)
		return Story{Name: "work list", State: state, Page: p}
	}
	return []Story{
		tell("many", func(*WorkListPage) {}),
		tell("empty", func(p *WorkListPage) {
			p.Groups, p.Filters, p.Topics, p.Areas, p.Pager, p.Count, p.Late = nil, nil, nil, nil, StaffPager{}, 0, 0
		}),
		tell("one", func(p *WorkListPage) {
			p.Groups, p.Count, p.Late, p.Pager = p.Groups[1:2], 1, 0, StaffPager{}
			p.Flash = "Ответ по № 24 017 отправили на проверку"
		}),
		tell("filtered to nothing", func(p *WorkListPage) {
			p.Groups, p.Filtered, p.Count, p.Pager = nil, true, 0, StaffPager{}
			p.Topics[1].Selected = true
		}),
		tell("out of hand", func(p *WorkListPage) {
			review, done := p.Groups[1].Items[0], p.Groups[1].Items[0]
			review.Due, done.Due, done.Answered = time.Time{}, time.Time{}, s.day(time.November, 25)
			p.Groups = []WorkGroup{{Name: "review", Count: 1, Items: []WorkItem{review}}, {Name: "answered", Count: 1, Items: []WorkItem{done}}}
			p.Pager = StaffPager{}
		}),
		tell("long words", func(p *WorkListPage) {
			p.Organisation, p.Groups[0].Items[0].Address, p.Groups[0].Items[0].Topic = staffLongName, staffLongWords, staffLongWords
		}),
	}
}

func (s staffTeller) answer() []Story {
	tell := func(state string, change func(*AnswerPage)) Story {
		p := s.answerPage()
		change(&p)
		return Story{Name: "answer", State: state, Page: p}
	}
	return []Story{
		tell("one", func(*AnswerPage) {}),
		tell("returned", func(p *AnswerPage) {
			p.Returned, p.Answers, p.Disputes = "Приложите фото с того же места, что у жителя.", []StaffAnswer{s.given()}, []StaffVoice{s.disputed()}
			p.Late, p.Left, p.Due.At, p.FirstDue = 2, 0, s.day(time.November, 25), s.day(time.November, 16)
			p.Redirect.Allowed, p.Redirect.Denied = false, "Проблему уже передавали дважды. Напишите контролёру: администрация района Заречье, 22-00-15."
		}),
		tell("error", func(p *AnswerPage) {
			p.Form.Outcome, p.Form.Text, p.Form.Written, p.Form.Planned = "planned", "Сделаем.", 8, "2027-03-01"
			p.Errors = FieldErrors{
				{Name: "planned", Text: "Назовите дату не позже 20 января: дальше перенести нельзя"},
				{Name: "text", Text: "Напишите подробнее: что нашли и что сделаете"},
			}
		}),
		tell("private facts", func(p *AnswerPage) {
			p.Topic, p.TopicWay = "Холодные батареи", "Квартира · Отопление"
			p.Facts = []StaffFact{{Name: "Квартира", Text: "41"}, {Name: "Подъезд", Text: "2"}, {Name: "Телефон", Text: "+7 921 555-41-12"}}
			p.Form.MayInterim, p.Form.NoInterim, p.Form.PhotoNeeded = false, "По этой теме срок не переносится.", false
		}),
		tell("conflict", func(p *AnswerPage) {
			p.Conflict, p.Form.Text, p.Form.Written = s.conflict("/staff/work/24017"), "Заменили лампу.", 15
			p.Conflict.Kept = true
		}),
		tell("long words", func(p *AnswerPage) {
			p.Topic, p.Place.Address, p.Message.Runs = staffLongWords, staffLongWords, []StaffRun{{Text: staffLongWords}}
		}),
		tell("handed over meanwhile", func(p *AnswerPage) {
			p.Conflict, p.ReadOnly = s.conflict("/staff/work/24017"), "Отвечает другая организация: МБУ «Зелёный двор»."
			p.Conflict.Typed, p.Due, p.Left = []StaffFact{{Name: "Что сделали", Text: "Заменили лампу, фонарь работает с вечера 26 ноября."}}, Due{}, 0
		}),
		tell("in review", func(p *AnswerPage) {
			p.Waiting, p.Due, p.Left, p.State.Code, p.Answers = s.before(3*time.Hour), Due{}, 0, "review", []StaffAnswer{s.given()}
			p.Form.MayInterim, p.Redirect.Allowed, p.Redirect.Denied = false, false, "Сейчас передать нельзя."
		}),
		tell("answered", func(p *AnswerPage) {
			p.Answered, p.Due, p.Left, p.State.Code, p.Answers = s.before(30*time.Hour), Due{}, 0, "answered", []StaffAnswer{s.given()}
			p.ReadOnly = "Отвечать на это сообщение сейчас не нужно."
		}),
		tell("no rights", func(p *AnswerPage) {
			p.ReadOnly = "Проблему передали МБУ «Зелёный двор». Отвечать будут они."
		}),
	}
}

func (s staffTeller) answerPage() AnswerPage {
	due := s.due()
	due.At = s.day(time.December, 7)
	return AnswerPage{
		Base: s.as("И. Лампин", "work", "/staff/work/24017", "№ 24 017", "executor"), Command: s.command("/staff/work/24017"), Back: "/staff/work",
		Number: 24017, Href: "/problem/24017", Topic: "Не горит фонарь во дворе", TopicWay: "Двор · Освещение",
		Place: s.place(), State: State{Code: "work", Due: due.At}, Message: s.voice(), Joined: 7, Due: due, Left: 10,
		Feed: []StaffStep{
			{At: s.day(time.November, 23), Text: "Приняли и передали вам по правилу 112", Who: "О. Белова"},
			{At: s.day(time.November, 20), Text: "Житель сообщил"},
		},
		Form: AnswerForm{
			MayInterim: true, PlannedMin: "2026-11-28", PlannedMax: "2027-01-20", PlannedLast: time.Date(2027, 1, 20, 9, 0, 0, 0, time.UTC),
			Templates:   []StaffTemplate{{Code: "lamp", Title: "Заменили лампу", Text: "Заменили лампу, фонарь работает с "}, {Code: "cable", Title: "Ищем обрыв кабеля", Text: "Нашли обрыв кабеля, восстановим до "}},
			TemplateURL: "/staff/work/24017", TextMin: 20, TextMax: 2000, PhotosMax: 5, PhotoNeeded: true,
			Position: "Начальник участка", Name: "И. Б. Лампин", Phone: "22-14-80",
		},
		Redirect: RedirectForm{
			Command: s.command("/staff/work/24017/redirect"), Allowed: true, Until: s.day(time.December, 1),
			Reasons: []StaffTemplate{{Code: "territory", Title: "Не наша территория"}, {Code: "balance", Title: "Не на нашем балансе"}, {Code: "topic", Title: "Не наша тема"}},
		},
	}
}

func (s staffTeller) control() []Story {
	tell := func(state string, change func(*ControllerPage)) Story {
		p := s.controlPage()
		change(&p)
		return Story{Name: "control", State: state, Page: p}
	}
	check := func() *ControlCheck {
		return &ControlCheck{
			Command: s.command("/staff/control/24017"), Number: 24017, Href: "/problem/24017", Topic: "Не горит фонарь во дворе",
			Place: s.place(), Message: s.voice(), Answer: s.given(),
			SetDue: &DueForm{Command: s.command("/staff/control/24017"), Date: "2026-12-08", Min: "2026-11-27"},
		}
	}
	return []Story{
		tell("many", func(*ControllerPage) {}),
		tell("empty", func(p *ControllerPage) {
			p.Items, p.Table, p.Pager, p.ListDownload = nil, nil, StaffPager{}, ""
			for i := range p.Counts {
				p.Counts[i].Count = 0
			}
		}),
		tell("one", func(p *ControllerPage) {
			p.Check, p.Items, p.Pager, p.List = check(), p.Items[2:3], StaffPager{}, "disputed"
			p.Items[0].Current, p.Counts[0].Selected, p.Counts[2].Selected = true, false, true
		}),
		tell("no date known", func(p *ControllerPage) {
			p.List, p.Pager, p.Items = "undated", StaffPager{}, p.Items[:2]
			p.Counts[0].Selected, p.Counts[5].Selected = false, true
			for i, why := range []string{"срока нет: календарь на этот год ещё не утверждён", "срока нет: для темы он не записан"} {
				p.Items[i].Due, p.Items[i].Late, p.Items[i].NoDue, p.Items[i].Unknown = time.Time{}, 0, true, why
			}
		}),
		tell("without an organisation", func(p *ControllerPage) {
			p.List, p.Pager, p.Items, p.Table = "unassigned", StaffPager{}, p.Items[2:], nil
			p.Items[0].Organisation = ""
			p.Counts[0].Selected, p.Counts[4].Selected = false, true
		}),
		tell("people's controller", func(p *ControllerPage) {
			p.List, p.Pager, p.Items, p.Table, p.Whose, p.Organisations = "answered", StaffPager{}, p.Items[2:], nil, nil, nil
			p.Items[0].Due, p.Items[0].Late, p.Items[0].Answered = time.Time{}, 0, s.day(time.November, 25)
			p.Counts = []StaffChoice{{Value: "answered", Label: "можно проверить на месте", Href: "/staff/control?list=answered", Count: 1, Selected: true}}
		}),
		tell("error", func(p *ControllerPage) {
			p.Check = check()
			p.Errors = FieldErrors{{Name: "text", Text: "Напишите, что увидели на месте"}}
		}),
		tell("conflict", func(p *ControllerPage) {
			p.Check, p.Conflict, p.ReadOnly = check(), s.conflict("/staff/control/24017"), "Здесь можно только посмотреть."
			p.Check.SetDue, p.Conflict.Typed = nil, []StaffFact{{Name: "Что увидели на месте", Text: "Фонарь не горит: проверила в субботу после восьми вечера."}}
		}),
		tell("long words", func(p *ControllerPage) {
			p.Items[0].Topic, p.Items[0].Organisation, p.Table[0].Name = staffLongWords, staffLongName, staffLongName
		}),
		tell("no rights", func(p *ControllerPage) {
			p.Check, p.ReadOnly = check(), "Подтвердить решение может народный контролёр этого района."
		}),
	}
}

func (s staffTeller) controlPage() ControllerPage {
	return ControllerPage{
		Base: s.as("Л. Ветрова", "control", "/staff/control", "Контроль", "controller"), Action: "/staff/control", List: "late",
		Areas:         []StaffChoice{{Label: "Весь город"}, {Value: "1", Label: "Заречье"}},
		Organisations: []StaffChoice{{Label: "Все организации"}, {Value: "7", Label: "МУП «Горсвет»"}},
		Whose:         []StaffChoice{{Label: "Администрация Заречья", Selected: true}, {Value: "all", Label: "Все организации"}},
		Counts: []StaffChoice{
			{Value: "late", Label: "просрочено сейчас", Href: "/staff/control?list=late", Count: 9, Selected: true},
			{Value: "soon", Label: "срок сегодня и завтра", Href: "/staff/control?list=soon", Count: 14},
			{Value: "disputed", Label: "ответ не помог", Href: "/staff/control?list=disputed", Count: 5},
			{Value: "repeated", Label: "не согласны снова", Href: "/staff/control?list=repeated", Count: 2},
			{Value: "unassigned", Label: "без исполнителя", Href: "/staff/control?list=unassigned", Count: 3},
			{Value: "undated", Label: "срок неизвестен", Href: "/staff/control?list=undated", Count: 2},
			{Value: "returned", Label: "ответ вернули", Href: "/staff/control?list=returned", Count: 2},
			{Value: "redirected", Label: "передают третий раз", Href: "/staff/control?list=redirected", Count: 1},
		},
		Items: []ControlItem{
			{Href: "/staff/control/23790", Number: 23790, Topic: "Яма на проезжей части", Address: "ул. Мостовая, 3", Organisation: "МУП «Дороги»", Due: s.day(time.November, 13), Late: 14},
			{Href: "/staff/control/23851", Number: 23851, Topic: "Переполнены баки", Address: "пер. Речной, 8", Organisation: "МУП «Чистый город»", Due: s.day(time.November, 24), Late: 3, Turn: 3},
			{Href: "/staff/control/23902", Number: 23902, Topic: "Не горит фонарь во дворе", Address: "ул. Садовая, 14", Organisation: "МУП «Горсвет»", Due: s.day(time.November, 26), Late: 1, Disputes: 2},
		},
		Pager: StaffPager{Later: "/staff/control?after=23902"},
		Table: []ControlRow{
			{Href: "/staff/control?organisation=3", Name: "МУП «Дороги»", Open: 128, Late: 5, Received: 231, Answered: 214, InTime: 81, Median: 9, Disputed: 11, Silent: 60},
			{Href: "/staff/control?organisation=7", Name: "МУП «Чистый город»", Open: 41, Late: 3, Received: 310, Answered: 302, InTime: 94, Median: 3, Disputed: 4, Silent: 120},
			{Href: "/staff/control?organisation=9", Name: "МУП «Горсвет»", Open: 23, Late: 1, Received: 1204, Answered: 1190, InTime: 97, Median: 2, Disputed: 3, Silent: 410},
			{Href: "/staff/control?organisation=12", Name: "УК «Садовая»", Open: 2, InTime: -1, Median: -1, Disputed: -1},
		},
		AllRows: "/staff/control?rows=all#table-title", Rows: 48, ListDownload: "/staff/control-list.csv?list=late",
		Download: "/staff/control.csv",
	}
}
