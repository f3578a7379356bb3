package view

import "time"

func homeStories() []Story {
	asked := storyAsked()
	filled := asked
	filled.Place = Mark{Lat: "56.8301", Lon: "60.6102", House: "h-14", Kind: "near", Label: "ул. Садовая, 14 (рядом с домом)"}
	filled.Address = "ул. Садовая, 14, у площадки"
	filled.Near = []Near{{
		Number: 23988, URL: "/problem/23988", Topic: "Не горит фонарь во дворе", Metres: 40,
		Since: storyDay(25, 17, 10), State: State{Code: "work", Due: storyDay(35, 23, 59)}, Joined: 3,
	}}
	filled.Photos = []Photo{storyPhoto("p1", "lamp-off", "Фото 1: тёмный двор", ""), storyPhoto("p2", "lamp-on", "Фото 2: соседний фонарь", "")}
	return []Story{
		{"home", "empty", storyHome()},
		{"home", "new town", storyNewTown()},
		{"home", "demo of recorded histories", storyPast()},
		{"home", "topics proposed", asked},
		{"home", "one topic", storySure()},
		{"home", "one question", storyFormQuestion()},
		{"home", "question answered", storyFormAnswered()},
		{"home", "personal data and rude words", storyNoticed()},
		{"home", "two problems", storyTwo()},
		{"home", "two problems parted", storyParted()},
		{"home", "second of two problems", storySecond()},
		{"home", "season closed", storySeason()},
		{"home", "call first", storyCallFirst()},
		{"home", "filled in", filled},
		{"home", "errors", storyHomeErrors(filled)},
		{"home", "objects near", storyThings(filled)},
		{"home", "may repeat", storyNear(filled)},
		{"home", "asked before sending", storyAskedFirst(filled, "")},
		{"home", "asked before sending, answered", storyAskedFirst(filled, "answered")},
		{"home", "asked before sending, their own", storyAskedOwn(filled)},
		{"home", "danger", storyDanger()},
		{"home", "no topic", storyNoTopic()},
		{"home", "flat, houses to choose", storyFlat()},
		{"home", "long words", storyHomeLong(filled)},
		{"home", "too many of a day", storyHomeRefused(filled)},
		{"home", "sent before and changed", storySentBefore(filled)},
		{"home", "street without a number, account", storyNoNumber(asked)},
		{"home", "no such house in the street", storyNoSuchHouse(asked)},
		{"topic pick", "tree", storyTopicPick("")},
		{"topic pick", "recent and closed", storyTopicPickKnown()},
		{"topic pick", "searched", storyTopicPick("фонарь")},
		{"topic pick", "nothing found", storyTopicPick("дирижабль")},
		{"sent", "no contact", storySent()},
		{"sent", "contact known", storySentKnown()},
		{"sent", "no date, busy", storySentUnknown()},
		{"sent", "second problem waits", storySentRest()}, {"sent", "joined", storyJoined()}, {"sent", "looked at later", storySentMoved()},
		{"sent", "with an account, no date to check by", storySentAccount()},
	}
}

func storyHome() HomePage {
	return HomePage{
		Base: storyAt("/", "report", ""), Keys: Keys{Key: "k-0001"}, PhotoLimit: 10,
		Figures: Figures{Messages: 1284, OnTime: 93, MedianDays: 6, Disputed: 4},
		Lines: []Line{
			{Number: 24011, URL: "/problem/24011", Topic: "Яма на проезжей части", Address: "ул. Мостовая, 3", State: State{Code: "work", Due: storyDay(32, 23, 59)}},
			{Number: 24002, URL: "/problem/24002", Topic: "Переполнены баки", Address: "пер. Речной, 8", State: State{Code: "closed_author"}},
			{Number: 23970, URL: "/problem/23970", Topic: "Сосулька над входом", Address: "ул. Садовая, 20", State: State{Code: "work", LateDays: 1}},
		},
		LinesFar: true,
		Contact:  storyContact(),
		Consents: storyConsents(),
	}
}

func storyContact() []Field {
	return []Field{
		{Name: "contact_phone", Label: "Телефон", Type: "tel", InputMode: "tel", Autocomplete: "tel"},
		{Name: "contact_email", Label: "Почта", Type: "email", Autocomplete: "email"},
	}
}

func storyConsents() []Consent {
	return []Consent{
		{Key: "contact", Label: "Разрешаю хранить мой телефон и почту, чтобы прислать ответ", URL: "/consent/contact"},
		{Key: "news", Label: "Хочу получать новости о моём районе", URL: "/consent/news"},
	}
}

func storyNewTown() HomePage {
	p := storyHome()
	p.Figures, p.Lines, p.Demo = Figures{None: true}, nil, true
	return p
}

func storyPast() HomePage {
	p := storyHome()
	p.Demo, p.Past = true, true
	return p
}

