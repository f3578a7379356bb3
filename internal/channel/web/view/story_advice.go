package view

// The form in the states that what was written puts it in.

func storySure() HomePage {
	p := storyAsked()
	p.Topics = storyTopics()[:1]
	p.Advice = "Снимите столб, лучше с номером на табличке. Напишите, сколько фонарей не горит."
	p.PhotoNeed = "Нужно фото: по нему исполнитель поймёт, что везти с собой."
	return p
}

func storyObjects() []Object {
	return []Object{{"1", "Дом", "house"}, {"2", "Двор", "yard"}, {"3", "Улица", "street"}, {"4", "Парк, сад, бульвар, сквер", "park"}}
}

func storyFormQuestion() HomePage {
	p := storyHome()
	p.Text = "темно вечером"
	p.Open = true
	p.Question = Question{Asked: "1 2 3 4", Options: storyObjects()}
	return p
}

func storyFormAnswered() HomePage {
	p := storyAsked()
	p.Text = "темно вечером"
	p.Topics = p.Topics[:2]
	p.Answered = Answered{Asked: "1 2 3 4", Object: "2", Name: "Двор"}
	return p
}

func storyNoticed() HomePage {
	p := storySure()
	p.Text = "Во дворе не горит фонарь, звоните Марии Петровне +7 921 000-11-22, кв. 14. Сволочи, сколько можно"
	p.Notices = []Notice{
		{
			Kind: "personal", Text: "Это прочитают только сотрудники, для всех остальных скроем:",
			Quotes: []Quote{{"Марии Петровне", "имя"}, {"+7 921 000-11-22", "телефон"}, {"кв. 14", "квартира"}},
		},
		{Kind: "rude", Text: "В тексте есть грубые слова. Из-за них сообщение могут вернуть: оставьте суть, и его передадут сразу."},
	}
	return p
}

func storyTwo() HomePage {
	p := storyAsked()
	p.Text = "Во дворе не горит фонарь. И ещё на дороге у дома яма, колесо пробили"
	p.Parts = []string{"Во дворе не горит фонарь.", "На дороге у дома яма, колесо пробили"}
	return p
}

func storyParted() HomePage {
	p := storySure()
	p.Text = "Во дворе не горит фонарь."
	p.Rest = "На дороге у дома яма, колесо пробили"
	return p
}

func storySecond() HomePage {
	p := storyHome()
	p.Text = "На дороге у дома яма, колесо пробили"
	p.First = SentFirst{Number: 24017, URL: "/problem/24017", Code: "4f9k2m", FollowURL: "/follow/7h2k9m4qx0r8vw3s5t1d6n2p4c8e0fgh"}
	p.Topics = []TopicChoice{{
		ID: "300", Name: "Яма на проезжей части", Path: "Улица · Дорога", Due: storyDay(32, 23, 59), Chosen: true, Icon: "street",
		Covers: "Например: яма, провал, колдобина",
	}}
	p.Place = Mark{House: "h-14", Label: "ул. Садовая, 14"}
	p.Address = "ул. Садовая, 14"
	return p
}

func storySeason() HomePage {
	p := storySure()
	p.Text = "не косят траву во дворе"
	p.PhotoNeed, p.Advice = "", ""
	p.Topics = []TopicChoice{{ID: "190", Name: "Не скошена трава", Path: "Двор · Благоустройство", Chosen: true, Icon: "yard", Covers: "Например: трава по пояс, не косят газон"}}
	p.Season = "Принимаем с 15 мая по 30 сентября."
	p.Next = []Next{{Kind: "mend", Text: "Сейчас не сезон. Сохраните черновик: напомним в первый день приёма."}}
	return p
}

func storyCallFirst() HomePage {
	p := storyHome()
	p.Text = "в подвале лопнула труба, хлещет вода"
	p.Topics = []TopicChoice{{
		ID: "20", Name: "Протечка труб в подвале", Path: "Дом · Водоснабжение", Due: storyDay(31, 23, 59), Chosen: true, Icon: "house",
		Covers: "Например: течёт труба, вода в подвале, затопило подвал",
	}}
	p.CallFirst = []Piece{{"Если вода прибывает, сначала позвоните в аварийную: ", false}, {"2-10-04", true}, {", круглосуточно.", false}}
	p.Advice = "Напишите, где течёт и как давно."
	p.Fields = []Field{{Name: "stairs", Label: "Подъезд", Short: true, Required: true, InputMode: "numeric"}, {Name: "floor", Label: "Этаж", Short: true, InputMode: "numeric"}}
	return p
}

func storyTopicPickKnown() TopicPickPage {
	p := storyTopicPick("")
	p.Recent = storyTopics()[1:2]
	yard := &p.Objects[0].Categories[1]
	yard.Topics = append(append([]TopicChoice{}, yard.Topics...),
		TopicChoice{ID: "190", Name: "Не скошена трава", Covers: "Например: трава по пояс, не косят газон", Why: "Принимаем с 15 мая по 30 сентября."},
		TopicChoice{ID: "191", Name: "Нет песка в песочнице", Why: "Эту тему закрыли: выберите «Сломана детская площадка»."})
	return p
}

func storySentRest() SentPage {
	p := storySent()
	p.Rest = true
	return p
}
