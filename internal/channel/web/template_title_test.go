package web

import "testing"

func TestAReadyTextIsListedByItsFirstSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Заменили лампу: ул. Луговая, д. 11. Проверили вечером.": "Заменили лампу: ул. Луговая, д. 11. Проверили вечером",
		"Убрали мусор. Вывезли контейнер.":                       "Убрали мусор",
		"Готово": "Готово",
		"Нашли повреждённый кабель у дома по адресу «наб. реки Светлицы, дом девятнадцать», чиним": "Нашли повреждённый кабель у дома по адресу «наб. реки Светли…",
	} {
		if got := templateTitle(text); got != want {
			t.Errorf("%q is listed as %q, want %q", text, got, want)
		}
	}
}