func storyTopics() []TopicChoice {
	return []TopicChoice{
		{ID: "204", Name: "Не горит фонарь во дворе", Path: "Двор · Освещение", Due: storyDay(38, 23, 59), Chosen: true,
			Icon: "yard", Covers: "Например: фонарь не горит, лампа мигает, темно вечером"},
		{ID: "177", Name: "Мало света на детской площадке", Path: "Двор · Благоустройство", Icon: "park", Covers: "Например: площадка не освещена, нужен ещё один фонарь"},
		{ID: "61", Name: "Не горит свет у входа в подъезд", Path: "Дом · Содержание дома", Icon: "house", Covers: "Например: лампа над дверью, темно у подъезда"},
	}
}

func storyAsked() HomePage {
	p := storyHome()
	p.Text = "во дворе третий день не горит фонарь у детской площадки, вечером темно"
	p.Topics = storyTopics()
	p.LinesFar = false
	return p
}

func storyHomeErrors(p HomePage) HomePage {
	p.Place, p.Address, p.Near = Mark{}, "", nil
	p.Photos = nil
	p.PhotoNeed = "Нужно фото: по нему исполнитель поймёт, что везти с собой."
	p.Errors = FieldErrors{
		{"address", "Укажите место: без него не понять, куда ехать"},
		{"photos", "Добавьте хотя бы одно фото"},
		{"contact_phone", "В номере не хватает цифр. Пример: +7 912 345-67-89"},
	}
	p.Contact = storyContact()
	p.Contact[0].Value = "+7 912 34"
	p.Contact[0].Error = p.Errors.For("contact_phone")
	return p
}

func storyDanger() HomePage {
	p := storyHome()
	p.Text = "пахнет газом в подъезде, голова кружится"
	p.Danger = true
	p.Calls = []Next{
		{Kind: "call", Text: "Есть опасность для людей — звоните 112.", Phone: "112", Do: "Позвонить: 112"},
		{Kind: "call", Text: "Авария в доме — звоните в аварийную, круглосуточно.", Phone: "2-10-04", Do: "Позвонить: 2-10-04"},
	}
	p.Topics = []TopicChoice{{ID: "12", Name: "Запах газа в подъезде", Path: "Дом · Газ", Chosen: true}}
	return p
}

func storyNoTopic() HomePage {
	p := storyHome()
	p.Text = "всё плохо"
	p.NoTopic = "Пока не поняли, о чём речь. Напишите, что сломалось и где, — или отправьте так: тему подберёт модератор."
	p.Next = []Next{
		{Kind: "call", Text: "Проще рассказать голосом — позвоните оператору.", Phone: "2-10-04", Do: "Позвонить: 2-10-04"},
		{Kind: "mend", Text: "Напишите иначе: что сломано и где."},
	}
	return p
}

func storyFlat() HomePage {
	p := storyHome()
	p.Text = "в квартире холодно, батареи чуть тёплые"
	p.Manual = true
	p.Topics = []TopicChoice{{ID: "88", Name: "Холодно в квартире", Path: "Квартира · Отопление", Due: storyDay(31, 23, 59), Chosen: true}}
	p.Address = "садовая 14"
	p.Houses = []Option{
		{Value: "h-14", Label: "ул. Садовая, 14", Note: "Заречье"},
		{Value: "h-14a", Label: "ул. Садовая, 14а", Note: "Заречье"},
		{Value: "h-14-1", Label: "пер. Садовый, 14", Note: "Слобода"},
	}
	p.Advice = "Если температура ниже 18 °C, попросите управляющую компанию составить акт: с ним перерасчёт сделают быстрее."
	p.Fields = []Field{
		{Name: "stairs", Label: "Подъезд", Short: true, InputMode: "numeric"},
		{Name: "floor", Label: "Этаж", Short: true, InputMode: "numeric"},
		{Name: "apartment", Label: "Квартира", Short: true, Required: true, Hint: "На сайте не показываем"},
		{Name: "phone", Label: "Телефон", Type: "tel", Autocomplete: "tel", Required: true, Hint: "Чтобы договориться о времени"},
	}
	return p
}

func storyHomeLong(p HomePage) HomePage {
	p.Text = longWord + " " + longWord
	p.Topics = storyTopics()
	p.Topics[0].Name, p.Topics[0].Path = longWord, longWord+" · "+longWord
	p.Address, p.Place.Label = longWord, longWord
	p.Near = append([]Near{}, p.Near...)
	p.Near[0].Topic = longWord
	p.Lines = []Line{{Number: 1, URL: "/problem/1", Topic: longWord, Address: longWord, State: State{Code: "closed_controller"}}}
	p.City = "Верхнезареченскослободск-на-Каменке"
	return p
}

