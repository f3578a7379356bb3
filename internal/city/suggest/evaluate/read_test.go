package evaluate

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

var msk = time.FixedZone("MSK", 3*60*60)

// at is a moment of November 2026 in Moscow.
func at(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, msk) }

// lamp is a line with everything: the resident said a pit, staff made it a lamp.
const lamp = `{"id": 501, "created": "2026-11-02T09:00:00", "author": "житель-1", "reason_id": 7, "category_id": 70, "city_object_id": 3,
 "district_id": 34, "district": "Заречный", "municipality": "округ Мостовая", "lat": 58.30731, "lon": 36.89629, "building": null, "nearest_building": {"id": 9},
 "events": [{"t": "petition", "dt": "2026-11-02T09:00:00", "body": " Темно у моста\n"}, {"t": "petition", "dt": "2026-11-09T09:00:00", "body": "Всё ещё темно"},
 {"t": "problem_change", "dt": "2026-11-03T10:30:00", "reason_change": {"old": "Улица/Дороги/Яма", "current": "Улица/Свет/Не горит фонарь"}},
 {"t": "status", "dt": "2026-11-03T11:00:00", "status": 3}]}`

// pit is a line that names the path of a pit.
const pit = `{"id": 500, "created": "2026-11-01 12:00:00", "reason_id": 5, "city_object_id": 3, "building": 17, "lat": 58.3, "lon": 36.9,
 "events": [{"t": "petition", "body": "Яма"}, {"t": "problem_change", "dt": "2026-11-01T13:00:00", "reason_change": {"old": "Дом/Стены/Трещина", "current": "Улица/Дороги/Яма"}}]}`

// lines puts invented lines, which are broken for reading, into a file.
func lines(list ...string) string {
	var b strings.Builder
	for _, l := range list {
		b.WriteString(strings.ReplaceAll(l, "\n", "") + "\n")
	}
	return b.String()
}

