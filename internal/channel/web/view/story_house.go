package view

import "time"

func storyCompany() Organisation {
	return Organisation{Name: "УК «Берега»", URL: "/company/uk-berega", Phone: "2-10-10", Email: "office@berega.example"}
}

func storyOutages() []OutageItem {
	return []OutageItem{
		{Resource: "hot_water", Kind: "planned", Status: "active", From: storyDay(25, 9, 0), To: storyDay(35, 18, 0), Who: Organisation{Name: "Теплосеть", Phone: "2-20-20"},
			Reason: "Меняют участок трубы на Садовой", Source: "график Теплосети", Told: storyDay(18, 10, 0), Houses: 14, Areas: "Заречье"},
		{Resource: "power", Kind: "emergency", Status: "active", From: storyDay(27, 16, 20), Who: Organisation{Name: "Горсвет"}, Houses: 1},
		{Resource: "lift", Kind: "preventive", Status: "announced", From: storyDay(30, 10, 0), To: storyDay(30, 14, 0), Who: storyCompany(), Reason: "Ежегодная проверка", Source: "управляющая компания", Told: storyDay(20, 9, 0), Houses: 1},
	}
}

func storyEnded() []OutageItem {
	return []OutageItem{
		{Resource: "cold_water", Kind: "emergency", Status: "over", From: storyDay(12, 8, 0), To: storyDay(12, 15, 30), Reason: "Прорвало трубу", Houses: 3},
		{Resource: "gas", Kind: "planned", Status: "cancelled", From: storyDay(20, 9, 0), To: storyDay(20, 18, 0), Houses: 22},
	}
}

func storyRecord() Record {
	return Record{Received: 412, Answered: 387, OnTime: 81, Days: 6, Disputed: 9, Overdue: 4, URL: "/company/uk-berega"}
}

func storyPassport() []FactGroup {
	return []FactGroup{
		{Key: "general", Facts: []Fact{{"built_year", "1974"}, {"project_type", "1-528"}, {"floor_count_max", "9"}, {"entrance_count", "3"}, {"elevators_count", "3"}, {"living_quarters_count", "81"}, {"area_total", "4 812 м²"}, {"is_alarm", "нет"}}},
		{Key: "building", Facts: []Fact{{"wall_material", "кирпич"}, {"floor_type", "железобетонные"}}},
		{Key: "systems", Facts: []Fact{{"heating_type", "центральное"}, {"hot_water_type", "закрытая система"}, {"chute_count", "3"}}},
		{Key: "yard", Facts: []Fact{{"playground", "да"}}},
	}
}

func storyHouse() HousePage {
	far := storyLines(3)
	for i := range far {
		far[i].Photo, far[i].State = nil, State{Code: "closed_author"}
	}
	return HousePage{
		Base: storyAt("/house/1014", "houses", "ул. Садовая, 14"), ID: 1014, Address: "ул. Садовая, 14", District: Next{Text: "Заречье", URL: "/houses?area=zarechye"}, Municipality: Next{Text: "МО «Заречье»"},
		Outages: storyOutages(), Ended: storyEnded(), Duty: Duty{Phone: "2-10-04", Whose: "УК «Берега»"}, ReportURL: "/?house=1014",
		Open: storyLines(2), OpenAll: 2, Past: far, ListURL: "/house/1014/problems", AllCount: 37,
		Passport: storyPassport(), Source: "реестр домов", AsOf: "на 1 сентября 2026",
		Company: storyCompany(), CompanyOf: storyRecord(), Managed: true,
		Answers: []Answering{
			{Who: storyCompany(), For: []AnsweredFor{{Object: "Дом", Icon: "house", Categories: "Подъезды, Кровля, Водоснабжение"}, {Object: "Квартира", Icon: "house", Categories: "Вентиляция, Водоотведение"}},
				Why: []string{"За дом отвечает его управляющая компания. Есть правило для категории этой темы."}},
			{Who: Organisation{Name: "Горсвет", Phone: "2-30-30"}, For: []AnsweredFor{{Object: "Дом", Icon: "house", Categories: "Электричество и освещение"}}, Why: []string{"Есть правило для категории этой темы. Оно действует во всём городе."}},
			{For: []AnsweredFor{{Object: "Дом", Icon: "house", Categories: "Фасад"}}, Unknown: true},
		},
		Cleaning: []Told{{Title: "Подъезды", When: "пн, ср, пт, 09:00–12:00", Next: storyDay(30, 9, 0)}, {Title: "Двор", When: "каждый день, с 07:00", Next: storyDay(28, 7, 0)}},
		News:     []Told{{Title: "Меняем почтовые ящики", Text: "С понедельника, по подъездам. Письма заберите до выходных.", From: storyDay(24, 12, 0)}},
		Works:    []Told{{Title: "Ремонт крыльца", From: storyDay(30, 0, 0), Until: storyDay(34, 0, 0)}},
		Still:    storyStill(), MapURL: "/map?view=map",
	}
}

