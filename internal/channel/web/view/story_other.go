package view

func storyLines(n int) []Line {
	some := []Line{
		{Topic: "Не горит фонарь во дворе", Address: "ул. Садовая, 14", Area: "Заречье", State: State{Code: "answered"}, Joined: 7},
		{Topic: "Яма на проезжей части", Address: "ул. Мостовая, 3", Area: "Слобода", State: State{Code: "work", Due: storyDay(32, 23, 59)}},
		{Topic: "Переполнены баки", Address: "пер. Речной, 8", Area: "Заречье", State: State{Code: "closed_author"}, Joined: 1},
		{Topic: "Сосулька над входом", Address: "ул. Садовая, 20", Area: "Заречье", State: State{Code: "work", LateDays: 1}, Joined: 3},
		{Topic: "Холодно в квартире", Address: "ул. Лесная, 2", Area: "Слобода", State: State{Code: "interim", Due: storyDay(30, 23, 59)}, Hidden: true},
		{Topic: "Сломана скамейка", Address: "парк у реки", Area: "Заречье", State: State{Code: "closed_auto"}},
		{Topic: "Лёд на крыльце поликлиники", Address: "ул. Садовая, 31", Area: "Заречье", State: State{Code: "moderation"}},
		{Topic: "Открыт люк", Address: "ул. Мостовая, 12", Area: "Слобода", State: State{Code: "disputed"}},
	}
	lines := make([]Line, 0, n)
	for i := range n {
		l := some[i%len(some)]
		l.Number = 24017 - int64(i)
		l.URL = problemURL(l.Number)
		l.Created = storyDay(20-i%19, 18, 42)
		l.Lat, l.Lon = 56.83+float64(i%7)/1000, 60.61+float64(i%5)/1000
		if i%4 == 0 {
			photo := storyPhoto("p", "lamp-off", "", "")
			photo.Width, photo.Height = 88, 88
			l.Photo = &photo
		}
		lines = append(lines, l)
	}
	return lines
}

func storyList() ListPage {
	return ListPage{
		Base: storyAt("/map", "map", "Что сообщают"), Total: 1284, Exact: true, Lines: storyLines(12),
		Next: "/map?after=24005", Feed: "/map.atom", CSV: "/map.csv", MapURL: "/map?view=map", ListURL: "/map?view=list",
		Days: []MapLink{{Text: "За всё время", URL: "/map", On: true}, {Text: "7 дней", URL: "/map?from=2026-11-14"}, {Text: "30 дней", URL: "/map?from=2026-10-22"}},
		Filter: Filter{
			Topics: []Option{{Value: "yard", Label: "Двор", Count: 340}, {Value: "house", Label: "Дом", Count: 512}, {Value: "street", Label: "Улица", Count: 211}},
			Areas:  []Option{{Value: "z", Label: "Заречье"}, {Value: "s", Label: "Слобода"}},
			States: []Option{{Value: "work", Label: "В работе"}, {Value: "answered", Label: "Получен ответ"}, {Value: "late", Label: "Просрочено"}},
		},
	}
}

