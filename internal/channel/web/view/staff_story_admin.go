package view

import "time"

func (s staffTeller) people() []Story {
	tell := func(state string, change func(*AdminPeoplePage)) Story {
		p := AdminPeoplePage{
			Base: s.admin("/staff/people", "Люди"), Action: "/staff/people", Add: "/staff/people/new", Count: 4, Cleared: "/staff/people",
			Role: []StaffChoice{{Label: "Все"}, {Value: "moderator", Label: "Модератор"}, {Value: "executor", Label: "Исполнитель"}},
			People: []StaffPerson{
				{Href: "/staff/people/1", Name: "Ольга Белова", Login: "belova", Roles: []string{"Модератор"}, Organisation: "Администрация города", Seen: s.before(3 * time.Minute), SecondFactor: true},
				{Href: "/staff/people/2", Name: "Игорь Лампин", Login: "lampin", Roles: []string{"Исполнитель"}, Organisation: "МУП «Горсвет»", Seen: s.before(26 * time.Hour)},
				{Href: "/staff/people/3", Name: "Лидия Ветрова", Login: "vetrova", Roles: []string{"Контролёр", "Координатор"}, Organisation: "Администрация района Заречье", Areas: []string{"Заречье", "Слобода"}, SecondFactor: true},
				{Href: "/staff/people/4", Name: "Пётр Уволин", Login: "uvolin", Organisation: "УК «Садовая»", Seen: s.before(90 * 24 * time.Hour), Blocked: true, SecondFactor: true},
			},
		}
		change(&p)
		return Story{Name: "people", State: state, Page: p}
	}
	return []Story{
		tell("many", func(*AdminPeoplePage) {}),
		tell("empty", func(p *AdminPeoplePage) { p.People, p.Count, p.Query = nil, 0, "ыыы" }),
		tell("one", func(p *AdminPeoplePage) {
			p.Form, p.People[1].Current, p.People[1].SecondFactor = s.personForm(false), true, true
			p.Secret = &OneTimeSecret{Login: "lampin", Password: "река-сокол-41-берёза", Until: s.day(time.November, 30)}
		}),
		tell("new", func(p *AdminPeoplePage) { p.Form = s.personForm(true) }),
		tell("error", func(p *AdminPeoplePage) {
			p.Form = s.personForm(true)
			p.Errors = FieldErrors{{Name: "login", Text: "Такой логин уже есть: выберите другой"}}
		}),
		tell("long words", func(p *AdminPeoplePage) {
			p.People[0].Name, p.People[0].Organisation, p.People[0].Login = staffLongWords, staffLongName, "verkhneobedinennokrasnogvardeyskiy.moderator"
		}),
	}
}

func (s staffTeller) personForm(empty bool) *PersonForm {
	f := &PersonForm{
		Command: s.command("/staff/people/2"), Reset: s.command("/staff/people/2/password"), Block: s.command("/staff/people/2/block"),
		DropSecond: s.command("/staff/people/2/second"), Second: !empty,
		New: empty, Cancel: "/staff/people",
		Roles: []StaffChoice{
			{Value: "moderator", Label: "Модератор", Note: "проверяет сообщения и ответы"}, {Value: "coordinator", Label: "Координатор", Note: "выбирает исполнителя"},
			{Value: "executor", Label: "Исполнитель", Note: "отвечает за свою организацию", Selected: !empty}, {Value: "controller", Label: "Контролёр", Note: "следит за сроками"},
			{Value: "admin", Label: "Администратор", Note: "люди, организации, данные города"},
		},
		Organisations: []StaffChoice{{Label: "—"}, {Value: "7", Label: "МУП «Горсвет»", Selected: !empty}},
		Areas:         []StaffChoice{{Value: "1", Label: "Заречье"}, {Value: "2", Label: "Слобода"}, {Value: "3", Label: "Центр"}},
	}
	if !empty {
		f.Name, f.Login, f.Email, f.Position, f.Phone = "Игорь Лампин", "lampin", "lampin@gorsvet.example", "Начальник участка", "22-14-80"
	}
	return f
}

