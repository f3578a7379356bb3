package view

import (
	"slices"
	"time"
)

func (s staffTeller) queue(current int) StaffQueue {
	items := []StaffQueueItem{
		{Excerpt: "фонарь у детской площадки", Address: "ул. Садовая, 14", Waiting: 3*time.Hour + 20*time.Minute},
		{Excerpt: "мусор не вывозят, баки полные", Address: "пер. Речной, 8", Waiting: 3*time.Hour + 2*time.Minute},
		{Excerpt: "яма", Address: "ул. Мостовая", Waiting: 2*time.Hour + 58*time.Minute},
		{Excerpt: "лампу заменили, но она мигает", Address: "ул. Лесная, 2", Waiting: 2*time.Hour + 51*time.Minute, Dispute: true},
		{Excerpt: "лёд на крыльце поликлиники", Address: "ул. Садовая, 31", Waiting: 2*time.Hour + 40*time.Minute},
		{Excerpt: "соседи сверлят ночью", Address: "ул. Лесная, 2", Waiting: 2*time.Hour + 12*time.Minute},
		{Excerpt: "сосулька над входом в аптеку, висит прямо над дверью", Address: "Набережная, 5", Waiting: 95 * time.Minute},
	}
	for i := range items {
		items[i].Href = "/staff/moderation/24017"
		items[i].Current = i == current
	}
	return StaffQueue{Items: items, Count: 42, Oldest: items[0].Waiting, More: "/staff/moderation?after=24023"}
}

func (s staffTeller) message() ModerationMessage {
	return ModerationMessage{
		Href: "/staff/moderation/24017", Command: s.command("/staff/moderation/24017"), Number: 24017,
		Received: s.before(3*time.Hour + 20*time.Minute), CheckBy: s.day(time.November, 30),
		Runs: []StaffRun{
			{Text: "Во дворе третий день не горит фонарь у детской площадки, вечером темно. Звоните "},
			{Text: "8 900 555 41 12", Mask: "phone"},
		},
		PublicText: "Во дворе третий день не горит фонарь у детской площадки, вечером темно. Звоните [телефон скрыт]",
		Masked:     []string{"phone"},
		Photos:     []StaffPhoto{{Photo: storyPhoto("a1", "lamp-off", "Тёмный двор, фонарь у площадки не горит", "")}},
		Place:      s.place(),
		Author:     ModerationAuthor{Channel: "phone_app"},
		Topics:     s.topics(),
		Choice:     s.agreed(),
		Similar: []SimilarProblem{{
			ID: "23988", Number: 23988, Href: "/problem/23988", Topic: "Не горит фонарь во дворе", Metres: 40, Joined: 6,
			Opened: s.before(49 * time.Hour), State: State{Code: "work", Due: s.day(time.December, 4)}, Excerpt: "не горит фонарь, площадка", Selected: true,
			Percent: 84, Same: []string{"фонарь", "площадка"},
		}, {
			ID: "23410", Number: 23410, Href: "/problem/23410", Topic: "Не горит фонарь во дворе", Metres: 60, Closed: true, Percent: 31, Same: []string{"фонарь"},
			Opened: s.before(30 * 24 * time.Hour), State: State{Code: "closed_author"}, Excerpt: "фонарь погас",
		}},
		Clauses: []StaffTemplate{
			{Code: "3.1", Title: "На фото не видно проблемы", Text: "Не сможем передать: на фото не видно проблемы. Пришлите другое фото: текст сохранили."},
			{Code: "3.2", Title: "Несколько проблем сразу", Text: "В сообщении несколько проблем, а исполнители у них разные. Отправьте, пожалуйста, каждую отдельно: текст сохранили."},
			{Code: "3.3", Title: "Место не совпадает с описанием", Text: "Не поняли, куда ехать: точка на карте и адрес в тексте разные. Поправьте место и отправьте снова."},
			{Code: "3.5", Title: "Тема сейчас закрыта по сезону", Text: "Эти работы ведут с 16 апреля по 15 октября. Напишем вам, когда приём откроется."},
			{Code: "3.7", Title: "Не городской вопрос", Text: "Город этим не управляет. Вот куда обратиться: …"},
			{Code: "4.1", Title: "Оскорбления", Text: "В тексте есть оскорбления. Уберите их, и передадим."},
		},
		Questions: []StaffTemplate{
			{Code: "place", Title: "Где именно?", Text: "Подскажите, где именно это: у какого подъезда или дома рядом?"},
			{Code: "photo", Title: "Нужно фото", Text: "Пришлите, пожалуйста, фото: по нему исполнитель поймёт, что везти."},
			{Code: "since", Title: "Давно ли это?", Text: "Подскажите, сколько дней это продолжается?"},
		},
	}
}