func listStories() []Story {
	withMap := storyList()
	withMap.WithMap = true
	withMap.Map = MapSlot{Style: "/map/style.json", Lat: 56.83, Lon: 60.61, Zoom: 13, Objects: "1 house 2 yard"}
	withMap.MapNewest = 2000
	withMap.Modes = []MapLink{{Text: "Сообщения", URL: "/map?view=map", On: true}, {Text: "По районам", URL: "/map?view=map&mode=area"}, {Text: "По кварталам", URL: "/map?view=map&mode=hex"}}
	withMap.Legend = storyLegend()
	withMap.Picture = storyPicture()
	byArea := withMap
	byArea.Mode, byArea.Map.Mode = "area", "area"
	byArea.Modes = []MapLink{withMap.Modes[1], withMap.Modes[2]}
	byArea.Areas = []AreaRow{{ID: "z", Name: "Заречье", URL: "/map?area=z", Count: 1702, Open: 340, Late: 17, Step: 4}, {ID: "s", Name: longWord, URL: "/map?area=s", Count: 82, Open: 3, Step: 1}, {ID: "c", Name: "Центр", URL: "/map?area=c"}}
	late := withMap
	late.Filter.Late, late.Filter.Active, late.Filter.Folded = true, 1, 1
	late.Legend[1].On = true
	part := withMap
	part.Box, part.WholeURL, part.Total, part.Exact = "36.88,58.29,36.90,58.30", "/map?view=map", 1000, false
	stopped := storyList()
	stopped.Lines, stopped.Total, stopped.Exact, stopped.Until, stopped.SizeURL = storyLines(3), 3, false, storyDay(2, 9, 0), "/map?n=100"
	stopped.Filter.Areas[0].Checked, stopped.Filter.Active = true, 2
	still := stopped
	still.Lines, still.Total = nil, 0
	none := storyList()
	none.Lines, none.Total, none.Next, none.Feed, none.CSV = nil, 0, "", "", ""
	none.Filter.Text, none.Filter.Active = "дирижабль", 2
	none.Filter.Areas[0].Checked, none.Filter.From = true, "2026-11-20"
	one := storyList()
	one.Lines, one.Total, one.Next, one.First = storyLines(1), 1, "", "/map"
	wrong := storyList()
	wrong.Filter.From, wrong.Filter.To, wrong.Filter.Active = "2026-11-20", "2026-11-01", 2
	wrong.Errors = FieldErrors{{"to", "Последний день раньше первого: поменяйте их местами"}}
	long := storyList()
	long.Exact = false
	long.Lines[0].Topic, long.Lines[0].Address, long.Lines[0].Area = longWord, longWord, longWord
	long.Filter.Areas[0].Label = longWord
	long.Filter.Active = 1
	hundred := storyList()
	hundred.Lines = storyLines(100)
	return []Story{
		{"list", "many", storyList()}, {"list", "hundred", hundred}, {"list", "with the map", withMap}, {"list", "of a part of the map", part},
		{"list", "by areas", byArea}, {"list", "only overdue", late},
		{"list", "stopped looking", stopped}, {"list", "stopped before anything", still}, {"list", "empty", none},
		{"list", "one", one}, {"list", "error", wrong}, {"list", "long words", long},
	}
}

// storyLegend are the lines under the map.
func storyLegend() []MapLink {
	return []MapLink{{Text: "в работе", Tone: "work", URL: "/map?state=open"}, {Text: "просрочено", Tone: "late", URL: "/map?late=1"},
		{Text: "получен ответ", Tone: "done", URL: "/map?state=answered"}, {Text: "закрыто без отклика", Tone: "plain", URL: "/map?state=silent"}}
}

// storyPicture is what the map shows without scripts.
func storyPicture() *Picture {
	return &Picture{
		Still: Still{Width: 720, Height: 520, Label: "Карта: 47 сообщений", Paths: []StillPath{{"water", "M0 300l720 40l0 60l-720 -40z"}, {"main", "M100 0l60 520"}}},
		Marks: []Pin{{X: 120, Y: 90, Number: 7, Tone: "work", URL: "/problem/7", Label: "Яма, № 7"}, {X: 300, Y: 200, Number: 8, Tone: "late", URL: "/problem/8", Label: "Фонарь, № 8"},
			{X: 500, Y: 320, Count: 45, URL: "/map?box=1,2,3,4", Label: "45 сообщений, показать ближе"}},
		Moves: []MapLink{{Text: "Ближе", URL: "/map?box=1,2,3,4"}, {Text: "Севернее", URL: "/map?box=1,3,3,5"}},
	}
}