func (s staffTeller) organisations() []Story {
	tell := func(state string, change func(*AdminOrganisationsPage)) Story {
		p := AdminOrganisationsPage{
			Base: s.admin("/staff/organisations", "Организации"), Action: "/staff/organisations", Count: 3, Cleared: "/staff/organisations",
			Kinds: []StaffChoice{{Label: "Все"}, {Value: "company", Label: "Управляющая компания"}},
			Organisations: []StaffOrganisation{
				{Href: "/staff/organisations/7", Name: "МУП «Горсвет»", Kind: "Предприятие", INN: "7800000017", People: 6, Open: 23, Rules: 14},
				{Href: "/staff/organisations/12", Name: "УК «Садовая»", Kind: "Управляющая компания", INN: "7800000025", Open: 2, Rules: 1},
				{Href: "/staff/organisations/19", Name: "МУП «Фонтаны»", Kind: "Предприятие", INN: "7800000033", People: 1, Closed: true},
			},
		}
		change(&p)
		return Story{Name: "organisations", State: state, Page: p}
	}
	form := func() *OrganisationForm {
		return &OrganisationForm{
			Command: s.command("/staff/organisations/12"), Name: "Управляющая компания «Садовая»", Short: "УК «Садовая»", Kind: "Управляющая компания",
			INN: "7800000025", OGRN: "1027800000025", Address: "ул. Садовая, 2", Phone: "22-31-07", Email: "sadovaya@uk.example",
			Person: "Т. П. Листова", Position: "Директор", Heirs: []StaffChoice{{Label: "—"}, {Value: "7", Label: "МУП «Горсвет»"}},
			Cancel: "/staff/organisations", FromPack: "2026-11-01",
		}
	}
	return []Story{
		tell("many", func(*AdminOrganisationsPage) {}),
		tell("empty", func(p *AdminOrganisationsPage) { p.Organisations, p.Count, p.Query = nil, 0, "ыыы" }),
		tell("one", func(p *AdminOrganisationsPage) { p.Form, p.Organisations[1].Current = form(), true }),
		tell("error", func(p *AdminOrganisationsPage) {
			p.Form = form()
			p.Form.Closed, p.Errors = true, FieldErrors{{Name: "heir", Text: "Выберите, кто примет 2 проблемы"}}
		}),
		tell("conflict", func(p *AdminOrganisationsPage) { p.Form, p.Conflict = form(), s.conflict("/staff/organisations/12") }),
		tell("long words", func(p *AdminOrganisationsPage) { p.Organisations[0].Name = staffLongName }),
	}
}

func (s staffTeller) jobs() []Story {
	tell := func(state string, change func(*AdminJobsPage)) Story {
		all := s.command("/staff/jobs/retry")
		p := AdminJobsPage{
			Base: s.admin("/staff/jobs", "Фоновые задачи"), Count: 3, All: &all,
			Kinds: []JobKind{
				{Name: "notice.send", Title: "Письма и СМС", Waiting: 12, Running: 2, Retry: 1, Dead: 2, Done: 1840, Oldest: 40 * time.Second},
				{Name: "media.thumbnail", Title: "Уменьшение фото", Dead: 1, Done: 412},
				{Name: "board.index", Title: "Поиск", Waiting: 3, Done: 2210, Oldest: 42 * time.Minute, Late: true},
			},
			Dead: []DeadJob{
				{Retry: s.command("/staff/jobs/retry"), Drop: s.command("/staff/jobs/drop"), ID: "981", Name: "notice.send", Title: "Письмо об ответе", About: "№ 24 017", Href: "/problem/24017", Error: "send mail: dial tcp 10.0.0.5:25: connect: connection refused", Attempts: 12, First: s.before(30 * time.Hour), Last: s.before(50 * time.Minute)},
				{Retry: s.command("/staff/jobs/retry"), Drop: s.command("/staff/jobs/drop"), ID: "977", Name: "media.thumbnail", Title: "Уменьшение фото", About: "№ 23 998", Error: "decode photo: unexpected EOF", Attempts: 5, First: s.before(50 * time.Hour), Last: s.before(26 * time.Hour)},
			},
		}
		change(&p)
		return Story{Name: "jobs", State: state, Page: p}
	}
	return []Story{
		tell("many", func(*AdminJobsPage) {}),
		tell("empty", func(p *AdminJobsPage) { p.Kinds, p.Dead, p.Count, p.All = nil, nil, 0, nil }),
		tell("one", func(p *AdminJobsPage) { p.Dead, p.Count = p.Dead[:1], 1 }),
		tell("long words", func(p *AdminJobsPage) {
			p.Dead[0].Error = "deliver webhook: post https://receiver.example/very/long/path/without/any/spaces/0123456789abcdef0123456789abcdef0123456789abcdef: 503 Service Unavailable"
		}),
	}
}

