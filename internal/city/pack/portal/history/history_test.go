package history

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestASentenceOfARedirectIsRead(t *testing.T) {
	t.Parallel()
	const begin = `Ваше сообщение передано по принадлежности вопроса `
	const moved = ` В связи с этим срок решения изменен с 10.11.2026 на 13.11.2026`
	due := time.Date(2026, 11, 13, 23, 59, 59, 999999000, Moscow)
	for name, tt := range map[string]struct {
		sentence string
		want     Route
	}{
		"both parts and a date": {
			begin + `от контролера: "Палата парков", от координатора: "Палата парков" контролеру: "Управа Садовая", координатору: "Дирекция работ".` + moved,
			Route{"Управа Садовая", "Дирекция работ", due}},
		"the coordinator only": {
			begin + `от координатора: "Дирекция работ" координатору: "Управа Садовая".` + moved,
			Route{"", "Управа Садовая", due}},
		"the controller only": {
			begin + `от контролера: "Палата парков" контролеру: "Управа Садовая".` + moved,
			Route{"Управа Садовая", "", due}},
		"without a date": {
			begin + `от контролера: "Палата парков", от координатора: "Лес" контролеру: "Управа", координатору: "Дирекция работ".`,
			Route{"Управа", "Дирекция работ", time.Time{}}},
		"without a date or a full stop": {
			begin + `от координатора: "Лес" координатору: "Дирекция работ"`,
			Route{"", "Дирекция работ", time.Time{}}},
		"names with quotes inside": {
			begin + `от контролера: "ГУП "Лес и "Поле""", от координатора: "ООО "Ель"" контролеру: "ГУП "Свет "Юг""", координатору: "ООО "Сосна и К"".` + moved,
			Route{`ГУП "Свет "Юг""`, `ООО "Сосна и К"`, due}},
		"a name with quotes at the very end": {
			begin + `от координатора: "Лес" координатору: "ООО "Ель"".`,
			Route{"", `ООО "Ель"`, time.Time{}}},
		"a name with commas and full stops": {
			begin + `от координатора: "Лес" координатору: "Дирекция работ, услуг им. И. И. Ёлкина".` + moved,
			Route{"", "Дирекция работ, услуг им. И. И. Ёлкина", due}},
		"a name that ends in a full stop before its quote": {
			begin + `от координатора: "Лес" координатору: "Ель Лтд.".`,
			Route{"", "Ель Лтд.", time.Time{}}},
		"the date on a line of its own": {
			begin + `от координатора: "Лес" координатору: "Ель".` + "\n" + strings.TrimSpace(moved),
			Route{"", "Ель", due}},
		"the last day of a month": {
			begin + `от координатора: "Лес" координатору: "Ель". В связи с этим срок решения изменен с 01.11.2026 на 31.12.2026`,
			Route{"", "Ель", time.Date(2026, 12, 31, 23, 59, 59, 999999000, Moscow)}},
	} {
		got, err := ParseRoute(tt.sentence)
		if err != nil || got.Controller != tt.want.Controller || got.Coordinator != tt.want.Coordinator || !got.Due.Equal(tt.want.Due) {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", name, got, err, tt.want)
		}
	}
}

func TestASentenceThatNamesNobodyIsAnError(t *testing.T) {
	t.Parallel()
	for name, sentence := range map[string]string{
		"nothing":             "",
		"only where it was":   `передано от контролера: "Лес"`,
		"no quotes":           "контролеру: Лес",
		"a day that is none":  `координатору: "Лес". В связи с этим срок решения изменен с 10.11.2026 на 32.11.2026`,
		"another word inside": `соконтролеру: "Лес"`,
	} {
		if r, err := ParseRoute(sentence); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func FuzzParseRoute(f *testing.F) {
	f.Add(`от контролера: "Лес", от координатора: "Ель" контролеру: "А", координатору: "Б". В связи с этим срок решения изменен с 10.11.2026 на 13.11.2026`)
	f.Add(`координатору: "`)
	f.Add(`контролеру: "контролеру: "`)
	f.Add(`контролеру: "". В связи`)
	f.Fuzz(func(t *testing.T, sentence string) {
		r, err := ParseRoute(sentence)
		if err != nil {
			return
		}
		for _, name := range []string{r.Controller, r.Coordinator} {
			if !strings.Contains(sentence, name) {
				t.Errorf("%q is not in the sentence", name)
			}
		}
		if !r.Due.IsZero() && r.Due.Hour() != 23 {
			t.Errorf("due %s is not the end of a day", r.Due)
		}
	})
}

// lamp is a short history with one entry of each kind that has fields of its own.
func lamp() History {
	change := Entry{Type: TypeChange, At: "2026-11-02 09:30:00"}
	change.Change = &Change{"Улица/Дороги/Яма", "Улица/Свет/Не горит фонарь"}
	return History{ID: 501, Created: "2026-11-02T09:00:00", Author: "житель-1", Reason: 7, Events: []Entry{
		{Type: TypePetition, At: "2026-11-02T09:00:00", Body: "Темно"}, change,
		{Type: TypeStatus, At: "2026-11-03T10:00:00", Name: NameWork},
		{Type: TypeAnswer, At: "2026-11-05T12:00:00", Kind: KindInterim, Org: "Горсвет", Interim: "2026-11-20"},
	}}
}

func FuzzDecode(f *testing.F) {
	body, err := json.Marshal(lamp())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{"id":1,"events":[{"t":"status","dt":"2026-11-20","name":"Модерация"}]}`))
	f.Add([]byte(`{"id":1,"events":[{"t":"problem_change","dt":"2026-11-20 10:00:00","reason_change":null}]}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		h, err := Decode(line)
		if err != nil {
			return
		}
		if h.ID == 0 || len(h.Events) == 0 {
			t.Errorf("%+v was read", h)
		}
	})
}

func TestWhatIsNoHistoryIsRefused(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"", "{", "[]", "{}", `{"id":1}`, `{"id":1,"events":[]}`, `{"events":[{"t":"petition"}]}`} {
		if h, err := Decode([]byte(line)); err == nil {
			t.Errorf("%q gives %+v", line, h)
		}
	}
}