func (staffTeller) agreed() *ModerationChoice {
	return &ModerationChoice{
		Said: "Жителю подсказали 2 темы, взял 1-ю", Judged: true, Agrees: true,
		Offered: []ModerationOffered{{Name: "Не горит фонарь во дворе", Percent: 88, Taken: true}, {Name: "Мало света на детской площадке", Percent: 7}},
	}
}

func (s staffTeller) topics() []ModerationTopic {
	route := StaffRoute{
		Executor: "МУП «Горсвет»", Coordinator: "Комитет по благоустройству", Controller: "Администрация района Заречье",
		Due: s.due(), Rule: "112", RuleText: "освещение дворов, весь город", RunnerUp: "УК «Садовая»",
		RunnerWhy: "если фонарь стоит на балансе дома",
	}
	play := route
	play.Executor, play.Rule, play.RuleText, play.RunnerUp, play.RunnerWhy = "МБУ «Зелёный двор»", "118", "детские площадки, район Заречье", "", ""
	entrance := route
	entrance.Executor, entrance.Rule, entrance.RuleText, entrance.RunnerUp, entrance.RunnerWhy = "УК «Садовая»", "204", "содержание дома, управляющая компания", "", ""
	return []ModerationTopic{
		{Code: "191", Name: "Не горит фонарь во дворе", Path: "Двор · Освещение", Rank: 1, Percent: 91, Sure: "скорее всего", Bar: Bar{Share: 0.91}, Author: true, Selected: true, Route: route, Because: []string{"фонарь", "не горит", "здесь уже сообщали: «Не горит фонарь во дворе»", "обычно для этих дней и часов"}},
		{Code: "187", Name: "Мало света на детской площадке", Path: "Двор · Благоустройство", Rank: 2, Percent: 5, Sure: "вряд ли", Bar: Bar{Share: 0.05}, Route: play, Because: []string{"детской площадки", "темно"}},
		{Code: "24", Name: "Не горит свет у входа", Path: "Дом · Содержание дома", Rank: 3, Percent: 2, Sure: "вряд ли", Bar: Bar{Share: 0.02}, Route: entrance, Because: []string{"не горит", "вечером"}},
	}
}

