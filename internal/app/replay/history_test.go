package replay

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"gorod/internal/city/org"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/topic"
)

// town names the topics and organisations of the test town.
func town() directory {
	d := directory{topics: map[string]topic.ID{}, orgs: map[string]org.ID{}}
	d.topics[history.Plain(lampPath)], d.topics[history.Plain(pitPath)] = problemtest.Lamp, problemtest.Pothole
	for id, name := range orgNames() {
		d.orgs[history.Plain(name)] = id
	}
	return d
}

const (
	lampPath = "Двор/Благоустройство/Не горит фонарь"
	pitPath  = "Двор/Благоустройство/Яма"
)

func orgNames() map[org.ID]string {
	return map[org.ID]string{"light": `ГУП "Свет и "Тень""`, "works": "Дирекция работ", "roads": `ООО "Гладкие дороги"`, "admin": "Администрация города Пробного"}
}

// when is a moment of November 2026 as the file writes it.
func when(day, hour int) string { return fmt.Sprintf("2026-11-%02dT%02d:15:30", day, hour) }

func petition(day int, words string) history.Entry {
	return history.Entry{Type: history.TypePetition, At: when(day, 9), Body: words}
}

func status(day, hour int, name string) history.Entry {
	return history.Entry{Type: history.TypeStatus, At: when(day, hour), Name: name}
}

func answer(day int, by org.ID, words string) history.Entry {
	return history.Entry{Type: history.TypeAnswer, At: when(day, 12), Kind: "Окончательный ответ", Org: orgNames()[by], Body: words}
}

func interim(day int, by org.ID, until string) history.Entry {
	return history.Entry{Type: history.TypeAnswer, At: when(day, 12), Kind: history.KindInterim, Org: orgNames()[by], Body: "Закажем деталь", Interim: until}
}

func route(day int, sentence string) history.Entry {
	return history.Entry{Type: history.TypeRoute, At: when(day, 11), Comment: "Ваше сообщение передано по принадлежности вопроса " + sentence}
}

func change(day, hour int, from, to string) history.Entry {
	e := history.Entry{Type: history.TypeChange, At: when(day, hour)}
	e.Change = &history.Change{Old: from, Current: to}
	return e
}

func told(id int64, entries ...history.Entry) history.History {
	return history.History{ID: id, Created: entries[0].At, Author: fmt.Sprintf("житель-%d", id%4), Reason: int64(problemtest.Lamp),
		Lat: problemtest.Square.Lat, Lon: problemtest.Square.Lon,
		Responsible: history.Responsible{Executor: &history.Body{Name: orgNames()["light"]}}, Events: entries}
}

func begin(words string) []history.Entry {
	return []history.Entry{petition(2, words), status(2, 9, history.NameModeration), status(3, 10, history.NameWork)}
}

// quiet is what most histories are: answered, then silence.
func quiet() history.History {
	return told(501, append(begin("Не горит фонарь у арки"),
		answer(5, "light", "Заменили лампу"), status(6, 14, history.NameAnswered), status(26, 1, history.NameSilent))...)
}

