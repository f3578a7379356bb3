package view

// watchStories are the subscriptions to places.
func watchStories() []Story {
	list := WatchListPage{Base: storyAt("/watch", "cabinet", "Подписки на места"), New: "/watch/new"}
	list.Who = Who{Name: "Анна С."}
	guest := list
	guest.Who, guest.SignIn = Who{}, "/signin?back=%2Fwatch"
	many := list
	many.Rows = []WatchRow{
		{Name: "Дом", Where: "ул. Садовая, д. 14", About: "новые проблемы, ответы и решения, отключения", Pace: "сразу", URL: "/watch/1"},
		{Name: "Дорога в школу, где вечно нет света и снега по колено", Where: "300 м вокруг: ул. Мостовая, д. 3", About: "новые проблемы · 2 темы", Pace: "раз в неделю, в понедельник", URL: "/watch/2"},
		{Name: "Парк", Where: "участок на карте, 7 точек", About: "новые проблемы", Pace: "не писать: читаю лентой Atom", URL: "/watch/3"},
	}
	return []Story{
		{"subscriptions", "guest", guest},
		{"subscriptions", "empty", list},
		{"subscriptions", "many", many},
		{"subscription", "new", storyWatch(false)},
		{"subscription", "error", storyWatchWrong()},
		{"subscription", "of a house", storyWatch(true)},
	}
}

func storyWatch(saved bool) WatchPage {
	p := WatchPage{Base: storyAt("/watch/new", "cabinet", "Подписка на место"), Key: "k-9", Action: "/watch/new", Saved: saved, Style: "/map/style.json?v=1",
		Address: Field{Name: "address", Label: "Улица и дом"}, Name: Field{Name: "name", Label: "Как назвать подписку", Required: true},
		By:     []Option{{Value: "near", Label: "Место рядом с адресом", Checked: !saved}, {Value: "area", Label: "Район или округ"}, {Value: "ring", Label: "Участок, обведённый на карте"}},
		Radius: []Option{{Value: "100", Label: "100 м вокруг"}, {Value: "300", Label: "300 м вокруг", Checked: true}, {Value: "1000", Label: "1000 м вокруг"}},
		Areas:  []Option{{Value: "zarechye", Label: "Заречье"}, {Value: "podgore", Label: "Подгорье"}},
		News:   []Option{{Value: "new", Label: "новые проблемы", Checked: true}, {Value: "answer", Label: "ответы и решения", Checked: true}, {Value: "outage", Label: "отключения", Checked: true}, {Value: "house", Label: "новости управляющей компании"}},
		Pace:   []Option{{Value: "once", Label: "сразу"}, {Value: "daily", Label: "раз в день, утром", Checked: true}, {Value: "weekly", Label: "раз в неделю, в понедельник"}, {Value: "feed", Label: "не писать: читаю лентой Atom"}},
		Objects: []WatchObject{
			{Option: Option{Value: "1", Label: "Дом"}, Topics: []Option{{Value: "2", Label: "Низкая температура на лестничной площадке"}}},
			{Option: Option{Value: "3", Label: "Дорога"}, Topics: []Option{{Value: "31", Label: "Яма на проезжей части", Checked: true}, {Value: "32", Label: "Не горит фонарь"}}, Open: true},
		}}
	p.Who = Who{Name: "Анна С."}
	if saved {
		p.Base = storyAt("/watch/1", "cabinet", "Дом")
		p.Action, p.Feed, p.MapURL = "/watch/1", "https://zarechny.example/watch/feed/7h2k9m4q7h2k9m4q.atom", "/house/1004"
		p.House, p.HouseName, p.Name.Value = "1004", "ул. Садовая, д. 4", "Дом"
		p.By = append([]Option{{Value: "house", Label: "Этот дом:", Checked: true}}, p.By...)
		p.Found = &WatchFound{Where: "ул. Садовая, д. 4", Count: 4, Exact: true, Lines: storyLines(4)}
	}
	return p
}

func storyWatchWrong() WatchPage {
	p := storyWatch(false)
	p.Errors = FieldErrors{{"address", "Такого адреса не нашли. Проверьте улицу и номер дома."}, {"name", "Назовите подписку — не длиннее 80 знаков."}, {"news", "Выберите, о чём сообщать."}}
	p.Address.Value, p.Address.Error, p.Name.Error = "Садовя 140", p.Errors.For("address"), p.Errors.For("name")
	return p
}