func readOne(t *testing.T, text string) File {
	t.Helper()
	files, err := Read(ReadOptions{}, Source{"file", strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return files[0]
}

func TestALineBecomesTheMessageThatItWas(t *testing.T) {
	t.Parallel()
	f := readOne(t, lines(lamp, "", pit))
	if len(f.Messages) != 2 || f.Messages[0].Problem != 500 || f.Messages[1].Problem != 501 {
		t.Fatalf("messages are %+v", f.Messages)
	}
	m := f.Messages[1]
	want := suggest.Input{Text: "Темно у моста", At: at(2, 9, 0), Author: "житель-1", Lat: 58.30731, Lon: 36.89629,
		District: "34", Area: "округ Мостовая", Pin: suggest.NearBuilding}
	if !m.At.Equal(want.At) || m.At.Hour() != 9 {
		t.Errorf("sent at %s", m.At)
	}
	if m.At = want.At; m.Input != want {
		t.Errorf("got  %+v\nwant %+v", m.Input, want)
	}
	if m.Topic != 7 || !m.Corrected || f.ObjectOf(7) != 3 || f.CategoryOf(7) != 70 {
		t.Errorf("topic %d, corrected %v, object %d, category %d", m.Topic, m.Corrected, f.ObjectOf(7), f.CategoryOf(7))
	}
	if len(m.Known) != 2 || m.Known[0].Topic != 5 || !m.Known[0].At.Equal(at(2, 9, 0)) || m.Known[1].Topic != 7 || !m.Known[1].At.Equal(at(3, 10, 30)) {
		t.Errorf("known %+v", m.Known)
	}
	if m = f.Messages[0]; m.Pin != suggest.OnBuilding || m.Author != "" || m.District != "" {
		t.Errorf("the other message is %+v", m)
	}
}

func TestAPathThatNobodyNamesIsUnnamed(t *testing.T) {
	t.Parallel()
	f := readOne(t, lines(pit))
	if f.Nameless != 1 || f.Messages[0].Known[0].Topic != Unnamed || f.Messages[0].Known[1].Topic != 5 {
		t.Errorf("%d nameless, known %+v", f.Nameless, f.Messages[0].Known)
	}
	files, err := Read(ReadOptions{Paths: map[string]topic.ID{"Дом/Стены/Трещина": 9}}, Source{"a", strings.NewReader(lines(pit))})
	if err != nil || files[0].Nameless != 0 || files[0].Messages[0].Known[0].Topic != 9 {
		t.Errorf("%+v, %v", files, err)
	}
	given := map[string]topic.ID{"Улица/Дороги/Яма": 99}
	for list, want := range map[string]topic.ID{lines(pit, lamp): 99, lines(pit, lamp, strings.Replace(pit, "500", "499", 1)): 5} {
		files, err := Read(ReadOptions{Paths: given}, Source{"a", strings.NewReader(list)})
		if last := files[0].Messages[len(files[0].Messages)-1]; err != nil || last.Known[0].Topic != want {
			t.Errorf("%+v, %v: want %d", last, err, want)
		}
	}
}

func TestAPathIsNamedByAnotherFileToo(t *testing.T) {
	t.Parallel()
	files, err := Read(ReadOptions{}, Source{"a", strings.NewReader(lines(lamp))}, Source{"b", strings.NewReader(lines(pit))})
	if err != nil || files[0].Messages[0].Known[0].Topic != 5 {
		t.Errorf("%+v, %v", files, err)
	}
}

func TestAFileOfThePastKnowsNothingOfLaterChanges(t *testing.T) {
	t.Parallel()
	all := readOne(t, lines(lamp, pit)).Messages
	if list := Until(all, at(2, 0, 0)); len(list) != 1 || list[0].Problem != 500 || list[0].Topic != 5 {
		t.Errorf("on the second: %+v", list)
	}
	if list := Until(all, at(3, 0, 0)); len(list) != 2 || list[1].Topic != 5 || list[1].Corrected || len(list[1].Known) != 1 {
		t.Errorf("on the third: %+v", list)
	}
	if list := Until(all, at(4, 0, 0)); len(list) != 2 || list[1].Topic != 7 || !list[1].Corrected {
		t.Errorf("on the fourth: %+v", list)
	}
	if list := Until(all, at(1, 12, 30)); len(list) != 0 {
		t.Errorf("with a topic that nobody names: %+v", list)
	}
}

func TestNoChangeIsOlderThanItsMessage(t *testing.T) {
	t.Parallel()
	early := strings.Replace(lamp, `"dt": "2026-11-03T10:30:00"`, `"dt": "2026-11-01T10:30:00"`, 1)
	if known := readOne(t, lines(early)).Messages[0].Known; len(known) != 2 || !known[1].At.Equal(at(2, 9, 0)) || known[1].Topic != 7 {
		t.Errorf("known %+v", known)
	}
}

func TestWhatIsMissingIsNotKnown(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		line string
		want suggest.Input
	}{
		"everything":          {`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7}`, suggest.Input{}},
		"everything is null":  {`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7,"author":null,"lat":null,"lon":null,"district_id":null,"municipality":null,"building":null,"nearest_building":null,"events":null}`, suggest.Input{}},
		"half of a point":     {`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7,"lat":58.3}`, suggest.Input{}},
		"a point off the map": {`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7,"lat":5830,"lon":36}`, suggest.Input{}},
		"a free point":        {`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7,"lat":58.3,"lon":36}`, suggest.Input{Lat: 58.3, Lon: 36, Pin: suggest.FreePoint}},
		"the district's name": {`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7,"district":"Заречный"}`, suggest.Input{District: "Заречный"}},
		"a change of nothing": {`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7,"events":[{"t":"problem_change","dt":"x","reason_change":null}]}`, suggest.Input{}},
		"a time with a zone":  {`{"id":1,"created":"2026-11-02T06:00:00Z","reason_id":7}`, suggest.Input{}},
		"parts of a second":   {`{"id":1,"created":"2026-11-02T09:00:00.000000","reason_id":7}`, suggest.Input{}},
	} {
		m := readOne(t, tt.line).Messages[0]
		tt.want.At = m.At
		if m.Input != tt.want || !m.At.Equal(at(2, 9, 0)) || m.At.Hour() != 9 || m.Corrected || len(m.Known) != 1 {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestALineThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	const sound = `{"id":1,"created":"2026-11-02T09:00:00","reason_id":7}`
	for bad, why := range map[string]string{
		`{`:  "unexpected end",
		`[]`: "array",
		`{"created":"2026-11-02T09:00:00","reason_id":7}`:                  "id is missing",
		`{"id":2,"reason_id":7}`:                                           "created is missing",
		`{"id":2,"created":"yesterday","reason_id":7}`:                     `"yesterday" is no time`,
		`{"id":2,"created":"2026-11-02T09:00:00","reason_id":-4}`:          "reason_id is -4",
		`{"id":2,"created":"2026-11-02T09:00:00","reason_id":7,"lat":"n"}`: "lat",
		`{"id":2,"created":"2026-11-02T09:00:00","reason_id":7,"events":[{"t":"problem_change","dt":"","reason_change":{"old":"a","current":"b"}}]}`: "event 1: dt",
	} {
		_, err := Read(ReadOptions{}, Source{"people.ndjson", strings.NewReader(sound + "\n\n" + bad + "\n")})
		if err == nil || !strings.HasPrefix(err.Error(), "people.ndjson:3: ") || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestALineWithoutATopicOrSeenBeforeIsSkipped(t *testing.T) {
	t.Parallel()
	const sound = `{"id":1,"created":"2026-11-02T09:00:00","reason_id":7}`
	f := readOne(t, lines(sound, `{"id":2,"created":"2026-11-02T09:00:00","reason_id":null}`, sound))
	if len(f.Messages) != 1 || f.Skipped != 2 {
		t.Errorf("%d messages, %d skipped", len(f.Messages), f.Skipped)
	}
}

func TestAPackedFileIsTheSame(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(lines(lamp, pit)))
	z.Close()
	cut := bytes.Clone(packed.Bytes()[:packed.Len()-12])
	files, err := Read(ReadOptions{}, Source{"a.gz", &packed})
	if err != nil || len(files[0].Messages) != 2 {
		t.Errorf("%+v, %v", files, err)
	}
	if _, err = Read(ReadOptions{}, Source{"a.gz", bytes.NewReader(cut)}); err == nil || !strings.HasPrefix(err.Error(), "a.gz:") {
		t.Errorf("a file that breaks off: %v", err)
	}
}

func TestAnEmptyFileHasNoMessages(t *testing.T) {
	t.Parallel()
	if f := readOne(t, ""); len(f.Messages) != 0 {
		t.Errorf("%+v", f)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(lines(lamp, pit)))
	f.Add([]byte(`{"id":1,"created":"2026-11-02T09:00:00","reason_id":7,"events":[null]}`))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		files, err := Read(ReadOptions{}, Source{"f", bytes.NewReader(body)})
		if err != nil {
			return
		}
		for i, m := range files[0].Messages {
			if m.Problem <= 0 || m.Topic <= 0 || len(m.Known) == 0 || m.Known[0].At.Before(m.At) {
				t.Errorf("%+v was read", m)
			}
			if i > 0 && m.At.Before(files[0].Messages[i-1].At) {
				t.Errorf("message %d goes before the one before it", m.Problem)
			}
		}
	})
}
