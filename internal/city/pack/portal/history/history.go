package history

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// History is one problem as the portal's API published it.
type History struct {
	ID              int64       `json:"id"`
	Created         string      `json:"created"`
	Author          string      `json:"author"` // a pseudonym
	Reason          int64       `json:"reason_id"`
	Lat             float64     `json:"lat"`
	Lon             float64     `json:"lon"`
	Building        *int64      `json:"building"`
	NearestBuilding *Building   `json:"nearest_building"`
	Responsible     Responsible `json:"responsible"`
	Events          []Entry     `json:"events"` // oldest first
}

// Building is a house by the portal's number.
type Building struct {
	ID int64 `json:"id"`
}

// Responsible is who has the problem at the end.
type Responsible struct {
	Executor    *Body `json:"executor"`
	Coordinator *Body `json:"coordinator"`
	Controller  *Body `json:"controller"`
}

// Body is an organisation by its name.
type Body struct {
	Name string `json:"organization_name"`
}

// Entry is one event of a history; Type says which fields count.
type Entry struct {
	Type     string  `json:"t"`
	At       string  `json:"dt"` // Moscow time, without a zone
	Body     string  `json:"body"`
	Name     string  `json:"name"` // of a status
	Kind     string  `json:"kind"` // of an answer
	Org      string  `json:"author_org"`
	Interim  string  `json:"interim_date"`
	Comment  string  `json:"comment"`
	Change   *Change `json:"reason_change"`
	NewDue   string  `json:"new_execution_dt"`
	Resolved bool    `json:"is_resolved"`
}

// Change names topics by their paths, object/category/reason.
type Change struct {
	Old     string `json:"old"`
	Current string `json:"current"`
}

// Types of entries.
const (
	TypePetition   = "petition"
	TypeStatus     = "status"
	TypeAnswer     = "answer"
	TypeRoute      = "route"
	TypeChange     = "problem_change"
	TypeConclusion = "public.conclusion"
	TypeReopen     = "public.execution_date_change.reopen"
	TypeDueChange  = "public.execution_date_change"
)

// Names of statuses, and the kind of an answer that is not the last.
const (
	NameModeration = "Модерация"
	NameWork       = "Рассмотрение"
	NameInterim    = "Промежуточный ответ"
	NameAnswered   = "Получен ответ"
	NameConfirmed  = "Завершено: Пользователь удовлетворен решением проблемы"
	NameSilent     = "Завершено: Автоматически"
	NameControlled = "Завершено: Народный контролер подтвердил решение проблемы"

	KindInterim = "Промежуточный ответ"
)

// Decode reads one line of the file.
func Decode(line []byte) (History, error) {
	var h History
	if err := json.Unmarshal(line, &h); err != nil {
		return h, fmt.Errorf("read history: %w", err)
	}
	if h.ID == 0 || len(h.Events) == 0 {
		return h, fmt.Errorf("history %d has no id or no events", h.ID)
	}
	return h, nil
}

// Moscow is the zone of the file's times; it has had no summer time since 2014.
var Moscow = time.FixedZone("MSK", 3*60*60)

// longestLine is the longest history that is read: 16 MB.
const longestLine = 16 << 20

// Lines gives the lines of an unzipped file one by one.
func Lines(r io.Reader) *bufio.Scanner {
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, longestLine)
	return scan
}

// Time reads a time of the file, with or without parts of a second, or a date.
func Time(text string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, Moscow); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", text)
}

// Route is what the sentence of a route entry says.
type Route struct {
	Controller  string // the new one; "" = stays
	Coordinator string
	Due         time.Time // the new promise; zero = stays
}

var (
	routeTo  = regexp.MustCompile(`(^|[\s,])(контролеру|координатору): "`)
	routeEnd = regexp.MustCompile(`"\.?\s+В связи`)
	routeDue = regexp.MustCompile(`срок решения изменен с \d\d\.\d\d\.\d{4} на (\d\d\.\d\d\.\d{4})`)
)

// ParseRoute reads the sentence of a redirect:
//
//	… от контролера: "A", от координатора: "B" контролеру: "C", координатору: "D".
//	В связи с этим срок решения изменен с 10.11.2020 на 13.11.2020
//
// Names carry quotes of their own, so a name ends where the next part begins.
func ParseRoute(comment string) (Route, error) {
	var r Route
	marks := routeTo.FindAllStringSubmatchIndex(comment, -1)
	if len(marks) == 0 {
		return r, fmt.Errorf("no organisation in %q", comment)
	}
	for i, m := range marks {
		rest := comment[m[1]:]
		if i+1 < len(marks) {
			rest = comment[m[1]:marks[i+1][0]]
		}
		name := untilEnd(rest)
		if comment[m[4]:m[5]] == "контролеру" {
			r.Controller = name
		} else {
			r.Coordinator = name
		}
	}
	if due := routeDue.FindStringSubmatch(comment); due != nil {
		t, err := time.ParseInLocation("02.01.2006", due[1], Moscow)
		if err != nil {
			return r, fmt.Errorf("due date in %q: %w", comment, err)
		}
		r.Due = t.AddDate(0, 0, 1).Add(-time.Microsecond) // the end of that day
	}
	return r, nil
}

// untilEnd cuts a name off at the quote that ends it.
func untilEnd(rest string) string {
	if end := routeEnd.FindStringIndex(rest); end != nil {
		return rest[:end[0]]
	}
	rest = strings.TrimRight(rest, " ,.\n\r")
	return strings.TrimSuffix(rest, `"`)
}