func statsStories() []Story {
	b := storyAt("/stats", "stats", "Как город отвечает")
	periods := []Option{{Value: "/stats?days=30", Label: "30 дней", Checked: true}, {Value: "/stats?days=90", Label: "3 месяца"}, {Value: "/stats?days=365", Label: "Год"}}
	many := StatsPage{
		Base: b, Periods: periods, Updated: "Посчитано сегодня в 18:40.",
		Totals: StatsTotals{Received: 1284, Answered: 1107, Confirmed: 418, Controller: 36, Silent: 609, Disputed: 44, Rejected: 71,
			OverdueNow: 23, OnTimeShare: 93, MedianDays: 6, ReviewHours: 3, DisputeShare: 4},
		ByTopic: []StatsRow{
			{Name: "Двор · Освещение", URL: "/map?topic=light", Received: 212, Answered: 190, Median: 4, OnTime: 97, Disputed: 2},
			{Name: "Улица · Дорога", URL: "/map?topic=road", Received: 301, Answered: 240, Median: 11, OnTime: 84, Disputed: 9, Overdue: 14},
			{Name: "Дом · Содержание дома", URL: "/map?topic=house", Received: 402, Answered: 371, Median: 6, OnTime: 95, Disputed: 3, Overdue: 6},
			{Name: "Реклама · Вывески", URL: "/map?topic=ad", Received: 3, Answered: 1, Median: -1, OnTime: -1, Disputed: -1},
		},
		ByArea: []StatsRow{
			{Name: "Заречье", URL: "/map?area=z", Received: 702, Answered: 640, Median: 5, OnTime: 95, Disputed: 3, Overdue: 8},
			{Name: "Слобода", URL: "/map?area=s", Received: 582, Answered: 467, Median: 7, OnTime: 90, Disputed: 6, Overdue: 15},
		},
		Months:   []Bar{{Label: "сентябрь", Text: "980", Share: 0.76}, {Label: "октябрь", Text: "1 102", Share: 0.86}, {Label: "ноябрь", Text: "1 284", Share: 1}},
		TopicCSV: "/stats/topics.csv", AreaCSV: "/stats/areas.csv", JSON: "/stats.json", How: "/about#stats",
	}
	many.MoreTopics = []StatsRow{{Name: "Реклама · Баннеры", URL: "/map?topic=banner", Received: 1, Median: -1, OnTime: -1, Disputed: -1}}
	long := many
	long.ByTopic = append([]StatsRow{{Name: longWord, URL: "/map", Received: 1234567, Answered: 1234567, Median: 100, OnTime: 100, Disputed: 100, Overdue: 1234567}}, many.ByTopic...)
	long.Totals.Received = 12345678
	return []Story{
		{"stats", "many", many},
		{"stats", "empty", StatsPage{Base: b, Periods: periods}},
		{"stats", "long words", long},
	}
}

func personStories() []Story {
	b := storyAt("/signin", "signin", "Вход")
	code := CodePage{Base: b, Phone: "+7 ••• •••-41-12", Ticket: "t-1", Again: storyDay(27, 18, 43), Expires: storyDay(27, 18, 52)}
	wrong := code
	wrong.Errors = FieldErrors{{"code", "Код не подошёл. Осталось 4 попытки"}}
	second := func(recovery bool, wrong ...FieldError) SecondPage {
		p := SecondPage{Base: b, Recovery: recovery, Errors: wrong, Other: "/signin/second?by=recovery", Back: "/staff"}
		p.Path, p.NoIndex = "/signin/second", true
		return p
	}
	return []Story{
		{"sign in", "empty", SignInPage{Base: b, ByText: true, ByMail: true, Back: "/cabinet"}},
		{"sign in", "error", SignInPage{Base: b, ByText: true, ByMail: true, ESIA: "/signin/esia", Phone: "12", Errors: FieldErrors{{"phone", "В номере не хватает цифр. Пример: +7 912 345-67-89"}}}},
		{"sign in", "letter sent", SignInPage{Base: b, Sent: "anna@example.org"}},
		{"code", "empty", code},
		{"code", "error", wrong},
		{"staff sign in", "password", StaffSignInPage{Base: b}},
		{"staff sign in", "error", StaffSignInPage{Base: b, Login: "petrova", Errors: FieldErrors{{"login", "Имя или пароль не подошли"}}}},
		{"second factor", "code", second(false)},
		{"second factor", "error", second(false, FieldError{"code", "Этот код уже сработал. Подождите полминуты и введите следующий."})},
		{"second factor", "recovery code", second(true)},
		{"second factor", "locked", second(true, FieldError{"code", "Слишком много неудачных попыток. Подождите 15 минут."})},
		{"cabinet", "empty", storyCabinet(0)},
		{"cabinet", "many", storyCabinet(6)},
	}
}

func storyCabinet(n int) CabinetPage {
	p := CabinetPage{Base: storyAt("/cabinet", "cabinet", "Мои сообщения"), Key: "k-7", Contact: storyContact()}
	p.Who = Who{Name: "Анна С."}
	if n == 0 {
		return p
	}
	p.Asked, p.Mine, p.Joined, p.Next = storyLines(1), storyLines(n), storyLines(n)[2:4], "/cabinet?after=24011"
	p.Watched = storyLines(n)[4:]
	p.Contact[0].Value = "+7 912 345-67-89"
	p.Notify = []Option{{Value: "answer", Label: "Пришёл ответ", Checked: true}, {Value: "every", Label: "Любая новость"}, {Value: "area", Label: "Отключения в моём доме", Note: "ул. Садовая, 14"}}
	p.Given = []GivenConsent{{Key: "contact", Label: "Хранить телефон и почту, чтобы прислать ответ", URL: "/consent/contact", At: storyDay(2, 18, 42), Version: "3",
		Means: "Если отзовёте, ответы по телефону и почте приходить перестанут; сообщения останутся."}}
	p.Sessions = []Session{{ID: "s1", Label: "Телефон, Заречный", Seen: storyNow(), This: true}, {ID: "s2", Label: "Компьютер", Seen: storyDay(20, 10, 0)}}
	return p
}

