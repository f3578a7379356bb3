package view

import "time"

func storyAreaLines() []AreaLine {
	return []AreaLine{
		{StatsRow: StatsRow{Name: "Заречье", URL: "/area/zarechye", Received: 412, Answered: 387, Median: 6, OnTime: 81, Disputed: 9, Overdue: 4}},
		{StatsRow: StatsRow{Name: "Заречьевский округ", URL: "/area/mo-zarechye", Received: 400, Answered: 380, Median: 6, OnTime: 82, Disputed: 9, Overdue: 3}, Below: true},
		{StatsRow: StatsRow{Name: "Слобода", URL: "/area/sloboda", Received: 1204, Answered: 988, Median: 11, OnTime: 63, Disputed: 18, Overdue: 61}},
		{StatsRow: StatsRow{Name: "Подлесье", URL: "/area/mo-podlesye", Received: 7, Answered: 4, Median: -1, OnTime: -1, Disputed: -1}, Below: true},
	}
}

// storyTable is figures under some heads; few of them say that too little is
// known, from a column on.
func storyTable(heads []Next, few int) AreaTable {
	t := AreaTable{Heads: heads}
	for i, key := range []string{"received", "answered", "on_time", "median", "disputed", "confirmed", "controlled", "silent", "overdue"} {
		row := AreaFigures{Key: key}
		for at, head := range heads {
			cell := AreaCell{Of: head.Text, Kind: "count", N: (412 - 37*i) * (at + 1)}
			switch key {
			case "on_time", "disputed":
				cell.Kind, cell.N = "percent", 81-9*i
			case "median":
				cell.Kind, cell.N = "days", 6
			}
			if at >= few && cell.Kind != "count" {
				cell = AreaCell{Of: head.Text, Kind: "few"}
			} else if at >= few {
				cell.N = 9 - i
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func storyAreaPeriods() []Next {
	return []Next{{Text: "30 дней"}, {Text: "90 дней"}, {Text: "с начала года"}}
}

func storyMonths() []AreaMonth {
	names := []string{"декабрь 2025", "январь 2026", "февраль 2026", "март 2026", "апрель 2026", "май 2026", "июнь 2026", "июль 2026", "август 2026", "сентябрь 2026", "октябрь 2026", "ноябрь 2026"}
	var list []AreaMonth
	for i, name := range names {
		n := 120 + 31*(i%5)
		list = append(list, AreaMonth{Label: name, Received: n, Answered: n - 20, Bar: Bar{Share: float64(n) / 260}, Done: Bar{Share: float64(n-20) / 260, Tone: "done"}, Running: i == len(names)-1})
	}
	return list
}

func storyArea() AreaPage {
	return AreaPage{
		Base: storyAt("/area/zarechye", "stats", "Заречье"), Name: "Заречье", Kind: "district", Figures: storyTable(storyAreaPeriods(), 3), Updated: "Посчитано минуту назад.",
		Below: storyAreaLines()[1:2], Months: storyMonths(), Lines: storyLines(3), Picture: &Picture{Still: *storyStill()}, Homes: AreaHomes{Houses: 412, Known: 300, Flats: 9120},
		Received: []AreaTopic{{Name: "Не горит фонарь", URL: "/map?area=zarechye&topic=1", N: 61, Of: 55, Bar: Bar{Share: 1}}, {Name: "Яма на дороге", URL: "/map?area=zarechye&topic=2", N: 44, Of: 40, Bar: Bar{Share: 0.72}}},
		Overdue:  []AreaTopic{{Name: "Яма на дороге", URL: "/map?area=zarechye&late=1&topic=2", N: 3, Of: 40, Bar: Bar{Share: 1}}},
		Disputed: []AreaTopic{{Name: "Протекает крыша", URL: "/map?area=zarechye&topic=3", N: 12, Of: 31, Bar: Bar{Share: 1}}},
		MapURL:   "/map?view=map&area=zarechye", ListURL: "/map?area=zarechye", LateURL: "/map?area=zarechye&late=1", Feed: "/map.atom?area=zarechye",
		CSV: "/area/zarechye/numbers.csv", MonthsCSV: "/area/zarechye/months.csv", TopicsCSV: "/area/zarechye/topics.csv?period=year",
		Watch: "/watch/new?area=zarechye", Embed: "/embed?area=zarechye", Compare: "/areas/compare?a=zarechye", Houses: "/houses?area=zarechye", Outages: "/outages?area=zarechye", Off: 2, How: "/about",
	}
}

func storyAreas() AreasPage {
	p := AreasPage{
		Base: storyAt("/areas", "stats", "Районы и округа"), Rows: storyAreaLines(), Updated: "Посчитано минуту назад.", CSV: "/areas.csv", Compare: "/areas/compare", Map: "/map?view=map&mode=area", How: "/about",
		Periods: []Option{{Value: "/areas?period=30", Label: "30 дней", Checked: true}, {Value: "/areas?period=90", Label: "90 дней"}, {Value: "/areas?period=year", Label: "с начала года"}},
		Heads:   []SortHead{{Key: "name", URL: "/areas?sort=-name", Order: "ascending"}},
	}
	for _, key := range []string{"received", "answered", "median", "on_time", "disputed", "overdue"} {
		p.Heads = append(p.Heads, SortHead{Key: key, URL: "/areas?sort=-" + key, Number: true})
	}
	return p
}

func storyCompare(heads ...Next) ComparePage {
	p := ComparePage{Base: storyAt("/areas/compare?a=zarechye&b=sloboda", "stats", "Сравнить районы"), Period: "30", How: "/about",
		From: time.Date(2026, 10, 29, 0, 0, 0, 0, time.UTC), To: storyNow(), CSV: "/areas/compare.csv?a=zarechye&b=sloboda", Updated: "Посчитано минуту назад.",
		Periods: []Option{{Value: "/areas/compare?period=30", Label: "30 дней", Checked: true}, {Value: "/areas/compare?period=90", Label: "90 дней"}}}
	for i, name := range []string{"a", "b", "c", "d"} {
		c := AreaChoice{Name: name, At: i + 1, Options: []Option{{Value: "zarechye", Label: "Заречье"}, {Value: "sloboda", Label: "Слобода"}, {Value: "mo-podlesye", Label: "Подлесье — Слобода"}}}
		if i < len(heads) && i < len(c.Options) {
			c.Options[i].Checked = true
		}
		p.Choices = append(p.Choices, c)
	}
	if len(heads) == 0 {
		return p
	}
	p.Table = storyTable(heads, 2)
	rates := []AreaFigures{{Key: "houses"}, {Key: "per_houses"}, {Key: "flats"}, {Key: "per_flats"}}
	for i, head := range heads {
		cells := []AreaCell{{Of: head.Text, Kind: "count", N: 412}, {Of: head.Text, Kind: "rate", Rate: 100.2}, {Of: head.Text, Kind: "count", N: 9120}, {Of: head.Text, Kind: "rate", Rate: 451.8}}
		note := AreaNote{Area: head.Text, AreaHomes: AreaHomes{Houses: 412, Known: 300, Flats: 9120}}
		if i >= 2 {
			cells[1], cells[2], cells[3] = AreaCell{Of: head.Text, Kind: "few"}, AreaCell{Of: head.Text, Kind: "none"}, AreaCell{Of: head.Text, Kind: "none"}
			note.AreaHomes = AreaHomes{}
		}
		for at := range rates {
			rates[at].Cells = append(rates[at].Cells, cells[at])
		}
		p.Notes = append(p.Notes, note)
	}
	p.Table.Rows = append(p.Table.Rows, rates...)
	return p
}

// areaStories are the pages of districts and municipalities.
func areaStories() []Story {
	area := storyArea()
	empty := AreaPage{Base: area.Base, Name: "Подлесье", Kind: "municipality", Parent: Next{Text: "Слобода", URL: "/area/sloboda"}, None: true, Figures: storyTable(storyAreaPeriods(), 0),
		Updated: area.Updated, CSV: area.CSV, Compare: area.Compare, MapURL: area.MapURL, Feed: area.Feed, Watch: area.Watch, Embed: area.Embed, How: area.How}
	for i := range empty.Figures.Rows {
		for at := range empty.Figures.Rows[i].Cells {
			empty.Figures.Rows[i].Cells[at].N = 0
		}
	}
	few := area
	few.Figures, few.Months, few.Disputed, few.Overdue, few.Off = storyTable(storyAreaPeriods(), 0), storyMonths()[11:], nil, nil, 0
	few.Lines, few.Below = storyLines(1), storyAreaLines()[3:]
	long := area
	long.Name, long.Parent, long.Kind = longWord, Next{Text: longWord, URL: "/area/long"}, "municipality"
	long.Received = []AreaTopic{{Name: longWord, URL: "/map?topic=1", N: 12000, Bar: Bar{Share: 1}}}
	areas := storyAreas()
	sorted := storyAreas()
	sorted.Heads[0].Order, sorted.Heads[6].Order = "", "descending"
	longAreas := storyAreas()
	longAreas.Rows[0].Name, longAreas.Rows[1].Name = longWord, longWord
	one := storyAreas()
	one.Rows = one.Rows[:1]
	none := storyAreas()
	none.Rows = nil
	left, right := Next{Text: "Заречье", URL: "/area/zarechye"}, Next{Text: "Слобода", URL: "/area/sloboda"}
	return []Story{
		{"Area", "usual", area}, {"Area", "nobody wrote", empty}, {"Area", "few answers", few}, {"Area", "long words", long},
		{"Areas", "many", areas}, {"Areas", "sorted by what is overdue", sorted}, {"Areas", "long words", longAreas}, {"Areas", "one", one}, {"Areas", "none", none},
		{"Compare areas", "nothing chosen", storyCompare()}, {"Compare areas", "one", storyCompare(left)}, {"Compare areas", "two", storyCompare(left, right)},
		{"Compare areas", "four, few answers, long words", storyCompare(left, right, Next{Text: longWord, URL: "/area/long"}, Next{Text: "Подлесье", URL: "/area/mo-podlesye"})},
	}
}
