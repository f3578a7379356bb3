package view

import "time"

// whole are the stories of a whole problem, of finding one, and of words that
// could not be sent.
func (s staffTeller) whole() []Story {
	tell := func(state string, change func(*StaffProblemPage)) Story {
		p := s.wholeProblem()
		change(&p)
		return Story{Name: "staff problem", State: state, Page: p}
	}
	find := StaffFindPage{Base: s.as("Алёна Романовна", "find", "/staff/find", "Найти проблему", "operator")}
	lost := find
	lost.Query, lost.Errors = "99 999", FieldErrors{{Name: "q", Text: "Проблемы с номером 99 999 нет или она не для ваших глаз."}}
	return []Story{
		tell("many", func(*StaffProblemPage) {}),
		tell("something is hidden", func(p *StaffProblemPage) {
			p.Entries[0].Hidden, p.Entries[0].Photos[0].Hidden = true, true
			p.Open, p.Flash = "photo:a1", "Текст в № 24 017 скрыли"
		}),
		tell("error", func(p *StaffProblemPage) {
			p.Open, p.Errors = "text:11", FieldErrors{{Name: "reason", Text: "Напишите, почему: это прочтут коллеги."}}
		}),
		tell("conflict", func(p *StaffProblemPage) {
			p.Conflict = s.conflict("/staff/problem/24017")
			p.Conflict.Typed = []StaffFact{{Name: "Почему", Text: "В тексте телефон соседа"}}
		}),
		tell("may only look", func(p *StaffProblemPage) { p.MayHide, p.Desks = false, nil }),
		tell("long words", func(p *StaffProblemPage) {
			p.Topic, p.Executor, p.Entries[0].Text = staffLongWords, staffLongName, staffLongWords
		}),
		{Name: "staff find", State: "empty", Page: find},
		{Name: "staff find", State: "error", Page: lost},
		{Name: "staff typed", State: "handed over meanwhile", Page: StaffTypedPage{
			Base: s.as("И. Лампин", "", "/staff/work", "Отправить не получилось", "executor"), Why: "Эта проблема у другой организации.", Back: "/staff/work",
			Typed: []StaffFact{{Name: "Что сделали", Text: "Заменили лампу и кабель, фонарь горит с вечера 26 ноября."}},
		}},
	}
}

func (s staffTeller) wholeProblem() StaffProblemPage {
	return StaffProblemPage{
		Base: s.moderator("find", "/staff/problem/24017", "№ 24 017"), Number: 24017, Href: "/problem/24017", Topic: "Не горит фонарь во дворе",
		Place: s.place(), State: State{Code: "review"}, Executor: "МУП «Горсвет»", Joined: 7,
		Desks:   []StaffChoice{{Label: "Ответы", Href: "/staff/answers/24017"}},
		MayHide: true, Command: s.command("/staff/problem/24017/hide"),
		Entries: []StaffEntry{
			{StaffStep: StaffStep{At: s.day(time.November, 20), Text: "Житель сообщил"}, ID: "11", Text: "Во дворе третий день не горит фонарь. Звоните соседу: 8 921 555-41-12",
				Photos: []StaffPhoto{{Photo: storyPhoto("a1", "lamp-off", "Тёмный двор, фонарь у площадки не горит", "")}}},
			{StaffStep: StaffStep{At: s.day(time.November, 23), Text: "Приняли и передали: МУП «Горсвет», правило 112", Who: "О. Белова"}},
			{StaffStep: StaffStep{At: s.day(time.November, 26), Text: "МУП «Горсвет»: написан ответ", Who: "И. Лампин"}, ID: "12", Text: "Заменили лампу и повреждённый кабель.",
				Photos: []StaffPhoto{{Photo: storyPhoto("a2", "lamp-on", "Тот же двор, фонарь горит", "")}}},
		},
	}
}
