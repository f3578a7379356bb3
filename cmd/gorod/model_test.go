package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gorod/internal/city/pack/packtest"
)

// trained trains a model from the pack of packtest and gives the folders of
// both.
func trained(t *testing.T) (model, dir string) {
	t.Helper()
	dir = folder(t, packtest.Files())
	model = filepath.Join(t.TempDir(), "model")
	gorod("train", "--pack="+dir, "--out="+model).expect(t, 0, "learned", "2 topics", "held out", "MB")
	return model, dir
}

// written writes lines into a file of messages.
func written(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "messages.ndjson")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// told is a line of a message about a topic.
func told(id, topic int, when, text string) string {
	return fmt.Sprintf(`{"id":%d,"created":"%s","reason_id":%d,"city_object_id":1,"author":"a","lat":60.06,"lon":30.05,"events":[{"t":"petition","body":"%s"}]}`, id, when, topic, text)
}

func TestAModelOfAPackProposesAndSaysWhy(t *testing.T) {
	t.Parallel()
	model, dir := trained(t)
	gorod("suggest", "Яма у подъезда", "--model="+model, "--pack="+dir, "--at=60.06,30.05", "--mark=near", "--time=2026-11-22T18:30").
		expect(t, 0, "1. Яма", "потому что: ", "яма")
	gorod("suggest", "pothole", "--model="+model, "--pack="+dir, "--lang=en").expect(t, 0, "1. Pothole", "because of: pothole")
	s := gorod("suggest", "Темно, фонарь не горит", "--model="+model, "--pack="+dir, "--json")
	s.expect(t, 0)
	var answer struct {
		Shows string
		Best  []struct {
			Topic   int64
			P       float64
			Name    string
			Because []struct{ Kind, Text string }
		}
	}
	if err := json.Unmarshal([]byte(s.out), &answer); err != nil || len(answer.Best) == 0 || answer.Best[0].Topic != 9 || len(answer.Best[0].Because) == 0 || answer.Shows == "" {
		t.Errorf("%+v, %v in %s", answer, err, s.out)
	}
	// A pack that does not have the topic: its number.
	gorod("suggest", "qqqqqq", "--model="+model, "--pack="+dir, "--json").expect(t, 0, `"best"`)
}

func TestWhatCannotBeSuggestedIsSaid(t *testing.T) {
	t.Parallel()
	model, _ := trained(t)
	gorod("suggest", "яма", "--model="+model, "--at=north").expect(t, 1, `"north" is no place`)
	gorod("suggest", "яма", "--model="+model, "--at=600,30").expect(t, 1, "is no place")
	gorod("suggest", "яма", "--model="+model, "--time=soon").expect(t, 1, `"soon" is no time`)
	gorod("suggest", "яма", "--model="+model, "--mark=sideways").expect(t, 2, "--mark")
	gorod("suggest", "яма", "--model="+written(t, "no model")).expect(t, 1, "this is no model")
	gorod("suggest", "яма", "--model="+model, "--pack=/nowhere").expect(t, 1, "find the pack")
	gorod("suggest").expect(t, 2)
	config, db := settle(t)
	gorod(config, db, "suggest", "яма", "--history="+written(t)).expect(t, 1, "--history is for --model")
	gorod(config, db, "suggest", "яма").expect(t, 1, "There is no database")
}

func TestTheSameSeedGivesTheSameModel(t *testing.T) {
	t.Parallel()
	dir := folder(t, packtest.Files())
	var bodies [2]string
	for i := range bodies {
		out := filepath.Join(t.TempDir(), "model")
		gorod("train", "--pack="+dir, "--out="+out, "--seed=7").expect(t, 0)
		body, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		bodies[i] = string(body)
	}
	if bodies[0] != bodies[1] || bodies[0] == "" {
		t.Error("two trainings differ")
	}
}

func TestATrainingThatFailsLeavesTheModelAlone(t *testing.T) {
	t.Parallel()
	model, dir := trained(t)
	before, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	gorod("train", "--pack="+dir, "--out="+model, "--messages="+written(t, "{")).expect(t, 1, "messages.ndjson:1:")
	gorod("train", "--pack="+dir, "--out="+model, "--messages="+written(t, told(1, 8, "2026-11-02T09:00:00", "яма")), "--until=2026-11-01").expect(t, 1, "no messages to learn from")
	gorod("train", "--pack="+dir, "--out="+model, "--messages="+written(t, told(1, 8, "2026-11-02T09:00:00", "яма")), "--until=soon").expect(t, 1, "is no date")
	gorod("train", "--pack="+dir, "--out=/nowhere/at/all/model").expect(t, 1, "there is no folder /nowhere/at/all")
	gorod("train", "--pack="+dir).expect(t, 2, "--out")
	gorod("train", "--pack="+dir, "--out="+model, "--from-archive", "--messages="+written(t, "{")).expect(t, 2)
	after, err := os.ReadFile(model)
	if err != nil || string(after) != string(before) {
		t.Errorf("the model has changed, %v", err)
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(model), "*.part")); len(rest) > 0 {
		t.Errorf("%v is left", rest)
	}
}

