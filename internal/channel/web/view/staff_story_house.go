package view

import "time"

func (s staffTeller) houses() []Story {
	outage := func(id, status string, tell func(*StaffOutage)) StaffOutage {
		o := StaffOutage{
			OutageItem: OutageItem{Resource: "hot_water", Kind: "planned", Status: status, From: s.before(5 * time.Hour), To: s.day(time.November, 30),
				Who: Organisation{Name: "УК «Берега»"}, Reason: "Меняют кран в подвале", Source: "дежурный", Told: s.before(6 * time.Hour), Houses: 3, Areas: "Заречье"},
			Anchor: "o" + id, Command: s.command("/staff/houses/outages/" + id), Stop: true, Move: true, PlanTo: "2026-11-30T12:00",
			Begin: status == "announced", End: status == "active",
		}
		tell(&o)
		return o
	}
	ways := func(chosen string) []StaffChoice {
		var list []StaffChoice
		for _, w := range [][2]string{{"outage", "Об отключении"}, {"news", "Новость"}, {"work", "О работах"}, {"cleaning", "График уборки"}} {
			list = append(list, StaffChoice{Label: w[1], Href: "/staff/houses?tell=" + w[0], Selected: w[0] == chosen})
		}
		return list
	}
	tell := func(state, way string, change func(*StaffHousesPage)) Story {
		p := StaffHousesPage{
			Base: s.as("О. Береговая", "houses", "/staff/houses", "Дома и отключения", "executor"), Organisation: "УК «Берега»", Action: "/staff/houses",
			Ways: ways(way), MayWrite: true, Houses: StaffChoice{Href: "/houses?company=uk-berega", Count: 41},
			Outages: []StaffOutage{
				outage("1", "active", func(*StaffOutage) {}),
				outage("2", "announced", func(o *StaffOutage) {
					o.Resource, o.Kind, o.From, o.Reason = "power", "preventive", s.day(time.November, 29), ""
				}),
			},
			Notices: []StaffNotice{
				{Kind: "cleaning", Told: Told{Title: "Подъезды", When: "пн, чт, 09:00–12:00"}, Command: s.command("/staff/houses/notices/1/withdraw")},
				{Kind: "news", Houses: 2, Told: Told{Title: "Собрание жителей", Text: "В субботу в 12 часов во дворе.", From: s.before(48 * time.Hour)}, Command: s.command("/staff/houses/notices/2/withdraw")},
			},
		}
		change(&p)
		return Story{Name: "staff houses", State: state, Page: p}
	}
	return []Story{
		tell("many", "", func(*StaffHousesPage) {}),
		tell("empty", "", func(p *StaffHousesPage) { p.Outages, p.Notices = nil, nil }),
		tell("outage", "outage", func(p *StaffHousesPage) { p.Outage = s.outageForm() }),
		tell("error", "outage", func(p *StaffHousesPage) {
			p.Outage = s.outageForm()
			p.Outage.Addresses = StaffAddresses{MayAll: true, Typed: "ул. Мостовая, 1 к. 1, 99", Missed: []string{"Нет такого дома: мостовая 99."}, Found: 1}
			p.Errors = FieldErrors{{Name: "houses", Text: "Часть адресов не нашли. Поправьте их или отметьте, что нужны только найденные дома."}}
		}),
		tell("news", "news", func(p *StaffHousesPage) { p.Notice = s.noticeForm("news") }),
		tell("cleaning", "cleaning", func(p *StaffHousesPage) { p.Notice = s.noticeForm("cleaning") }),
		tell("operator", "", func(p *StaffHousesPage) {
			p.Base = s.as("А. Звонарёва", "houses", "/staff/houses", "Дома и отключения", "operator")
			p.Organisation, p.MayWrite, p.Notices, p.Houses, p.Ways = "", false, nil, StaffChoice{}, p.Ways[:1]
			p.Choice = []StaffChoice{{Label: "—", Selected: true}, {Value: "vodokanal", Label: "Водоканал"}}
		}),
		tell("long words", "", func(p *StaffHousesPage) {
			p.Organisation, p.Outages[0].Reason, p.Notices[1].Text = staffLongName, staffLongWords, staffLongWords
		}),
	}
}

func (s staffTeller) outageForm() *StaffOutageForm {
	return &StaffOutageForm{
		Command: s.command("/staff/houses/outages"), Org: "uk-berega", Cancel: "/staff/houses", From: "2026-11-28T09:00", To: "2026-11-28T18:00",
		Resources: []StaffChoice{{Value: "hot_water", Label: "Горячая вода", Selected: true}, {Value: "power", Label: "Электричество"}},
		Kinds:     []StaffChoice{{Value: "planned", Label: "Плановое отключение"}, {Value: "emergency", Label: "Авария"}},
		Reason:    "Меняют кран в подвале", Addresses: StaffAddresses{MayAll: true, Typed: "ул. Мостовая, 1 к. 1"},
	}
}

func (s staffTeller) noticeForm(kind string) *StaffNoticeForm {
	return &StaffNoticeForm{
		Command: s.command("/staff/houses/notices"), Org: "uk-berega", Kind: kind, Cancel: "/staff/houses",
		What:      []StaffChoice{{Value: "stairs", Label: "Подъезды"}, {Value: "yard", Label: "Двор", Selected: true}},
		Days:      []StaffChoice{{Value: "1", Label: "пн", Selected: true}, {Value: "2", Label: "вт"}, {Value: "4", Label: "чт", Selected: true}},
		Addresses: StaffAddresses{MayAll: true, All: true},
	}
}
