package view

import "time"

func problemStories() []Story {
	return []Story{
		{"problem", "being checked", storyChecked()},
		{"problem", "in progress", storyInProgress()},
		{"problem", "overdue", storyOverdue()},
		{"problem", "guest has joined", storyGuestJoined()},
		{"problem", "answered, joined guest decides", storyJoinedJudge()},
		{"problem", "disputed, new promise", storyDisputed()},
		{"problem", "answered the same day", storySameDay()},
		{"problem", "rejected and erased", storyErased()},
		{"problem", "withdrawn consent", storyForgotten()},
		{"problem", "answered, guest", storyAnswered()},
		{"problem", "answered, author decides", storyJudge()},
		{"problem", "author disputes", storyDispute()},
		{"problem", "dispute with a photo, refused", storyDisputeAgain()},
		{"problem", "dispute that came too late", storyLateDispute()},
		{"problem", "disputed and closed", storyLongFeed()},
		{"problem", "closed without a reaction", storySilent()},
		{"problem", "confirmed by a controller", storyControllerClosed()},
		{"problem", "question to the author", storyQuestion()},
		{"problem", "never public, the author reads", storyOwn()},
		{"problem", "rejected", storyRejected()},
		{"problem", "a repeat of a public problem", storyRepeat()},
		{"problem", "a repeat of one that is not shown", storyRepeatUnseen()},
		{"problem", "staff sees all", storyStaffSees()},
		{"problem", "not public", storyHidden()},
		{"problem", "no date known", storyNoDate()},
		{"problem", "long words", storyProblemLong()},
		{"problem", "news, nowhere to write yet", storyNewsNone()},
		{"problem", "news, wrong address", storyNewsWrong()},
		{"problem", "news, watched", storyNewsAccount(News{On: true, To: "an•••@example.org"})},
		{"problem", "news, not watched", storyNewsAccount(News{To: "an•••@example.org"})},
		{"problem", "news, all switched off", storyNewsAccount(News{On: true, Muted: true})},
	}
}

const (
	storyOrg   = "МУП «Горсвет»"
	storyAsk   = "Во дворе третий день не горит фонарь у детской площадки, вечером темно."
	storyReply = "Заменили лампу и повреждённый кабель, фонарь работает с вечера 26 ноября."
)

func storyMessage() Event {
	return Event{Kind: "message", At: storyDay(20, 18, 42), Number: 1, Text: storyAsk,
		Photos: []Photo{storyPhoto("p1", "lamp-off", "Тёмный двор, фонарь не горит", "Фото жителя")}}
}

func storyAccepted() Event {
	return Event{Kind: "accepted", At: storyDay(23, 10, 5), Org: storyOrg, Why: []string{
		"тема «Не горит фонарь во дворе» — освещение дворов",
		"двор дома ул. Садовая, 14 — район Заречье",
		"освещение дворов во всём городе ведёт МУП «Горсвет» (правило 112)",
	}}
}

func storyAnswer() Event {
	return Event{Kind: "answer", At: storyDay(27, 15, 20), Org: storyOrg, Person: "И. Б. Лампин",
		Position: "начальник участка", Phone: "22-14-80", Text: storyReply, Days: 4,
		Photos: []Photo{storyPhoto("p2", "lamp-on", "Фонарь горит", "После работ, 26 ноября, 19:10, то же место")}}
}

func storyStill() *Still {
	return &Still{Width: 600, Height: 360, Label: "Карта: ул. Садовая, 14", Paths: []StillPath{
		{Class: "green", D: "M20 210l150-20 30 90-170 40z"}, {Class: "water", D: "M-20-20l640 0 0 70-300 25-340-10z"},
		{Class: "building", D: "M220 120l60-8 6 40-60 8zM340 130l70-6 4 36-70 6zM330 240l40 0 0 60-40 0z"},
		{Class: "rail", D: "M-20 340l640-30"}, {Class: "path", D: "M30 220l150 60"}, {Class: "lane", D: "M290 90l20 270"},
		{Class: "street", D: "M-20 190l330 0 310 20"}, {Class: "main", D: "M470-20l-20 400"}}}
}