func storyHouseRows() []HouseRow {
	return []HouseRow{
		{URL: "/house/1014", Address: "ул. Садовая, 14", Area: "Заречье", Built: 1974, Floors: 9, Lifts: 3, Company: storyCompany(), Open: 2, Off: []string{"hot_water", "power"}},
		{URL: "/house/1020", Address: "ул. Садовая, 20", Area: "Заречье", Built: 1912, Floors: 3, Lifts: 0, Company: storyCompany(), Emerging: true},
		{URL: "/house/1102", Address: "ул. Лесная, 2", Area: "Слобода", Lifts: -1},
	}
}

func storyHouses() HousesPage {
	return HousesPage{
		Base: storyAt("/houses", "houses", "Дома"), Rows: storyHouseRows(), Total: 731, Known: true, Next: "/houses?after=1102", CSV: "/houses.csv",
		Districts: []Option{{Value: "zarechye", Label: "Заречье"}, {Value: "sloboda", Label: "Слобода"}},
		Companies: []Option{{Value: "uk-berega", Label: "УК «Берега»"}}, Lifts: []Option{{Value: "yes", Label: "Есть лифт"}, {Value: "no", Label: "Без лифта"}},
	}
}

func storyCompanyPage() CompanyPage {
	return CompanyPage{
		Base: storyAt("/company/uk-berega", "houses", "УК «Берега»"), Name: "УК «Берега»", Full: "ООО «Управляющая компания „Берега“»", Address: "ул. Мостовая, 3", Phone: "2-10-10",
		Email: "office@berega.example", Site: "https://berega.example", Hours: "пн–пт 9:00–18:00", Reception: "вт 16:00–19:00", Licence: "078 000123", Since: "1 мая 2015", INN: "7800000000",
		Source: "реестр лицензий", AsOf: "на 1 сентября 2026", Duty: Duty{Phone: "2-10-04"},
		Year: storyRecord(), All: Record{Received: 1904, Answered: 1850, OnTime: 78, Days: 7, Disputed: 11}, Middle: Record{Received: 4, OnTime: 74, Days: 8, Disputed: 12},
		Topics: []StatsRow{{Name: "Не горит свет в подъезде", Received: 61}, {Name: "Нет горячей воды", Received: 44}, {Name: "Не работает лифт", Received: 30}},
		Houses: storyHouseRows(), HouseAll: 118, Flats: 7420, Next: "/company/uk-berega?after=1102", ListURL: "/company/uk-berega/problems",
		TableURL: "/houses.csv?company=uk-berega", ProbCSV: "/company/uk-berega/problems.csv",
		News: []Told{{Title: "Меняем почтовые ящики", Text: "С понедельника.", From: storyDay(24, 12, 0)}},
	}
}

func storyCompanies() CompaniesPage {
	heads := []SortHead{{Key: "name", URL: "/companies?sort=name"}}
	for _, key := range []string{"houses", "received", "answered", "on_time", "days", "disputed"} {
		heads = append(heads, SortHead{Key: key, URL: "/companies?sort=" + key, Number: true})
	}
	heads[4].Order = "descending"
	return CompaniesPage{
		Base: storyAt("/companies", "houses", "Управляющие компании"), Heads: heads, From: time.Date(2025, 11, 28, 0, 0, 0, 0, time.UTC), To: storyNow(), CSV: "/companies.csv",
		Middle: Record{Received: 2, OnTime: 74, Days: 8, Disputed: 12},
		Rows: []CompanyRow{
			{Name: "УК «Берега»", URL: "/company/uk-berega", Houses: 118, Record: storyRecord()},
			{Name: "ЖКС «Слобода»", URL: "/company/zhks", Houses: 240, Record: Record{Received: 903, Answered: 851, OnTime: 74, Days: 8, Disputed: 12}},
			{Name: "ТСЖ «Лесная, 2»", URL: "/company/tsj", Houses: 1, Record: Record{Received: 5, Answered: 4, OnTime: -1, Days: -1, Disputed: -1, Few: true}},
		},
	}
}