func (s staffTeller) moderation() []Story {
	page := func(change func(*ModerationPage)) ModerationPage {
		message := s.message()
		p := ModerationPage{
			Base:  s.moderator("moderation", "/staff/moderation/24017", "Модерация"),
			Queue: s.queue(0), Today: 138, Mean: 11 * time.Second, Message: &message,
		}
		change(&p)
		return p
	}
	tell := func(state string, change func(*ModerationPage)) Story {
		return Story{Name: "moderation", State: state, Page: page(change)}
	}
	return []Story{
		tell("many", func(*ModerationPage) {}),
		tell("empty", func(p *ModerationPage) { p.Message, p.Queue = nil, StaffQueue{} }),
		tell("one", func(p *ModerationPage) {
			p.Queue.Items, p.Queue.Count, p.Queue.More = p.Queue.Items[:1], 1, ""
			p.Message.Similar, p.Message.Photos, p.Message.Topics = nil, nil, nil
			p.Today, p.Mean = 0, 0
			p.Message.Author = ModerationAuthor{Channel: "operator", Sent: 12, Accepted: 10, Rejected: 2, Today: 4}
			p.Message.Facts = []StaffFact{{Name: "Квартира", Text: "41"}, {Name: "Телефон", Text: "+7 921 ••• 41 12"}}
		}),
		tell("reject", func(p *ModerationPage) {
			p.Open = "reject"
			p.Message.Clauses[0].Selected = true
			p.Flash = "Приняли № 24 016, передали: УК «Садовая»"
		}),
		tell("the author reads English", func(p *ModerationPage) {
			p.Open, p.Message.AuthorReads = "reject", "Автор читает по-английски: отправим английский текст, перевод стоит под ним."
			for i, c := range p.Message.Clauses {
				p.Message.Clauses[i].Own, p.Message.Clauses[i].Lang, p.Message.Clauses[i].Text = c.Text, "en", "We cannot pass this on yet. Send it again: your text is kept."
			}
			last := &p.Message.Clauses[len(p.Message.Clauses)-1]
			last.Text, last.Own, last.Lang, last.Untranslated = last.Own, "", "", true
			p.Message.Clauses[0].Selected, last.Selected = true, false
		}),
		tell("duplicate", func(p *ModerationPage) { p.Open = "duplicate" }),
		tell("search", func(p *ModerationPage) {
			p.Message.TopicQuery, p.Message.TopicFound = "свет", 2
			found := slices.Clone(p.Message.Topics[1:])
			for i := range found {
				found[i].Percent, found[i].Rank, found[i].Because, found[i].Found = 0, 0, nil, true
			}
			found[0].Name, found[1].Name = "Не горит светофор", "Нет света в подъезде"
			found[0].Code, found[1].Code = "301", "22"
			p.Message.Topics = append(p.Message.Topics, found...)
		}),
		tell("dispute", func(p *ModerationPage) {
			answer := s.given()
			p.Message.Disputed, p.Message.Runs, p.Message.Masked = &answer, s.disputed().Runs, nil
			p.Queue = s.queue(3)
		}),
		tell("error", func(p *ModerationPage) {
			p.Open = "reject"
			p.Errors = FieldErrors{{Name: "clause", Text: "Выберите пункт правил: автор должен знать, что поправить"}}
		}),
		tell("conflict", func(p *ModerationPage) {
			p.Conflict, p.ReadOnly = s.conflict("/staff/moderation/24017"), "Это сообщение уже не ждёт проверки."
			p.Conflict.Typed = []StaffFact{{Name: "Отклонить, пункт 3.3", Text: "Не поняли, куда ехать: точка стоит посреди реки. Поправьте место и отправьте снова."}}
			p.Message.Decided = s.decided()
		}),
		tell("long words", func(p *ModerationPage) {
			p.Message.Runs = []StaffRun{{Text: staffLongWords + ". " + staffLongWords}}
			p.Message.Place.Address, p.Queue.Items[0].Excerpt = staffLongWords, staffLongWords
			p.Message.Topics[0].Name, p.Message.Topics[0].Route.Executor = staffLongWords, staffLongName
			p.Message.Photos = append(p.Message.Photos, p.Message.Photos[0], StaffPhoto{Photo: storyPhoto("a2", "lamp-on", "Фонарь", ""), Hidden: true})
		}),
		tell("the model does not know", func(p *ModerationPage) {
			p.Message.Choice = &ModerationChoice{Said: "Подсказок не было: житель выбрал тему сам", Judged: true, Lost: true}
			p.Message.Topics[0].Author, p.Message.Topics[0].Selected = false, false
			p.Message.Topics[0].Percent, p.Message.Topics[0].Sure, p.Message.Topics[0].Bar = 9, "вряд ли", Bar{Share: 0.09}
			p.Message.Topics[1].Percent, p.Message.Topics[1].Bar = 0, Bar{Share: 0.004}
			p.Message.Topics[2].Author, p.Message.Topics[2].Selected = true, true
		}),
		tell("the model thinks otherwise", func(p *ModerationPage) {
			p.Message.Choice = &ModerationChoice{
				Said: "Житель выбрал сам, хотя подсказали 2 темы", Judged: true, Answered: "Двор",
				Offered: []ModerationOffered{{Name: "Не горит фонарь во дворе", Percent: 58}, {Name: "Мало света на детской площадке", Percent: 21}},
			}
			p.Message.Topics[0].Author, p.Message.Topics[0].Selected = false, false
			own := p.Message.Topics[2]
			own.Code, own.Name, own.Rank, own.Percent, own.Because, own.Author, own.Selected = "301", "Не горит светофор", 0, 0, nil, true, true
			p.Message.Topics = append(p.Message.Topics, own)
		}),
		tell("what was noticed", func(p *ModerationPage) {
			p.Message.Findings = ModerationFindings{
				Danger: []string{"оголённые провода", "кто-то пострадал"}, Obscene: []string{"В тексте есть мат"},
				Parts: []string{"не горит фонарь у детской площадки", "и ещё мусор не вывозят третий день"},
			}
			p.Message.Choice = &ModerationChoice{Said: "Подсказок не было: житель выбрал тему сам"}
			p.Message.Questions = append([]StaffTemplate{{Code: "split", Title: "О какой проблеме речь?", Text: "В сообщении, похоже, несколько проблем, а исполнители у них разные.", Selected: true}}, p.Message.Questions...)
		}),
		tell("decided", func(p *ModerationPage) {
			p.ReadOnly, p.Message.Decided = "Это сообщение уже не ждёт проверки.", s.decided()
		}),
		tell("nobody to write to", func(p *ModerationPage) { p.Message.Unreached, p.Open = true, "ask" }),
	}
}