// histories are invented lives in the shape of the portal's, one a peculiarity.
func histories() map[string]history.History {
	var reopen = history.Entry{Type: history.TypeReopen, At: when(10, 10), Comment: "На снимке другой двор"}
	return map[string]history.History{
		"silence": quiet(),
		"silence, closed early": told(502, append(begin("Темно"),
			answer(5, "light", "Горит"), status(5, 14, history.NameAnswered), status(9, 1, history.NameSilent))...),
		"the resident is content": told(503, append(begin("Мигает"),
			answer(5, "light", "Горит"), status(5, 14, history.NameAnswered), status(5, 20, history.NameConfirmed))...),
		"two residents are content": told(504, append(begin("Гудит"),
			answer(5, "light", "Тихо"), status(5, 14, history.NameAnswered), status(5, 20, history.NameConfirmed), status(6, 20, history.NameConfirmed))...),
		"another topic before the first message": told(505, append([]history.Entry{change(2, 8, pitPath, lampPath)},
			append(begin("Фонарь в яме"), answer(5, "light", "Достали"), status(6, 14, history.NameAnswered))...)...),
		"the same change twice": told(520, append([]history.Entry{change(2, 7, pitPath, lampPath), change(2, 8, pitPath, lampPath)},
			append(begin("Лампа в яме"), answer(5, "light", "Достали"), status(6, 14, history.NameAnswered))...)...),
		"another topic by the moderator": told(506, petition(2, "Яма под фонарём"), status(2, 9, history.NameModeration),
			change(2, 15, pitPath, lampPath), status(3, 10, history.NameWork), answer(5, "light", "Засыпали"), status(6, 14, history.NameAnswered)),
		"interim, then final": told(507, append(begin("Нет фонаря"),
			interim(4, "light", "2026-11-20"), status(4, 15, history.NameInterim), answer(19, "light", "Поставили"), status(20, 10, history.NameAnswered))...),
		"final before the interim was read": told(508, append(begin("Нет плафона"),
			interim(4, "light", "2026-11-20"), answer(5, "light", "Нашли на складе"), status(5, 18, history.NameAnswered))...),
		"redirected while interim": told(509, append(begin("Опора качается"),
			interim(4, "light", "2026-11-20"), status(4, 15, history.NameInterim),
			route(6, `от координатора: "Дирекция работ" координатору: "ООО "Гладкие дороги"". В связи с этим срок решения изменен с 20.11.2026 на 27.11.2026`),
			answer(25, "roads", "Закрепили"), status(26, 10, history.NameAnswered))...),
		"redirected at work": told(510, append(begin("Столб на тротуаре"),
			route(4, `от контролера: "Администрация города Пробного", от координатора: "Дирекция работ" контролеру: "Дирекция работ", координатору: "ООО "Гладкие дороги"".`),
			answer(9, "roads", "Убрали"), status(10, 10, history.NameAnswered), status(30, 1, history.NameSilent))...),
		"disputed twice": told(511, append(begin("Темно у школы"),
			answer(4, "light", "Горит"), status(4, 14, history.NameAnswered), petition(5, "Не горит"), status(5, 9, history.NameModeration), status(6, 10, history.NameWork),
			answer(8, "light", "Теперь горит"), status(8, 14, history.NameAnswered), petition(9, "Опять нет"), status(9, 9, history.NameModeration), status(10, 10, history.NameWork),
			answer(12, "light", "Заменили кабель"), status(12, 14, history.NameAnswered), status(13, 20, history.NameConfirmed))...),
		"reopened by control, with another date": told(512, append(begin("Нет света"),
			answer(5, "light", "Есть"), status(6, 14, history.NameAnswered), status(10, 10, history.NameWork), reopen,
			history.Entry{Type: history.TypeDueChange, At: when(10, 11), NewDue: "2026-11-25"}, answer(20, "light", "Вот снимок"), status(21, 14, history.NameAnswered))...),
		"closed by a people's controller": told(513, append(begin("Фонарь разбит"),
			answer(5, "light", "Вставили"), status(6, 14, history.NameAnswered),
			history.Entry{Type: history.TypeConclusion, At: when(12, 16), Resolved: true}, status(12, 16, history.NameControlled))...),
		"still waits for a moderator":  told(514, petition(27, "Тускло"), status(27, 9, history.NameModeration)),
		"an answer waits":              told(515, append(begin("Светит в окно"), answer(5, "light", "Повернули"))...),
		"an answer that the file lost": told(516, append(begin("Лампа жужжит"), status(6, 14, history.NameAnswered))...),
		"redirected while an answer waits, and the next one lost": told(519, append(begin("Столб на дороге"), answer(5, "light", "Не наш"),
			route(6, `от координатора: "Дирекция работ" координатору: "ООО "Гладкие дороги""`), status(8, 14, history.NameAnswered))...),
		"at a house": func() history.History {
			h := told(517, begin("Не горит над подъездом")...)
			house := int64(problemtest.House)
			h.Building = &house
			return h
		}(),
		"near a house": func() history.History {
			h := told(518, begin("Не горит у торца")...)
			h.NearestBuilding = &history.Building{ID: int64(problemtest.House)}
			return h
		}(),
	}
}

