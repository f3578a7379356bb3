package pack

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
)

// calendars reads calendar/YYYY.xml.
func (r *reading) calendars() {
	files := r.glob("calendar/*.xml")
	if len(files) == 0 {
		r.defaulted("calendar", "", "pack.no_calendar")
	}
	for _, file := range files {
		data, ok := r.bytes(file, "")
		if !ok {
			continue
		}
		year, err := deadline.ParseCalendar(bytes.NewReader(data))
		if err != nil {
			r.calendarFault(file, err)
			continue
		}
		if said := strings.TrimSuffix(path.Base(file), ".xml"); said != strconv.Itoa(year.Number) {
			r.fail(file, 0, "", "deadline.calendar_file_name", said, strconv.Itoa(year.Number))
			continue
		}
		r.pack.Years = append(r.pack.Years, year)
	}
	if _, err := deadline.NewCalendar("check", r.pack.Years, nil); err != nil {
		r.calendarFault("calendar", err)
	}
}

// calendarFault passes on what the calendar's own reader complains about: its
// fields are named file:line.
func (r *reading) calendarFault(file string, err error) {
	refused := fault.Of(err)
	switch {
	case refused == nil:
		r.fail(file, 0, "", "pack.file_unreadable", err.Error())
	case len(refused.Fields) == 0:
		r.fail(file, 0, "", refused.Phrase, refused.Args...)
	default:
		for _, f := range refused.Fields {
			_, after, _ := strings.Cut(f.Name, ":")
			line, _ := strconv.Atoi(after) // no number: the file as a whole
			r.fail(file, line, "", f.Phrase, f.Args...)
		}
	}
}

// pages are the texts that a city should have.
func pages() []string {
	return []string{"rules", "about", "consent/contact", "consent/publish_photo", "consent/newsletter"}
}

// texts reads texts/NAME.LANG.md and texts/consent/PURPOSE.LANG.md.
func (r *reading) texts() {
	have := map[string]bool{}
	for _, file := range slices.Concat(r.glob("texts/*.md"), r.glob("texts/*/*.md")) {
		stem := strings.TrimSuffix(strings.TrimPrefix(file, "texts/"), ".md")
		name, lang := strings.TrimSuffix(stem, path.Ext(stem)), strings.TrimPrefix(path.Ext(stem), ".")
		if !slices.Contains(r.pack.City.Languages, lang) {
			r.warn(file, 0, "", "pack.text_language", lang)
			continue
		}
		data, ok := r.bytes(file, "")
		if !ok {
			continue
		}
		if len(bytes.TrimSpace(data)) == 0 {
			r.fail(file, 0, "", "pack.empty_file")
			continue
		}
		have[name+"."+lang] = true
		r.pack.Texts = append(r.pack.Texts, Text{Name: name, Lang: lang, Body: string(data)})
	}
	main := r.pack.City.Main
	for _, name := range pages() {
		if !have[name+"."+main] {
			r.defaulted("texts/"+name+"."+main+".md", "", "pack.no_text")
		}
	}
	for _, t := range r.pack.Texts {
		if t.Lang == main {
			for _, lang := range r.pack.City.Languages {
				if !have[t.Name+"."+lang] {
					r.warn("texts/"+t.Name+"."+lang+".md", 0, "", "pack.untranslated_text", t.Name)
				}
			}
		} else if !have[t.Name+"."+main] {
			r.fail("texts/"+t.Name+"."+main+".md", 0, "", "pack.file_missing")
		}
	}
}

// photos lists photos/: names only, the story and the storybook open them.
func (r *reading) photos() {
	entries, err := fs.ReadDir(r.fsys, "photos")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.fail("photos", 0, "", "pack.file_unreadable", err.Error())
	}
	for _, e := range entries {
		if !e.IsDir() {
			r.pack.Photos = append(r.pack.Photos, e.Name())
			r.note("photo", e.Name(), 0)
		}
	}
}

const storyFile = "story.ndjson"