func (s staffTeller) decided() *StaffOutcome {
	return &StaffOutcome{State: State{Code: "work", LateDays: 19, Due: s.day(time.November, 3)}, Executor: "МУП «Горсвет»", Href: "/staff/problem/24017"}
}

func (s staffTeller) reviewed() ReviewedAnswer {
	return ReviewedAnswer{
		Command: s.command("/staff/answers/24017"), Number: 24017, Href: "/problem/24017",
		Topic: "Не горит фонарь во дворе", Place: s.place(), Due: s.day(time.December, 7), CheckBy: s.day(time.November, 30),
		Message: s.voice(), Answer: s.given(), Joined: 7,
		Returns: []StaffTemplate{
			{Code: "no_photo", Title: "Нет фото после работ", Text: "Приложите фото с того же места, что у жителя."},
			{Code: "other_place", Title: "На фото другое место", Text: "На фото другое место: у жителя видна площадка. Пришлите фото оттуда же."},
			{Code: "no_point", Title: "Не ответили по существу", Text: "Напишите, что сделали и когда. Жителю важно понять, решена ли проблема."},
			{Code: "rude", Title: "Тон", Text: "Перепишите, пожалуйста, вежливее."},
		},
	}
}

func (s staffTeller) review() []Story {
	tell := func(state string, change func(*AnswerReviewPage)) Story {
		answer, queue := s.reviewed(), s.queue(0)
		queue.Count, queue.Items = 7, queue.Items[:5]
		p := AnswerReviewPage{Base: s.moderator("answers", "/staff/answers/24017", "Ответы"), Queue: queue, Answer: &answer}
		change(&p)
		return Story{Name: "answer review", State: state, Page: p}
	}
	return []Story{
		tell("many", func(*AnswerReviewPage) {}),
		tell("empty", func(p *AnswerReviewPage) { p.Answer, p.Queue = nil, StaffQueue{} }),
		tell("one", func(p *AnswerReviewPage) {
			p.Queue.Items, p.Queue.Count, p.Queue.More = p.Queue.Items[:1], 1, ""
			p.Answer.Answer.Photos, p.Answer.Late, p.Answer.Due = nil, 2, s.day(time.November, 25)
			p.Answer.Hints = []string{"Фото после работ нет, хотя тема его требует", "Этот же текст отправили сегодня по 14 проблемам"}
		}),
		tell("dispute", func(p *AnswerReviewPage) {
			earlier := s.given()
			earlier.Returned = "Фото сняты до поломки."
			p.Answer.Earlier, p.Answer.Disputes = []StaffAnswer{earlier}, []StaffVoice{s.disputed()}
		}),
		tell("error", func(p *AnswerReviewPage) {
			p.Open = "return"
			p.Errors = FieldErrors{{Name: "reason", Text: "Выберите причину: исполнитель должен знать, что поправить"}}
		}),
		tell("conflict", func(p *AnswerReviewPage) {
			p.Conflict, p.ReadOnly = s.conflict("/staff/answers/24017"), "Этот ответ уже проверили."
			p.Conflict.Typed = []StaffFact{{Name: "Вернуть", Text: "На фото другое место: у жителя видна площадка."}}
		}),
		tell("long words", func(p *AnswerReviewPage) {
			p.Answer.Topic, p.Answer.Answer.Text, p.Answer.Answer.Organisation = staffLongWords, staffLongWords+" "+staffLongWords, staffLongName
		}),
		tell("no rights", func(p *AnswerReviewPage) {
			p.ReadOnly = "Проверять ответы может модератор, который не работает в этой организации."
		}),
	}
}