func plainStories() []Story {
	b := func(path, title string) Base { return storyAt(path, "", title) }
	fail := func(status int, change func(*ErrorPage)) ErrorPage {
		p := ErrorPage{Base: b("/error", "Ошибка"), Status: status}
		if change != nil {
			change(&p)
		}
		return p
	}
	changed := LowVisionPage{Base: b("/prefs", "Версия для слабовидящих")}
	changed.Prefs = Prefs{Size: "huge", Font: "serif", Spacing: "wide", Colors: "blue", Images: "off"}
	return []Story{
		{"follow", "empty", FollowPage{Base: b("/follow", "Найти по номеру")}},
		{"follow", "adds to the cabinet", FollowPage{Base: b("/follow", "Найти по номеру"), Key: "k-0004", Adds: true}},
		{"follow", "error", FollowPage{Base: b("/follow", "Найти по номеру"), Number: "24017", Key: "k-0004", Code: "4471", Errors: FieldErrors{{"code", "Номер и код не подошли друг к другу. Проверьте каждую цифру"}}}},
		{"text", "rules", TextPage{Base: b("/rules", "Правила"), Heading: "Правила", Version: "5 от 1 ноября 2026", Body: "<h2>1. О чём можно сообщить</h2><p>О том, что сломано, опасно или не убрано в городе.</p><h2>2. Что мы не сможем передать</h2><ul><li>Несколько проблем в одном сообщении.</li><li>Фото, на котором проблемы не видно.</li></ul>"}},
		{"error", "404", fail(404, nil)},
		{"error", "403", fail(403, nil)},
		{"error", "409", fail(409, func(p *ErrorPage) {
			p.Kept, p.Back = "Не горит. Приезжали днём, включить не проверили.", "/problem/24017"
			p.Phrase = "Пока вы писали, контролёр уже вернул проблему в работу."
		})},
		{"error", "413", fail(413, func(p *ErrorPage) { p.Back = "/" })},
		{"error", "429", fail(429, func(p *ErrorPage) {
			p.Phrase = "За сутки можно отправить 10 сообщений. Следующее — завтра с 9:12."
		})},
		{"error", "500", fail(500, func(p *ErrorPage) { p.Number, p.Retry = "7f3k-22", "/" })},
		{"error", "503, text kept", fail(503, func(p *ErrorPage) { p.Kept, p.Retry = storyAsk+" "+longWord, "/" })},
		{"ask", "a letter's link", AskPage{Base: b("/signin", "Вход"), Heading: "Вход", Text: "Вы входите с адресом anna@example.org.", Action: "/signin/link", Secret: "7h2k9m4q", Do: "Войти"}},
		{"ask", "which letters to stop", AskPage{Base: b("/unsubscribe", "Не присылать письма?"), Heading: "Не присылать письма?", Text: "Перестать писать только об этой проблеме или совсем?", Action: "/unsubscribe/b1", Only: "Только об этой проблеме", Do: "Не присылать никаких писем"}},
		{"ask", "cannot be undone", AskPage{Base: b("/cabinet/erase", "Удалить мои данные"), Heading: "Удалить мои данные", Text: "Сотрём имя, телефон, почту и тексты всех ваших сообщений. Вернуть их не сможет никто.", Action: "/cabinet/erase", Key: "k-9", Do: "Удалить навсегда", Back: "/cabinet", Danger: true}},
		{"password", "must be changed", PasswordPage{Base: b("/signin/password", "Новый пароль"), Must: true}},
		{"password", "error", PasswordPage{Base: b("/signin/password", "Новый пароль"), Errors: FieldErrors{{"password", "Пароль короче 12 знаков"}}}},
		{"low vision", "usual", LowVisionPage{Base: b("/prefs", "Версия для слабовидящих")}},
		{"low vision", "changed", changed},
	}
}
