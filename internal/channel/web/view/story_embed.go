package view

// embedStories are the parts of the city on other sites.
func embedStories() []Story {
	list := EmbedPage{Base: storyAt("/embed/list", "", ""), Show: "list", Heading: "Что сообщают — Заречье", URL: "/map?area=zarechye&view=map", Lines: storyLines(5)}
	none := list
	none.Lines = nil
	report := EmbedPage{Base: storyAt("/embed/report", "", ""), Show: "report", Heading: "Сообщить о проблеме — ул. Садовая, д. 4", URL: "/", Key: "k-1",
		House: "1004", Address: "ул. Садовая, д. 4", MaxText: 10_000}
	code := EmbedCodePage{Base: storyAt("/embed", "", "Виджет для вашего сайта"),
		Show:   []Option{{Value: "list", Label: "Список проблем", Checked: true}, {Value: "map", Label: "Карта"}, {Value: "report", Label: "Форма сообщения"}},
		Areas:  []Option{{Value: "zarechye", Label: "Заречье", Checked: true}},
		House:  Field{Name: "house", Label: "Или дом: улица и номер"},
		Script: `<script async src="https://zarechny.example/widget.js" data-show="list" data-area="zarechye" data-lang="ru"></script>`,
		Frame:  `<iframe src="https://zarechny.example/embed/list?area=zarechye&l=ru" title="Список проблем" width="100%" height="480"></iframe>`,
		Try:    "/embed/list?area=zarechye&l=ru"}
	wrong := code
	wrong.House.Value, wrong.House.Error = "Садовя 140", "Такого адреса не нашли. Проверьте улицу и номер дома."
	wrong.Errors = FieldErrors{{"house", wrong.House.Error}}
	return []Story{
		{"widget", "list", list}, {"widget", "empty", none}, {"widget", "form", report},
		{"widget code", "of a district", code}, {"widget code", "error", wrong},
	}
}