func (s staffTeller) coordination() []Story {
	tell := func(state string, change func(*CoordinatorPage)) Story {
		found, queue := s.toAssign(), s.queue(1)
		queue.Count, queue.Items = 5, queue.Items[:5]
		p := CoordinatorPage{
			Base: s.as("В. Громов", "coordination", "/staff/coordination/23871", "Распределение", "coordinator"), Queue: queue, Case: &found,
			Filters: []StaffChoice{{Label: "Все", Href: "/staff/coordination", Count: 5, Selected: true}, {Label: "Просят передать", Href: "/staff/coordination?kind=redirect", Count: 3}, {Label: "Без исполнителя", Href: "/staff/coordination?kind=unassigned", Count: 2}},
		}
		change(&p)
		return Story{Name: "coordination", State: state, Page: p}
	}
	return []Story{
		tell("many", func(*CoordinatorPage) {}),
		tell("empty", func(p *CoordinatorPage) { p.Case, p.Queue, p.Filters = nil, StaffQueue{}, nil }),
		tell("one", func(p *CoordinatorPage) {
			p.Queue.Items, p.Queue.Count, p.Queue.More = p.Queue.Items[1:2], 1, ""
			p.Case.Kind, p.Case.Candidates, p.Case.Rule.Steps, p.Case.Turn = "unassigned", nil, nil, 0
			p.Case.Earlier = nil
		}),
		tell("unasked", func(p *CoordinatorPage) {
			p.Case.Kind, p.Case.Executor, p.Case.Answer, p.Case.AskedBy, p.Case.AskedWhy = "own", "УК «Садовая»", true, "", ""
			p.Case.Candidates[0].Selected = false
		}),
		tell("decided meanwhile", func(p *CoordinatorPage) {
			p.Conflict, p.ReadOnly = s.conflict("/staff/coordination/23871"), "Распределять здесь нечего: проблему уже передали или закрыли."
			p.Conflict.Kept, p.Conflict.Typed = false, []StaffFact{{Name: "Почему так решили", Text: "Баки стоят на городской земле: договор на вывоз у города."}}
		}),
		tell("error", func(p *CoordinatorPage) {
			p.Errors = FieldErrors{{Name: "organisation", Text: "Выберите организацию"}, {Name: "reason", Text: "Объясните решение в двух словах"}}
		}),
		tell("conflict", func(p *CoordinatorPage) {
			p.Conflict, p.Case.Reason = s.conflict("/staff/coordination/23871"), "Баки стоят на городской земле."
			p.Conflict.Kept = true
		}),
		tell("long words", func(p *CoordinatorPage) {
			p.Case.Topic, p.Case.AskedBy, p.Case.Candidates[0].Name = staffLongWords, staffLongName, staffLongName
		}),
		tell("no rights", func(p *CoordinatorPage) {
			p.ReadOnly = "Эту тему распределяет комитет по благоустройству."
		}),
	}
}

func (s staffTeller) toAssign() CoordinatorCase {
	return CoordinatorCase{
		Command: s.command("/staff/coordination/23871"), Kind: "redirect", Number: 23871, Href: "/problem/23871",
		Topic: "Переполнены баки", Place: s.place(), Message: s.voice(), Due: s.day(time.December, 2), Turn: 3,
		AskedBy: "УК «Садовая»", AskedAt: s.before(20 * time.Hour), AskedTo: "МУП «Чистый город»",
		AskedWhy: "Площадка не наша: она стоит на городской земле, договор на вывоз у города.",
		Earlier: []StaffStep{
			{At: s.day(time.November, 20), Text: "МУП «Чистый город» передал: площадка у дома", Who: "В. Громов"},
			{At: s.day(time.November, 18), Text: "Передано по правилу 131: МУП «Чистый город»"},
		},
		Rule: RuleTrace{Version: "2026-11-01", Steps: []RuleStep{
			{Number: "131", Text: "баки на городской земле, район Заречье", Outcome: "МУП «Чистый город»", Fits: true},
			{Number: "140", Text: "баки, весь город", Outcome: "Администрация района Заречье", Less: true},
		}},
		SearchURL: "/staff/coordination/23871",
		Candidates: []OrganisationCandidate{
			{ID: "7", Name: "МУП «Чистый город»", Why: "предлагает исполнитель", Open: 41, Late: 3, Selected: true},
			{ID: "19", Name: "Администрация района Заречье", Why: "следующая по правилам", Open: 5},
			{ID: "12", Name: "ТСЖ «Садовая, 14»", Why: "нашли по названию", Open: 1},
		},
	}
}
