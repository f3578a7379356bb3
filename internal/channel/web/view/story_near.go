package view

// storyNear is a form beside which three problems are told of: one that is very
// likely the same, one that was answered, one that was closed.
func storyNear(p HomePage) HomePage {
	first := p.Near[0]
	first.Sure, first.Metres, first.Same = true, 4, []string{"площадки", "фонарь", "горит"}
	second, third := p.Near[0], p.Near[0]
	second.Number, second.URL, second.Joined, second.State = 23911, "/problem/23911", 0, State{Code: "answered"}
	second.Over, second.OverAt = "answered", storyDay(28, 11, 5)
	third.Number, third.URL, third.Metres, third.Joined, third.State = 23702, "/problem/23702", 95, 12, State{Code: "closed_auto"}
	third.Over, third.OverAt, third.Topic = "closed", storyDay(20, 1, 30), "Мало света на детской площадке"
	p.Near = []Near{first, second, third}
	return p
}

// storyAskedFirst is the form that comes back instead of sending.
func storyAskedFirst(p HomePage, over string) HomePage {
	p = storyNear(p)
	p.Repeat, p.Near = p.Near[0], p.Near[2:]
	if over != "" {
		p.Repeat.Over, p.Repeat.OverAt, p.Repeat.State = over, storyDay(28, 11, 5), State{Code: "answered"}
	}
	return p
}

// storyAskedOwn is the same for who reported it.
func storyAskedOwn(p HomePage) HomePage {
	p = storyAskedFirst(p, "")
	p.Repeat.Own, p.Near = true, nil
	return p
}