func storyOutagesPage() OutagesPage {
	all := storyOutages()
	all[0].Places, all[0].More = []Next{{Text: "ул. Садовая, 14", URL: "/house/1014"}, {Text: "ул. Садовая, 16", URL: "/house/1016"}}, 12
	return OutagesPage{
		Base: storyAt("/outages", "houses", "Отключения"), Now: all[:2], Planned: all[2:], Over: storyEnded()[:1], CSV: "/outages.csv", Feed: "/outages.atom",
		Resources: []Option{{Value: "hot_water", Label: "Горячая вода"}, {Value: "power", Label: "Электричество"}},
		Districts: []Option{{Value: "zarechye", Label: "Заречье"}},
	}
}

func houseStories() []Story {
	house := storyHouse()
	calm := house
	calm.Outages, calm.Ended, calm.Open, calm.OpenAll, calm.News, calm.Works = nil, nil, nil, 0, nil, nil
	bare := HousePage{Base: house.Base, ID: 1102, Address: "ул. Лесная, 2", District: Next{Text: "Слобода"}, ReportURL: "/?house=1102"}
	long := house
	long.Address = "проспект " + longWord + ", дом 128, корпус 3, литера АБ"
	long.Company.Name, long.Outages = longWord, storyOutages()[:1]
	long.Outages[0].Reason = longWord
	city := house
	city.Duty = Duty{Phone: "004", City: true}
	city.Managed, city.Company, city.CompanyOf, city.Counted, city.AllCount = false, Organisation{}, Record{}, true, 1000
	houses := storyHouses()
	none := houses
	none.Rows, none.Total, none.Next, none.Text, none.Active, none.Folded, none.YearFrom = nil, 0, "", "дирижабль", 2, 1, "тысяча"
	none.Errors, none.CSV = FieldErrors{{"year_from", "Напишите целое число, например 1975"}}, ""
	off := houses
	off.Rows, off.Off, off.Folded, off.Active, off.Known, off.Looked, off.First = houses.Rows[:1], true, 1, 1, false, 2000, "/houses?off=1"
	company := storyCompanyPage()
	few := CompanyPage{Base: company.Base, Name: "ТСЖ «Лесная, 2»", Year: Record{Received: 5, Answered: 4, OnTime: -1, Days: -1, Disputed: -1, Few: true},
		All: Record{Received: 5, Answered: 4, OnTime: -1, Days: -1, Disputed: -1, Few: true}, Middle: Record{OnTime: -1, Days: -1, Disputed: -1}}
	nobody := storyCompanies()
	nobody.Rows, nobody.Middle = nil, Record{}
	outages := storyOutagesPage()
	nothing := outages
	nothing.Now, nothing.Planned, nothing.Over = nil, nil, nil
	nothing.Resources = []Option{{Value: "gas", Label: "Газ", Checked: true}}
	nothing.Active = 1
	cut := outages
	cut.Cut = true
	problems := ProblemsPage{Base: house.Base, Heading: "Проблемы: ул. Садовая, 14", Back: Next{Text: "ул. Садовая, 14", URL: "/house/1014"}, Lines: storyLines(12), Next: "/house/1014/problems?after=1-1", CSV: "/house/1014/problems.csv"}
	noProblems := problems
	noProblems.Lines, noProblems.Next = nil, ""
	return []Story{
		{"House", "outages and problems", house}, {"House", "calm", calm}, {"House", "nothing known", bare}, {"House", "long words", long},
		{"House", "city's dispatcher, no company", city},
		{"Houses", "many", houses}, {"Houses", "none, wrong year", none}, {"Houses", "only with an outage", off},
		{"Company", "usual", company}, {"Company", "few answers", few},
		{"Companies", "usual", storyCompanies()}, {"Companies", "none", nobody},
		{"Outages", "usual", outages}, {"Outages", "none", nothing}, {"Outages", "cut", cut},
		{"Problems of a house", "many", problems}, {"Problems of a house", "none", noProblems},
		{"Home", "known outage", homeKnown(false)}, {"Home", "known outage, told instead of sending", homeKnown(true)},
	}
}

// homeKnown is the form about something that is known to be off.
func homeKnown(asked bool) HomePage {
	p := storyHome()
	known := []KnownOutage{{ID: 7, Resource: "hot_water", Kind: "planned", To: storyDay(35, 18, 0), Who: Organisation{Name: "Теплосеть", Phone: "2-20-20"}, Reason: "Меняют участок трубы на Садовой", URL: "/house/1014"}}
	p.Duty = Duty{Phone: "2-10-04", Known: true}
	if asked {
		p.ExplainAsk = known
	} else {
		p.Explained = append(known, KnownOutage{ID: 8, Resource: "cold_water", Kind: "emergency", Open: true, URL: "/house/1014"})
	}
	return p
}