func storyProblem() ProblemPage {
	return ProblemPage{
		Base:   storyAt("/problem/24017", "map", "Не горит фонарь во дворе"),
		Number: 24017, Topic: "Не горит фонарь во дворе", Path: "Двор · Освещение",
		Address: "ул. Садовая, 14", Area: "район Заречье",
		Created: storyDay(20, 18, 42), Due: storyDue(), Passed: 420,
		Executor:    Organisation{Name: storyOrg, URL: "/organisation/gorsvet"},
		Coordinator: Organisation{Name: "Комитет по благоустройству"},
		Controller:  Organisation{Name: "Администрация района Заречье", Phone: "22-10-04"},
		Joined:      7, Still: storyStill(), Lat: 56.8301, Lon: 60.6102,
		Keys: Keys{Key: "k-0003", Version: 4},
		Can:  Rights{Join: true},
	}
}

func storyChecked() ProblemPage {
	p := storyProblem()
	p.State, p.Passed, p.Joined = State{Code: "moderation"}, 40, 0
	p.Executor, p.Coordinator, p.Controller = Organisation{}, Organisation{}, Organisation{}
	p.Events = []Event{storyMessage()}
	p.Follow, p.Mine, p.Keys.Secret = true, true, "7h2k9m4qx0r8vw3s5t1d6n2p4c8e0fgh"
	p.Can = Rights{Withdraw: true, Forget: true}
	p.News = storyNewsLeft()
	return p
}

// storyNewsLeft is the author without an account who left a telephone.
func storyNewsLeft() *News {
	return &News{On: true, To: "+7 ••• •••-41-12", Contact: storyContact()}
}

// storyNewsNone is the one who left nothing yet.
func storyNewsNone() ProblemPage {
	p := storyChecked()
	p.News = &News{On: true, Open: true, Contact: storyContact(), Consents: storyConsents()[:1]}
	return p
}

func storyNewsWrong() ProblemPage {
	p := storyChecked()
	p.Errors = FieldErrors{{"contact_email", "Проверьте адрес: в нём нет знака @"}}
	p.News.Open = true
	p.News.Contact[1].Value, p.News.Contact[1].Error = "ivan.example.org", p.Errors[0].Text
	return p
}

// storyNewsAccount is a person who is signed in.
func storyNewsAccount(n News) ProblemPage {
	p := storyInProgress()
	p.Who = Who{Name: "Анна"}
	n.Settings = "/cabinet#notify"
	p.News = &n
	return p
}

func storyInProgress() ProblemPage {
	p := storyProblem()
	p.State = State{Code: "work"}
	p.Events = []Event{storyMessage(), storyAccepted(), {Kind: "joined", At: storyDay(24, 9, 0), Number: 7}}
	p.News = &News{SignIn: "/signin?back=/problem/24017%23news"}
	return p
}

func storyOverdue() ProblemPage {
	p := storyInProgress()
	p.State, p.Passed = State{Code: "work", LateDays: 2}, 1000
	p.Due.At = storyDay(25, 23, 59)
	p.Events = append(p.Events, Event{Kind: "interim", At: storyDay(24, 12, 0), Org: storyOrg, Person: "И. Б. Лампин",
		Position: "начальник участка", Text: "Нужен новый кабель, его привезут 24 ноября.", Planned: storyDay(25, 23, 59)})
	return p
}

func storyGuestJoined() ProblemPage {
	p := storyInProgress()
	p.Flash = "Вы присоединились: ваш голос учли. Хотите узнать об ответе — войдите, и сообщим."
	p.Can = Rights{Leave: true}
	return p
}

func storyJoinedJudge() ProblemPage {
	p := storyAnswered()
	p.Can = Rights{Judge: true, Leave: true}
	p.AskedAway = storyDay(47, 23, 59)
	p.News = &News{SignIn: "/signin?back=/problem/24017%23news"}
	return p
}