func (s staffTeller) audit() []Story {
	tell := func(state string, change func(*AuditPage)) Story {
		p := AuditPage{
			Base: s.admin("/staff/audit", "Журнал действий"), Action: "/staff/audit", Cleared: "/staff/audit", Download: "/staff/audit.csv",
			What:   []StaffChoice{{Label: "Всё"}, {Value: "role", Label: "Роли и доступ"}},
			Result: []StaffChoice{{Label: "Любой"}, {Value: "denied", Label: "Отказано"}},
			Entries: []AuditEntry{
				{At: s.before(4 * time.Minute), Who: "О. Белова", Role: "модератор", Origin: "10.0.3.•", Act: "Приняла сообщение", Object: "№ 24 017", Href: "/problem/24017", Result: "передано: МУП «Горсвет»"},
				{At: s.before(50 * time.Minute), Who: "И. Лампин", Role: "исполнитель", Origin: "10.0.7.•", Act: "Открыл чужую проблему", Object: "№ 23 851", Denied: true, Result: "отказано"},
				{At: s.before(3 * time.Hour), Who: "К. Соколов", Role: "администратор", Origin: "10.0.1.•", Act: "Выдал новый пароль", Object: "Игорь Лампин", Href: "/staff/people/2", Result: "сделано"},
			},
			Pager: StaffPager{Later: "/staff/audit?before=981"},
		}
		change(&p)
		return Story{Name: "audit", State: state, Page: p}
	}
	return []Story{
		tell("many", func(*AuditPage) {}),
		tell("empty", func(p *AuditPage) { p.Entries, p.Pager, p.Download = nil, StaffPager{}, "" }),
		tell("one", func(p *AuditPage) {
			p.Entries, p.Pager, p.Filtered, p.Person = p.Entries[:1], StaffPager{}, true, "Белова"
		}),
		tell("error", func(p *AuditPage) {
			p.Entries, p.Filtered, p.From, p.To = nil, true, "2026-11-27", "2026-11-20"
			p.Errors = FieldErrors{{Name: "to", Text: "Последний день раньше первого: поменяйте их местами"}}
		}),
		tell("long words", func(p *AuditPage) { p.Entries[0].Object, p.Entries[0].Result = staffLongWords, staffLongName }),
	}
}