func TestEachHistoryBecomesTheCommandsThatItTells(t *testing.T) {
	t.Parallel()
	const begun = "send accept "
	want := map[string]string{
		"silence":                                                 begun + "answer pass close_silently",
		"silence, closed early":                                   begun + "answer pass close_silently",
		"the resident is content":                                 begun + "answer pass confirm",
		"two residents are content":                               begun + "answer pass confirm confirm",
		"another topic before the first message":                  "change_topic " + begun + "answer pass",
		"the same change twice":                                   "change_topic change_topic change_topic " + begun + "answer pass",
		"another topic by the moderator":                          "send change_topic accept answer pass",
		"interim, then final":                                     begun + "answer pass answer pass",
		"final before the interim was read":                       begun + "answer answer pass",
		"redirected while interim":                                begun + "answer pass redirect answer pass",
		"redirected at work":                                      begun + "redirect answer pass close_silently",
		"disputed twice":                                          begun + "answer pass dispute accept answer pass dispute accept answer pass confirm",
		"reopened by control, with another date":                  begun + "answer pass reopen set_due answer pass",
		"closed by a people's controller":                         begun + "answer pass confirm_on_spot",
		"still waits for a moderator":                             "send",
		"an answer waits":                                         begun + "answer",
		"an answer that the file lost":                            begun + "answer pass",
		"redirected while an answer waits, and the next one lost": begun + "answer redirect answer pass",
		"at a house":                                              "send accept",
		"near a house":                                            "send accept",
	}
	for name, h := range histories() {
		script, err := Plan(h, town())
		if err != nil || len(script.Gaps) > 0 {
			t.Errorf("%s: %v, gaps %v", name, err, script.Gaps)
		}
		var verbs []string
		for _, s := range script.Steps {
			verbs = append(verbs, problem.VerbOf(s.Command))
		}
		if got := strings.Join(verbs, " "); got != strings.TrimSpace(want[name]) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want[name])
		}
	}
}

// stepsOf plans a history and gives the commands of a type.
func stepsOf[C problem.Command](t *testing.T, name string) []C {
	t.Helper()
	script, err := Plan(histories()[name], town())
	if err != nil {
		t.Fatal(err)
	}
	var list []C
	for _, s := range script.Steps {
		if c, ok := s.Command.(C); ok {
			list = append(list, c)
		}
	}
	return list
}

func TestCommandsCarryWhatTheHistorySays(t *testing.T) {
	t.Parallel()
	sent := stepsOf[problem.Send](t, "silence")[0]
	if sent.Number != 501 || sent.UID != "00000000-0000-8000-8000-0000000001f5" || sent.Text != "Не горит фонарь у арки" ||
		sent.Topic != problemtest.Lamp || sent.Place.Mark != place.FreePoint || sent.Place.Point != problemtest.Square {
		t.Errorf("message %+v", sent)
	}
	if s := stepsOf[problem.Send](t, "another topic by the moderator")[0]; s.Topic != problemtest.Pothole {
		t.Errorf("the resident chose %d", s.Topic)
	}
	if s := stepsOf[problem.Send](t, "another topic before the first message")[0]; s.Topic != problemtest.Lamp {
		t.Errorf("sent under %d after the topic had been changed", s.Topic)
	}
	if s := stepsOf[problem.Send](t, "at a house")[0].Place; s.Mark != place.OnBuilding || s.House != problemtest.House {
		t.Errorf("at %+v", s)
	}
	if s := stepsOf[problem.Send](t, "near a house")[0].Place; s.Mark != place.NearBuilding || s.House != problemtest.House {
		t.Errorf("near %+v", s)
	}
	gives := stepsOf[problem.Give](t, "interim, then final")
	if !gives[0].Interim || gives[0].Planned.Format("02.01") != "20.11" || gives[0].Outcome != "" || gives[1].Interim || gives[1].Outcome != problem.Done {
		t.Errorf("answers %+v", gives)
	}
	r := stepsOf[problem.Redirect](t, "redirected while interim")[0]
	if r.Coordinator != "roads" || r.Controller != "" || r.Due.Format("02.01 15:04") != "27.11 23:59" {
		t.Errorf("redirect %+v", r)
	}
	if r := stepsOf[problem.Redirect](t, "redirected at work")[0]; r.Coordinator != "roads" || r.Controller != "works" || !r.Due.IsZero() {
		t.Errorf("redirect %+v", r)
	}
	if r := stepsOf[problem.Reopen](t, "reopened by control, with another date")[0]; r.Text != "На снимке другой двор" {
		t.Errorf("reopened with %q", r.Text)
	}
	if d := stepsOf[problem.SetDue](t, "reopened by control, with another date")[0]; d.Due.Format("2006-01-02") != "2026-11-25" {
		t.Errorf("due %s", d.Due)
	}
	if g := stepsOf[problem.Give](t, "an answer that the file lost")[0]; g.Org != "light" || g.Text != "" {
		t.Errorf("answer %+v", g)
	}
	if c := stepsOf[problem.CloseSilently](t, "silence, closed early")[0]; !c.Imported {
		t.Error("closed by our own rule")
	}
}