// story reads the invented life; it is for demonstrations and never loaded.
func (r *reading) story() {
	data, err := readFile(r.fsys, storyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		r.fail(storyFile, 0, "", "pack.file_unreadable", err.Error())
		return
	}
	lines := bufio.NewReader(bytes.NewReader(data))
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			r.scene(n, line)
		}
		if err != nil {
			return
		}
	}
}

func (r *reading) scene(n int, line []byte) {
	var s Scene
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&s)
	if err == nil {
		if _, after := decoder.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if err != nil {
		r.fail(storyFile, n, "", "pack.json", err.Error())
		return
	}
	before := r.report.Errors
	r.checkScene(n, s)
	if r.report.Errors == before {
		r.pack.Story = append(r.pack.Story, s)
	}
}

func (r *reading) checkScene(n int, s Scene) {
	fail := func(field, reason string, args ...any) { r.fail(storyFile, n, field, reason, args...) }
	if s.Key == "" || s.Text == "" {
		fail("key", "pack.empty")
	}
	if first, twice := r.note("scene", s.Key, n); twice {
		fail("key", "pack.twice", s.Key, itoa(first))
	}
	if _, err := time.Parse("15:04", s.Time); err != nil {
		fail("time", "pack.not_time", s.Time)
	}
	for field, id := range map[string]int64{"topic": int64(s.Topic), "chosen": int64(s.Chosen)} {
		if key := strconv.FormatInt(id, 10); (id != 0 || field == "topic") && !r.knows("topic", key) {
			fail(field, "pack.no_such_topic", key)
		}
	}
	if house := strconv.FormatInt(int64(s.House), 10); s.House != 0 && !r.knows("house", house) {
		fail("house", "pack.no_such_house", house)
	}
	if s.Mark != place.OnBuilding && s.Mark != place.NearBuilding && s.Mark != place.FreePoint {
		fail("mark", "pack.not_listed", string(s.Mark), "building, near, point")
	}
	r.scenePhotos(n, s.Photos)
	for _, a := range s.Then {
		r.checkAct(n, s, a)
	}
}

func (r *reading) scenePhotos(n int, photos []string) {
	for _, photo := range photos {
		if !r.knows("photo", photo) {
			r.fail(storyFile, n, "photos", "pack.no_such_photo", photo)
		}
	}
}

func acts() []string {
	return []string{
		"accept", "change_topic", "reject", "ask", "reply", "redirect", "interim", "answer", "return", "pass", "confirm",
		"dispute", "close_auto", "withdraw", "people_confirm", "reopen", "request_redirect",
	}
}

func (r *reading) checkAct(n int, s Scene, a Act) {
	fail := func(field, reason string, args ...any) { r.fail(storyFile, n, field, reason, args...) }
	if !slices.Contains(acts(), a.Do) {
		fail("do", "pack.not_listed", a.Do, strings.Join(acts(), ", "))
	}
	for field, text := range map[string]string{"after": a.After, "planned_in": a.PlannedIn} {
		if _, err := ParseWait(text); err != nil && (field == "after" || text != "") {
			fail(field, "pack.not_wait", text)
		}
	}
	if a.To != "" && !r.knows("organisation", string(a.To)) {
		fail("to", "pack.no_such_organisation", string(a.To))
	}
	if a.Clause != "" && !r.knows("clause", a.Clause) {
		fail("clause", "pack.no_such_clause", a.Clause)
	}
	if id := strconv.FormatInt(int64(a.Topic), 10); a.Topic != 0 && !r.knows("topic", id) {
		fail("topic", "pack.no_such_topic", id)
	}
	if a.By != "" && a.By != s.Author && len(r.seen["login"]) > 0 && !r.knows("login", a.By) {
		r.warn(storyFile, n, "by", "pack.no_such_login", a.By)
	}
	r.scenePhotos(n, a.Photos)
}

// ParseWait reads how long a story waits: 30m, 16h, 3d.
func ParseWait(s string) (time.Duration, error) {
	unit := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
	if len(s) < 2 || unit[s[len(s)-1]] == 0 {
		return 0, fault.Invalid.New("pack.not_wait", s)
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 16)
	if err != nil {
		return 0, fault.Invalid.New("pack.not_wait", s)
	}
	return time.Duration(n) * unit[s[len(s)-1]], nil
}