func (s staffTeller) pack() []Story {
	tell := func(state string, change func(*AdminPackPage)) Story {
		back := s.command("/staff/pack/back")
		old := PackVersion{Name: "2026-09-15", Loaded: s.day(time.September, 15), Who: "К. Соколов", Used: 47 * 24 * time.Hour}
		p := AdminPackPage{
			Base: s.admin("/staff/pack", "Данные города"), Version: PackVersion{Name: "2026-11-01", Loaded: s.day(time.November, 1), Who: "К. Соколов"},
			Parts: []PackPart{
				{Name: "topics", Rows: 200, Added: 1, Changed: 3, Retired: 2, Detail: []string{"Новая: «Не горит подсветка дома»", "Закрыты: «Фонтан не работает» и ещё одна"}},
				{Name: "areas", Rows: 4}, {Name: "houses", Rows: 1840, Added: 12}, {Name: "organisations", Rows: 61, Changed: 2},
				{Name: "routing", Rows: 312, Added: 4, Changed: 11}, {Name: "terms", Rows: 200, Changed: 3}, {Name: "calendar", Rows: 365},
			},
			Warnings: []string{"topics.csv, строка 118: нет названия на английском, показываем русское"},
			Earlier:  []PackVersion{old, {Name: "2026-06-01", Loaded: s.day(time.June, 1), Who: "Л. Ветрова", Used: 106 * 24 * time.Hour}},
			Back:     &back, BackTo: old,
		}
		change(&p)
		return Story{Name: "pack", State: state, Page: p}
	}
	return []Story{
		tell("many", func(*AdminPackPage) {}),
		tell("one", func(p *AdminPackPage) { p.Back, p.Earlier, p.Warnings = nil, nil, nil }),
		tell("error", func(p *AdminPackPage) {
			p.Errors = FieldErrors{{Name: "sure", Text: "Отметьте, что понимаете последствия"}}
		}),
		tell("alarm", func(p *AdminPackPage) { p.NoCalendar = "2027" }),
		tell("conflict", func(p *AdminPackPage) { p.Conflict = s.conflict("/staff/pack") }),
		tell("long words", func(p *AdminPackPage) { p.Warnings = append(p.Warnings, staffLongWords) }),
	}
}

func (s staffTeller) outbox() []Story {
	tell := func(state string, change func(*OutboxPage)) Story {
		p := OutboxPage{
			Base: s.admin("/staff/outbox", "Что было бы отправлено"), Count: 12,
			Kinds: []StaffChoice{{Label: "Все", Href: "/staff/outbox", Count: 12, Selected: true}, {Label: "Письма", Href: "/staff/outbox?kind=email", Count: 9}, {Label: "СМС", Href: "/staff/outbox?kind=sms", Count: 3}},
			Messages: []OutboxItem{
				{Href: "/staff/outbox/3", Kind: "email", To: "marina@example.org", Subject: "Ответили по № 24 017", At: s.before(5 * time.Minute)},
				{Href: "/staff/outbox/2", Kind: "sms", To: "+7 921 555-41-12", At: s.before(3 * time.Hour)},
				{Href: "/staff/outbox/1", Kind: "email", To: "marina@example.org", Subject: "Получили сообщение № 24 017", At: s.before(4 * time.Hour)},
			},
		}
		change(&p)
		return Story{Name: "outbox", State: state, Page: p}
	}
	letter := func() *OutboxMessage {
		return &OutboxMessage{
			Kind: "email", To: "marina@example.org", From: "gorod@zarechny.example", Subject: "Ответили по № 24 017", At: s.before(5 * time.Minute),
			Lines: []string{"МУП «Горсвет» ответил: заменили лампу и повреждённый кабель, фонарь работает с вечера 26 ноября.", "Если это не так, скажите нам до 17 декабря: вернём в работу."},
			Links: []StaffChoice{{Href: "/problem/24017", Label: "Открыть ответ"}}, Close: "/staff/outbox",
		}
	}
	return []Story{
		tell("many", func(*OutboxPage) {}),
		tell("empty", func(p *OutboxPage) { p.Kinds, p.Messages, p.Count = nil, nil, 0 }),
		tell("one", func(p *OutboxPage) { p.Open, p.Messages[0].Current = letter(), true }),
		tell("long words", func(p *OutboxPage) {
			p.Open, p.Messages[0].Current = letter(), true
			p.Open.Subject, p.Messages[0].Subject = staffLongWords, staffLongWords
		}),
	}
}