func storyDisputed() ProblemPage {
	p := storyAnswered()
	p.State = State{Code: "disputed"}
	p.Before = KeptWord{Promised: p.Promised, Given: p.Answered}
	p.Answered, p.Promised, p.Passed = time.Time{}, time.Time{}, 30
	p.Due = storyDue()
	p.Due.At = storyDay(46, 23, 59)
	p.Events = append(p.Events, Event{Kind: "disputed", At: storyDay(28, 19, 40), Text: "Не горит. Приезжали днём, включить не проверили."})
	return p
}

func storySameDay() ProblemPage {
	p := storyAnswered()
	p.WorkDays = 0
	return p
}

func storyErased() ProblemPage {
	p := storyRejected()
	p.Next, p.EraseURL, p.Events[0].Text, p.Events[0].Photos = nil, "", "Текст удалён по просьбе автора.", nil
	p.Events = append(p.Events, Event{Kind: "erased", At: storyDay(24, 18, 30), Text: "Текст, снимки и контакты удалены по просьбе автора (152-ФЗ)."})
	return p
}

func storyForgotten() ProblemPage {
	p := storyNewsNone()
	p.Can.Forget = false
	p.Flash = "Согласие отозвали, контакты стёрли."
	p.Events = append(p.Events, Event{Kind: "contact_forgotten", At: storyDay(20, 19, 2), SeenBy: "author"},
		Event{Kind: "claimed", At: storyDay(20, 19, 5), SeenBy: "author"})
	return p
}

func storyAnswered() ProblemPage {
	p := storyProblem()
	p.State = State{Code: "answered"}
	p.Answered, p.WorkDays, p.Promised = storyDay(27, 15, 20), 4, p.Due.At
	p.Events = []Event{storyMessage(), storyAccepted(), storyAnswer()}
	p.Can = Rights{Join: true}
	return p
}

func storyJudge() ProblemPage {
	p := storyAnswered()
	p.Mine, p.Follow, p.Keys.Secret = true, true, "7h2k9m4qx0r8vw3s5t1d6n2p4c8e0fgh"
	p.Can = Rights{Judge: true}
	p.AskedAway = storyDay(47, 23, 59)
	p.News = storyNewsLeft()
	return p
}

func storyDispute() ProblemPage {
	p := storyJudge()
	p.Disputing = true
	p.DisputeOld = "Горит"
	p.Errors = FieldErrors{{"text", "Напишите чуть подробнее, что осталось не сделано"}}
	return p
}

func storyLongFeed() ProblemPage {
	p := storyProblem()
	p.Topic = "Не горит фонарь во дворе"
	p.State = State{Code: "closed_author"}
	p.Answered, p.WorkDays = storyDay(27, 15, 20), 9
	p.Earlier = "ООО «Управдом»"
	first := storyAnswer()
	first.At, first.Text, first.Photos = storyDay(24, 11, 0), "Фонарь работает.", nil
	p.Events = []Event{
		{Kind: "message", At: storyDay(2, 18, 42), Number: 1, Text: storyAsk},
		{Kind: "topic_changed", At: storyDay(3, 9, 58), Topic: p.Topic, EarlierTopic: "Мало света на детской площадке", Why: []string{"В сообщении речь о фонаре, который был и погас."}},
		{Kind: "accepted", At: storyDay(3, 10, 5), Org: "ООО «Управдом»", Why: []string{"двор дома ул. Садовая, 14 убирает ООО «Управдом»"}},
		{Kind: "redirected", At: storyDay(5, 16, 30), Org: storyOrg, EarlierOrg: "ООО «Управдом»", Text: "Опора стоит на балансе города.", Why: storyAccepted().Why},
		{Kind: "interim", At: storyDay(10, 12, 0), Org: storyOrg, Person: "И. Б. Лампин", Position: "начальник участка", Text: "Нужен новый кабель, привезут 16 ноября.", Planned: storyDay(18, 23, 59)},
		{Kind: "due_changed", At: storyDay(10, 12, 0), Planned: storyDay(18, 23, 59), Text: "Исполнитель назвал день, причина — поставка кабеля."},
		first,
		{Kind: "disputed", At: storyDay(24, 19, 40), Text: "Не горит. Приезжали днём, включить не проверили.", Photos: []Photo{storyPhoto("p3", "lamp-off", "Фонарь по-прежнему не горит", "Фото жителя, 24 ноября")}},
		{Kind: "reopened", At: storyDay(25, 9, 10), Org: "Администрация района Заречье", Text: "Проверьте вечером и пришлите фото с включённым фонарём."},
		{Kind: "hidden_text", At: storyDay(25, 9, 30), Text: "В сообщении был номер телефона."},
		storyAnswer(),
		{Kind: "closed_author", At: storyDay(27, 18, 0)},
		{Kind: "erased", At: storyDay(27, 18, 30), Text: "Одно из сообщений удалено по просьбе автора (152-ФЗ)."},
	}
	return p
}