func storyTopicPick(query string) TopicPickPage {
	p := TopicPickPage{
		Base: storyAt("/report", "report", "Выберите тему"), Query: query,
		Kept: []Kept{{"key", "k-0001"}, {"text", "темно во дворе"}},
		Objects: []TopicObject{
			{Name: "Двор", Icon: "yard", Count: 32, Open: query == "", Categories: []TopicCategory{
				{Name: "Освещение", Topics: storyTopics()[:1]},
				{Name: "Благоустройство", Topics: []TopicChoice{
					{ID: "177", Name: "Мало света на детской площадке", Path: "Двор · Благоустройство"},
					{ID: "178", Name: "Сломана скамейка", Path: "Двор · Благоустройство"},
				}},
			}},
			{Name: "Дом", Icon: "house", Count: 59, Categories: []TopicCategory{{Name: "Содержание дома", Topics: storyTopics()[2:]}}},
			{Name: "Улица", Icon: "street", Count: 25, Categories: []TopicCategory{{Name: "Дорога", Topics: []TopicChoice{{ID: "300", Name: "Яма на проезжей части", Path: "Улица · Дорога"}}}}},
		},
	}
	p.Objects[0].Categories[0].Topics[0].Chosen = false
	if query == "фонарь" {
		p.Found = storyTopics()[:2]
	}
	return p
}

func storyDue() Due {
	return Due{
		At: storyDay(38, 23, 59),
		Steps: []Step{
			{Name: "проверка сообщения", Days: 1, To: storyDay(23, 23, 59)},
			{Name: "работа исполнителя", Days: 10, To: storyDay(37, 23, 59)},
			{Name: "проверка ответа", Days: 1, To: storyDay(38, 23, 59)},
		},
		Skipped: []string{"выходные: 21–22, 28–29 ноября и 5–6 декабря"},
		Rule:    "Регламент работы с сообщениями, таблица 2", RuleURL: "/rules",
	}
}

func storySent() SentPage {
	b := storyAt("/sent", "report", "Получили")
	b.NoIndex = true
	b.Now = storyDay(20, 18, 42)
	return SentPage{
		Base: b, Keys: Keys{Key: "k-0002", Secret: "7h2k9m4qx0r8vw3s5t1d6n2p4c8e0fgh"},
		Number: 24017, Code: "4f9k2m", FollowURL: "https://zarechny.example/f/24017/7h2k9m4qx0r8vw3s5t1d6n2p4c8e0fgh",
		Topic: "Не горит фонарь во дворе", Address: "ул. Садовая, 14",
		CheckBy: storyDay(23, 23, 59), Due: storyDue(),
		Contact: storyContact(), Consents: storyConsents()[:1],
	}
}

func storySentKnown() SentPage {
	p := storySent()
	p.Known = "+7 ••• •••-41-12"
	return p
}

func storySentUnknown() SentPage {
	p := storySent()
	p.Due = Due{Unknown: "Срок назовём после проверки: для этой темы он ещё не записан."}
	p.Queued = true
	p.Errors = FieldErrors{{"contact_email", "Проверьте адрес: в нём нет знака @"}}
	p.Contact[1].Value = "ivan.example.org"
	p.Contact[1].Error = p.Errors[0].Text
	return p
}

func storyJoined() SentPage {
	p := storySent()
	p.Joined, p.FollowURL, p.Code, p.Contact, p.Consents = true, "", "", nil, nil
	p.SignIn = "/signin?back=/problem/24017%23news"
	return p
}

func storySentMoved() SentPage {
	p := storySent()
	p.Moved, p.State, p.Due, p.Contact, p.Consents = true, State{Code: "rejected"}, Due{}, nil, nil
	return p
}

func storySentAccount() SentPage {
	p := storySentKnown()
	p.FollowURL, p.Code, p.Keys.Secret = "", "", ""
	p.CheckBy = time.Time{}
	return p
}

func storyHomeRefused(p HomePage) HomePage {
	p.Refused = "За сутки можно отправить 10 сообщений, они уже отправлены. Написанное осталось на этой странице: отправьте завтра."
	return p
}

func storySentBefore(p HomePage) HomePage {
	p.Before = 24017
	return p
}

func storyNoSuchHouse(p HomePage) HomePage {
	p.Address, p.NoSuchHouse = "Садовая 15", "Дома 15 на этой улице нет, есть 13 и 17."
	p.Houses = []Option{{Value: "1", Label: "ул. Садовая, д. 13", Note: "Заречье"}, {Value: "2", Label: "ул. Садовая, д. 17", Note: "Заречье"}}
	return p
}

func storyNoNumber(p HomePage) HomePage {
	p.Address, p.NoNumber = "Садовая", true
	p.Houses = []Option{{Value: "1", Label: "ул. Садовая, д. 1", Note: "Заречье"}, {Value: "2", Label: "дер. Подлесье, ул. Садовая, д. 1", Note: "Слобода"}}
	p.Contact, p.Consents, p.Account, p.Known = nil, nil, true, "a•••@example.org"
	return p
}