func TestOnlyTheAuthorsOwnCommandsAreTheAuthors(t *testing.T) {
	t.Parallel()
	authors := map[string]bool{"send": true, "dispute": true, "confirm": true}
	ids := map[int64]bool{}
	for name, h := range histories() {
		script, err := Plan(h, town())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range script.Steps {
			if verb := problem.VerbOf(s.Command); s.Author != authors[verb] {
				t.Errorf("%s: %s is the author's: %v", name, verb, s.Author)
			}
			if w := s.who(7, h); !w.System || w.City != 7 || s.Author && w.ID < 1<<61 {
				t.Errorf("%s: given by %+v", name, w)
			} else if s.Author {
				ids[w.ID] = true
			}
		}
	}
	if len(ids) != 4 {
		t.Errorf("four pseudonyms became %d people", len(ids))
	}
}

func TestWhatCommandsCannotSayIsCountedByItsReason(t *testing.T) {
	t.Parallel()
	more := func(e ...history.Entry) history.History { return told(600, append(begin("Темно"), e...)...) }
	for name, tt := range map[string]struct {
		h    history.History
		want string
	}{
		"not solved on the spot":    {more(history.Entry{Type: history.TypeConclusion, At: when(5, 1)}), "people's controller"},
		"an unknown type":           {more(history.Entry{Type: "dance", At: when(5, 1)}), "unknown type of entry dance"},
		"an unknown status":         {more(status(5, 1, "Пляшет")), "unknown status Пляшет"},
		"an unknown organisation":   {more(answer(5, "nobody", "Горит")), "organisation that the pack does not have"},
		"a redirect to nobody":      {more(route(5, `координатору: "Кто-то"`)), "redirect to an organisation"},
		"a change to no topic":      {more(change(5, 1, lampPath, "Небо/Погода/Дождь")), "change to a topic"},
		"a change from no topic":    {more(change(5, 1, "Небо/Погода/Дождь", lampPath)), "change from a topic"},
		"a change without a topic":  {more(history.Entry{Type: history.TypeChange, At: when(5, 1)}), "change of topic without topics"},
		"nobody does anything":      {told(601, status(2, 9, history.NameModeration)), "nobody does anything"},
		"a redirect to nobody else": {more(route(5, `контролеру: "Кто-то", координатору: "Дирекция работ"`)), "redirect to an organisation"},
	} {
		script, err := Plan(tt.h, town())
		if err != nil || len(script.Gaps) != 1 || !strings.Contains(script.Gaps[0].Reason, tt.want) || script.Gaps[0].Problem != tt.h.ID {
			t.Errorf("%s: %v, gaps %+v", name, err, script.Gaps)
		}
	}
}

func TestABrokenEntryStopsItsHistoryWithItsPlace(t *testing.T) {
	t.Parallel()
	broken := begin("Темно")
	for name, e := range map[string]history.Entry{
		"no time":                {Type: history.TypeStatus, At: "вчера", Name: history.NameWork},
		"no planned date":        interim(4, "light", ""),
		"a redirect of no one":   route(4, "никому"),
		"no new date":            {Type: history.TypeDueChange, At: when(4, 1)},
		"a time with a zone too": {Type: history.TypeStatus, At: "2026-11-20T10:00:00+03:00", Name: history.NameWork},
	} {
		_, err := Plan(told(602, append(slices.Clone(broken), e)...), town())
		if err == nil || !strings.Contains(err.Error(), "history 602, event 4") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheEndIsTheLastStatusOfTheFile(t *testing.T) {
	t.Parallel()
	want := map[string]problem.Status{
		"silence": problem.Silent, "the resident is content": problem.Confirmed, "closed by a people's controller": problem.Controlled,
		"still waits for a moderator": problem.Moderation, "an answer waits": problem.Work, "interim, then final": problem.Answered,
	}
	all := histories()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if script, err := Plan(all[name], town()); err != nil || script.End != want[name] {
			t.Errorf("%s ends as %s, %v", name, script.End, err)
		}
	}
	if sameEnd(problem.Work, problem.Interim) || !sameEnd(problem.Review, problem.Interim) || !sameEnd(problem.Review, problem.Work) ||
		sameEnd(problem.Review, problem.Answered) || sameEnd(problem.Silent, problem.Confirmed) {
		t.Error("ends are compared wrongly")
	}
}

func FuzzPlan(f *testing.F) {
	for _, h := range histories() {
		line, err := json.Marshal(h)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		h, err := history.Decode(line)
		if err != nil {
			return
		}
		script, err := Plan(h, town())
		if err == nil && len(script.Steps) > len(h.Events)*2 {
			t.Errorf("%d commands of %d entries", len(script.Steps), len(h.Events))
		}
	})
}