func TestAShortArchiveTeachesByItsTexts(t *testing.T) {
	t.Parallel()
	_, dir := trained(t)
	var lines []string
	for i := range 40 {
		lines = append(lines, told(i+1, 8+i%2, fmt.Sprintf("2026-11-%02dT09:00:00", 1+i%28), []string{"колдобина", "потёмки"}[i%2]))
	}
	model := filepath.Join(t.TempDir(), "model")
	s := gorod("train", "--pack="+dir, "--out="+model, "--messages="+written(t, lines...), "--json")
	s.expect(t, 0, `"messages": 40`, `"judged"`, `"seconds"`)
	gorod("suggest", "потёмки", "--model="+model, "--pack="+dir).expect(t, 0, "1. ")
	if s := gorod("suggest", "потёмки", "--model="+model, "--pack="+dir, "--json"); !regexp.MustCompile(`(?s)"best": \[\s*{\s*"topic": 9,`).MatchString(s.out) {
		t.Errorf("said %s%s", s.out, s.err)
	}
}

func TestAModelIsJudgedByMessagesAsTheyCameIn(t *testing.T) {
	t.Parallel()
	model, dir := trained(t)
	messages := written(t, told(3, 8, "2026-11-09T09:00:00", "Яма у подъезда"), told(2, 9, "2026-11-02T09:00:00", "Фонарь не горит"))
	history := written(t, told(1, 8, "2026-11-01T09:00:00", "яма у подъезда!"))
	page := filepath.Join(t.TempDir(), "report.html")
	s := gorod("evaluate", "--model="+model, "--messages="+messages, "--history="+history, "--pack="+dir, "--know=text", "--json", "--html="+page, "--lang=en")
	s.expect(t, 0, `"know": "text"`, `"top1": 1`, `"macro_f1"`, `"share_at_p95"`, `"cpu_ms"`, `"by_words"`, `"3-5"`)
	var report struct {
		N      int
		Top3   float64
		Unseen struct{ N int }
		Weeks  []any
	}
	if err := json.Unmarshal([]byte(s.out), &report); err != nil || report.N != 2 || report.Top3 != 1 || report.Unseen.N != 1 || len(report.Weeks) != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	body, err := os.ReadFile(page)
	if err != nil || !strings.Contains(string(body), "messages.ndjson") || !strings.Contains(string(body), `<html lang="en">`) {
		t.Errorf("the page is %.200s, %v", body, err)
	}
	gorod("evaluate", "--model="+model, "--messages="+messages, "--pack="+dir).expect(t, 0, "all messages", "residents themselves", "macro-F1", "week of 2026-11-02")
	gorod("evaluate", "--model="+model, "--messages="+messages, "--know=hearsay").expect(t, 2, "--know")
	gorod("evaluate", "--model="+model, "--messages="+written(t, told(3, 8, "2026-11-09T09:00:00", "яма"), "{")).expect(t, 1, "messages.ndjson:2:")
	gorod("evaluate", "--model="+model, "--messages="+written(t)).expect(t, 1, "no messages to judge by")
	gorod("evaluate", "--model="+model).expect(t, 2, "--messages")
}

func TestTheModelsOfACityAreListedAndTakenBack(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	do := func(args ...string) said { return gorod(append([]string{config, db}, args...)...) }
	dir := folder(t, packtest.Files())
	do("import", dir).expect(t, 0, "Version 1 is in force")
	s := do("models")
	s.expect(t, 0, "in use")
	first := strings.Fields(s.out)[0]
	do("suggest", "Яма у подъезда", "--at=60.06,30.05").expect(t, 0, "1. Яма", "потому что")
	do("train", "--from-archive", "--out="+filepath.Join(t.TempDir(), "model")).expect(t, 1, "no messages to learn from")
	spoil(t, dir, "examples.csv", "Яма у подъезда", "Выбоина у подъезда")
	do("import", dir).expect(t, 0, "Version 2 is in force")
	if s = do("models", "list"); len(strings.Split(strings.TrimSpace(s.out), "\n")) != 2 || strings.Contains(strings.Split(s.out, "\n")[1], "in use") {
		t.Errorf("listed\n%s%s", s.out, s.err)
	}
	do("models", "use", first).expect(t, 0, "Model "+first+" is in use")
	s = do("models", "list", "--json")
	s.expect(t, 0)
	var list []struct {
		Version  int64
		Standing string
		Report   struct{ Judged struct{ N int } }
	}
	if err := json.Unmarshal([]byte(s.out), &list); err != nil || len(list) != 2 || list[1].Standing != "in use" || fmt.Sprint(list[1].Version) != first || list[0].Standing != "kept" {
		t.Errorf("%+v, %v in %s", list, err, s.out)
	}
	do("models", "use", "77").expect(t, 1, "gorod: error:")
	do("models", "use", "the old one").expect(t, 1, "is no version of a model")
	do("models", "learn").expect(t, 0, "nothing changed")
}

func TestModelsAreTakenAndTrainedBesideAServer(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	do := func(args ...string) said { return gorod(append([]string{config, db}, args...)...) }
	do("import", folder(t, packtest.Files())).expect(t, 0)
	serve(t, config, db)
	s := do("models")
	s.expect(t, 0, "in use")
	do("models", "use", strings.Fields(s.out)[0]).expect(t, 0, "is in use")
	do("models", "learn").expect(t, 0, "nothing changed")
	do("models", "use", "77").expect(t, 1, "gorod: error:")
	do("suggest", "Яма у подъезда").expect(t, 0, "1. Яма")
}
