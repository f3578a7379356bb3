package view

import (
	"time"

	"gorod/internal/platform/locale"
)

// staffStories are the stories of the staff's pages.
func staffStories() []Story {
	var s staffTeller
	var all []Story
	for _, some := range [][]Story{
		s.home(), s.moderation(), s.review(), s.work(), s.answer(), s.coordination(),
		s.control(), s.whole(), s.security(), s.suggest(), s.houses(), s.people(), s.organisations(), s.jobs(), s.audit(), s.pack(), s.outbox(),
	} {
		all = append(all, some...)
	}
	return all
}

// staffTeller makes the invented data of the stories.
type staffTeller struct{}

// as is the base of a page seen by somebody with these roles.
func (staffTeller) as(name, active, path, title string, roles ...string) Base {
	return Base{
		Lang: locale.RU, Languages: locale.Langs(), City: "Заречный", Path: path, Active: active, Title: title,
		Now: storyNow(), Zone: time.FixedZone("MSK", 3*60*60), NoIndex: true,
		Who: Who{Name: name, Roles: roles, Staff: true},
	}
}

func (s staffTeller) moderator(active, path, title string) Base {
	return s.as("О. Белова", active, path, title, "moderator")
}

func (s staffTeller) admin(path, title string) Base {
	return s.as("К. Соколов", "admin", path, title, "moderator", "coordinator", "controller", "admin")
}

// before is a moment before the stories' now.
func (s staffTeller) before(d time.Duration) time.Time { return storyNow().Add(-d) }

// day is a day of the story's year, at noon.
func (s staffTeller) day(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 9, 0, 0, 0, time.UTC)
}

func (s staffTeller) command(action string) StaffCommand {
	return StaffCommand{
		Action: action, Problem: "019ac2f1-7a10-7c31-9d55-2b8f0e4c1a17",
		Keys: Keys{Key: "019ac2f1-8c00-7b02-8e11-5d2c9a7f3b64", Version: 3},
	}
}

func (s staffTeller) place() StaffPlace {
	return StaffPlace{
		Address: "ул. Садовая, 14", Area: "район Заречье", Mark: "near", Lat: 59.9391, Lon: 30.3158,
		Map: "/story/map.svg", MapHref: "/map?at=59.9391,30.3158",
	}
}

func (s staffTeller) due() Due {
	return Due{
		At: s.day(time.December, 8),
		Steps: []Step{
			{Name: "проверка сообщения", Days: 1, To: s.day(time.November, 23)},
			{Name: "работа исполнителя", Days: 10, To: s.day(time.December, 7)},
			{Name: "проверка ответа", Days: 1, To: s.day(time.December, 8)},
		},
	}
}

func (s staffTeller) voice() StaffVoice {
	return StaffVoice{
		At: s.before(7 * 24 * time.Hour), Author: "Житель",
		Runs:   []StaffRun{{Text: "Во дворе третий день не горит фонарь у детской площадки, вечером темно."}},
		Photos: []Photo{storyPhoto("a1", "lamp-off", "Тёмный двор, фонарь у площадки не горит", "Фото жителя")},
	}
}

func (s staffTeller) given() StaffAnswer {
	return StaffAnswer{
		At: s.before(3 * time.Hour), Organisation: "МУП «Горсвет»", Outcome: "done",
		Signed: "Начальник участка И. Б. Лампин, 22-14-80",
		Text:   "Заменили лампу и повреждённый кабель, фонарь работает с вечера 26 ноября.",
		Photos: []Photo{storyPhoto("a2", "lamp-on", "Тот же двор, фонарь горит", "После работ, 26 ноября, 19:10, то же место")},
	}
}

func (s staffTeller) disputed() StaffVoice {
	return StaffVoice{
		At: s.before(26 * time.Hour), Author: "Житель",
		Runs: []StaffRun{{Text: "Лампу заменили, но она мигает и гаснет через десять минут."}},
	}
}

func (s staffTeller) conflict(href string) *StaffConflict {
	return &StaffConflict{
		Who: "М. Орлова", At: s.before(2 * time.Minute), Href: href,
		Changes: []string{"Тема теперь «Мало света на детской площадке»", "Передано: МУП «Горсвет», ответ до 8 декабря"},
	}
}

const (
	staffLongWords = "Достопримечательноинтереснейшепроисходящее у Верхнеобъединённокрасногвардейского переулка, напротив многофункциональнооздоровительного комплекса"
	staffLongName  = "Санкт-Заречное государственное бюджетное учреждение «Межмуниципальное объединённое управление садово-паркового хозяйства и благоустройства Верхнезаречного района»"
)

func (s staffTeller) home() []Story {
	all := []StaffDesk{
		{Name: "moderation", Href: "/staff/moderation", Count: 42, Oldest: 3*time.Hour + 20*time.Minute},
		{Name: "answers", Href: "/staff/answers", Count: 7, Oldest: 50 * time.Minute},
		{Name: "work", Href: "/staff/work", Count: 23, Late: 2},
		{Name: "coordination", Href: "/staff/coordination"},
		{Name: "control", Href: "/staff/control", Count: 31, Late: 9},
		{Name: "people", Href: "/staff/people", Private: true},
		{Name: "organisations", Href: "/staff/organisations", Private: true},
		{Name: "pack", Href: "/staff/pack", Private: true},
		{Name: "suggest", Href: "/staff/suggest", Private: true},
		{Name: "jobs", Href: "/staff/jobs", Private: true, Late: 3},
		{Name: "audit", Href: "/staff/audit", Private: true},
		{Name: "outbox", Href: "/staff/outbox", Private: true, Count: 12},
	}
	page := func(name string, desks []StaffDesk, roles ...string) StaffHomePage {
		return StaffHomePage{Base: s.as(name, "staff", "/staff", "Рабочие места", roles...), Name: name, Desks: desks, Leave: s.command("/signout"), Links: s.links(), Protect: true, Protected: len(desks) > 1}
	}
	operator := page("Алёна Романовна", nil, "operator")
	operator.About = "Вы оператор: находите проблему по номеру или адресу и отправляете сообщение за звонящего. Очереди у вас нет."
	alarm := page("К. Соколов", all[5:], "admin")
	alarm.NoCalendar = "2027"
	return []Story{
		{Name: "staff home", State: "empty", Page: page("О. Белова", []StaffDesk{{Name: "moderation", Href: "/staff/moderation"}, {Name: "answers", Href: "/staff/answers"}}, "moderator")},
		{Name: "staff home", State: "one", Page: page("И. Лампин", all[2:3], "executor")},
		{Name: "staff home", State: "many", Page: page("К. Соколов", all, "moderator", "executor", "coordinator", "controller", "admin")},
		{Name: "staff home", State: "alarm", Page: alarm},
		{Name: "staff home", State: "operator", Page: operator},
		{Name: "staff home", State: "no rights", Page: page("Н. Новиков", nil)},
	}
}

func (staffTeller) links() []StaffChoice {
	return []StaffChoice{
		{Label: "Сообщить за звонящего", Note: "что случилось, где и как с ним связаться", Href: "/"}, {Label: "Карта", Note: "что и где сейчас", Href: "/map?view=map"},
		{Label: "Список", Note: "с отбором и таблицей для скачивания", Href: "/map"}, {Label: "Статистика", Note: "по темам и районам, с таблицами для скачивания", Href: "/stats"},
	}
}