func storySilent() ProblemPage {
	p := storyAnswered()
	p.State = State{Code: "closed_auto"}
	p.Now = time.Date(2026, 12, 20, 9, 0, 0, 0, time.UTC)
	p.Events = append(p.Events, Event{Kind: "closed_auto", At: storyDay(47, 0, 10), Days: 20})
	p.Can = Rights{}
	return p
}

func storyControllerClosed() ProblemPage {
	p := storyAnswered()
	p.State = State{Code: "closed_controller"}
	p.Events = append(p.Events, Event{Kind: "closed_controller", At: storyDay(27, 18, 10)})
	p.Can = Rights{}
	return p
}

func storyQuestion() ProblemPage {
	p := storyChecked()
	p.State = State{Code: "question"}
	p.Due, p.Until = Due{}, storyDay(27, 23, 59)
	p.Question = "С какой стороны дома фонарь: со двора или с улицы?"
	p.Events = append(p.Events, Event{Kind: "contact", At: storyDay(20, 19, 2), SeenBy: "author"})
	p.Events = append(p.Events, Event{Kind: "question", At: storyDay(23, 9, 40), Text: p.Question, SeenBy: "author"})
	p.Can = Rights{Reply: true, Withdraw: true}
	return p
}

// storyOwn is a message that only its author and the inspectorate ever read, with
// what its form asked.
func storyOwn() ProblemPage {
	p := storyChecked()
	p.Topic, p.Path = "Нарушения при выборе / смене управляющей организации", "Дом · Организационно-правовые вопросы"
	p.Events = []Event{{Kind: "message", At: storyDay(20, 18, 42), Number: 1, Text: "В подъезде висит протокол: я будто бы голосовал за новую компанию."}}
	p.Own = []StaffFact{{"Квартира", "17"}, {"Когда было собрание", "12 сентября 2026 года"}, {"Номер протокола", "2/2026"}, {"Как было на самом деле", "не голосовал"}}
	return p
}

func storyRejected() ProblemPage {
	p := storyChecked()
	p.State = State{Code: "rejected"}
	p.Due, p.News = Due{}, nil
	p.Events = append(p.Events, Event{Kind: "rejected", At: storyDay(23, 9, 40),
		Text:   "На фото не видно проблемы. Пришлите другое фото новым сообщением: текст сохранили.",
		Clause: "3.2 «Фото показывает проблему»", ClauseURL: "/rules#3.2"})
	p.Can = Rights{}
	p.Next = []Next{
		{Kind: "mend", Text: "Поправьте то, о чём пишем выше, и отправьте ещё раз: текст сохранили.", URL: "/problem/24017/mend", Do: "Поправить и отправить снова"},
		{Kind: "appeal", Text: "Не согласны с отказом — отправьте обращение.", URL: "https://zarechny.example/appeal", Do: "Отправить обращение"},
	}
	p.EraseURL = "/problem/24017/erase"
	return p
}

