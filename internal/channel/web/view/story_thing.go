package view

// thingStories are the page of an object of the city.
func thingStories() []Story {
	lamp := storyLamp()
	p := ObjectPage{
		Base: storyAt("/object/lamp-1", "map", lamp.Title()), Thing: lamp, Address: "рядом с домом ул. Мостовая, 1", Report: "/?thing=lamp-1",
		Owner: Organisation{Name: "Горсвет", Phone: "2-14-80"},
		Lines: []Line{{Number: 23988, URL: "/problem/23988", Topic: "Не горит фонарь", Address: "ул. Мостовая, 1", State: State{Code: "work", Due: storyDay(35, 23, 59)}, Created: storyDay(25, 17, 10)}},
		Past:  []Line{{Number: 23102, URL: "/problem/23102", Topic: "Провод висит на опоре", Address: "ул. Мостовая, 1", State: State{Code: "closed_author"}, Created: storyDay(2, 9, 0)}},
	}
	bare := ObjectPage{Base: storyAt("/object/manhole-7", "map", "Люк"), Thing: Thing{ID: "manhole-7", Kind: "Люк"}, Report: "/?thing=manhole-7"}
	long := p
	long.Thing.Number, long.Thing.Name, long.Owner.Name = longWord, longWord, longWord
	return []Story{{"object", "open and past", p}, {"object", "nothing known", bare}, {"object", "long words", long}}
}

func storyLamp() Thing {
	return Thing{
		ID: "lamp-1", Kind: "Фонарь", Number: "Л-001", Name: "Фонарь, ул. Мостовая", Letter: "Л", Metres: 12,
		Fields: []ThingField{{"Высота", "8\u00a0м"}, {"Лампа", "натриевая"}, {"Год установки", "2010"}},
	}
}

// storyThings is a form beside whose place three objects stand, one with an open
// problem.
func storyThings(p HomePage) HomePage {
	first, second, third := storyLamp(), storyLamp(), storyLamp()
	first.Checked = true
	first.Open = []ThingProblem{{Number: 23988, URL: "/problem/23988", Topic: "Не горит фонарь", State: State{Code: "work", Due: storyDay(35, 23, 59)}, Joins: true}}
	first.More = 2
	second.ID, second.Number, second.Metres, second.Fields = "lamp-2", "Л-002", 31, nil
	third.ID, third.Number, third.Name, third.Metres = "lamp-3", "", longWord, 48
	p.Things = Things{List: []Thing{first, second, third}}
	p.Near = nil
	return p
}