func storyRepeat() ProblemPage {
	p := storyRejected()
	p.Events[len(p.Events)-1] = Event{Kind: "repeat", At: storyDay(23, 9, 40),
		Text: "Об этом уже сообщили: № 23 988. Мы присоединили вас к этой проблеме, и вы узнаете об ответе вместе со всеми: https://zarechny.example/problem/23988",
		Same: &SameProblem{Number: 23988, URL: "/problem/23988", Topic: "Не горит фонарь во дворе", State: State{Code: "work", Due: storyDay(30, 23, 59)}}}
	p.Next = []Next{
		{Kind: "same", Text: "Об этом уже сообщили. Вы следите за той проблемой вместе с остальными: напишем, когда ответят.", URL: "/problem/23988", Do: "Открыть № 23 988"},
		{Kind: "mend", Text: "У вас не то же самое? Напишите, чем отличается, и отправьте ещё раз: текст и фото сохранили.", URL: "/problem/24017/mend", Do: "У меня не то же самое"},
		{Kind: "appeal", Text: "Не согласны с отказом — отправьте обращение.", URL: "https://zarechny.example/appeal", Do: "Отправить обращение"},
	}
	return p
}

func storyRepeatUnseen() ProblemPage {
	p := storyRepeat()
	p.Events[len(p.Events)-1].Same = nil
	p.Next[0] = Next{Kind: "same", Text: "Об этом уже сообщили, № 23 988: ту карточку пока видят только те, кто ею занимается."}
	return p
}

func storyStaffSees() ProblemPage {
	p := storyAnswered()
	p.Who = Who{Name: "Ольга Петрова", Roles: []string{"controller"}, Staff: true}
	p.Events = append(p.Events[:2:2],
		Event{Kind: "review_returned", At: storyDay(26, 10, 0), Text: "Пришлите фото с включённым фонарём.", SeenBy: "staff"},
		storyAnswer(), Event{Kind: "review_passed", At: storyDay(27, 15, 40), SeenBy: "staff"})
	p.Can = Rights{Staff: true, Confirm: true, Leave: true}
	return p
}

func storyHidden() ProblemPage {
	p := storyProblem()
	p.State = State{Code: "work", Due: p.Due.At}
	p.Hidden, p.NoIndex, p.Still = true, true, nil
	p.Can = Rights{}
	return p
}

func storyNoDate() ProblemPage {
	p := storyInProgress()
	p.Due = Due{Unknown: "Срок ещё не назвали: для этой темы он не записан. Администраторы города уже знают."}
	p.State = State{Code: "work"}
	return p
}

func storyProblemLong() ProblemPage {
	p := storyLongFeed()
	p.Topic, p.Address, p.Area = longWord, longWord, longWord
	p.Executor.Name = longWord
	for i := range p.Events {
		p.Events[i].Text += " " + longWord
		p.Events[i].Org = longWord
	}
	p.Flash = "Готово. " + longWord
	p.News = &News{On: true, To: longWord + "@example.org", Contact: storyContact(), Consents: storyConsents()[:1], Open: true}
	return p
}

func storyDisputeAgain() ProblemPage {
	p := storyDispute()
	p.DisputeOld = ""
	p.Taken = []Photo{storyPhoto("p1", "lamp-off", "Фото 1: тёмный двор", "")}
	p.Errors = FieldErrors{{Name: "text", Text: "Напишите, что осталось не так."}}
	return p
}

func storyLateDispute() ProblemPage {
	p := storyChecked()
	p.Refused = "Что проблема не решена, нам уже написали: это проверяет модератор. Ваш текст не отправлен и остался здесь."
	p.Unsent = "Вечером опять было темно."
	p.Taken = []Photo{storyPhoto("p1", "lamp-off", "Фото 1: тёмный двор", "")}
	return p
}
