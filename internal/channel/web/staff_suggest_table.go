package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"gorod/internal/city/reading"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
)

// suggestHead names the columns for programs.
func suggestHead(first ...string) []string {
	return append(first, "messages", "offered", "took_first", "took_other", "by_hand", "nothing_offered", "asked",
		"corrected", "corrected_first", "corrected_other", "corrected_by_hand", "corrected_nothing",
		"judged", "right_first", "right_among_shown", "saved_steps")
}

func suggestCells(f suggest.Figures, first ...string) []string {
	for _, n := range []int{f.Messages, f.Offered, f.First, f.Other, f.ByHand, f.Nothing, f.Asked,
		f.Corrected, f.CorrectedFirst, f.CorrectedOther, f.CorrectedByHand, f.CorrectedNothing,
		f.Judged, f.RightFirst, f.RightAny, f.Saved} {
		first = append(first, strconv.Itoa(n))
	}
	return first
}

// suggestCSV gives a table of the page for programs.
func (s *Server) suggestCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	name := r.PathValue("table")
	if name == "models.csv" {
		return s.suggestModelsCSV(w, r, v)
	}
	tables := map[string]func(*visit, *dictionary, suggest.Statistics) [][]string{
		"weeks.csv": weekCells, "topics.csv": topicCells, "worse.csv": worseCells,
	}
	cells, known := tables[name]
	if !known {
		return fault.Missing.New("fault.missing")
	}
	st, err := s.suggestStatistics(r.Context(), v, suggestAskOf(v, r.URL.Query()))
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	return sendTable(w, "suggest-"+name, cells(v, book, st))
}

func weekCells(v *visit, _ *dictionary, st suggest.Statistics) [][]string {
	rows := [][]string{suggestHead("monday")}
	for i, f := range st.ByWeek {
		rows = append(rows, suggestCells(f, (st.From+suggest.Week(i)).Monday(v.zone()).Format(time.DateOnly)))
	}
	return rows
}

func topicCells(v *visit, book *dictionary, st suggest.Statistics) [][]string {
	rows := [][]string{suggestHead("topic_id", "topic", "path")}
	var ids []topic.ID
	for id := range st.ByTopic {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		name, path := topicWords(v, book, id)
		rows = append(rows, suggestCells(st.ByTopic[id], strconv.FormatInt(int64(id), 10), name, path))
	}
	return rows
}

func worseCells(v *visit, book *dictionary, st suggest.Statistics) [][]string {
	rows := [][]string{{"topic_id", "topic", "path", "early_right_first", "early_judged", "late_right_first", "late_judged", "fell_by", "fell_by_at_least"}}
	share := func(f float64) string { return strconv.FormatFloat(f, 'f', 4, 64) }
	for _, d := range st.Worse {
		name, path := topicWords(v, book, d.Topic)
		rows = append(rows, []string{strconv.FormatInt(int64(d.Topic), 10), name, path, strconv.Itoa(d.Early.Hits), strconv.Itoa(d.Early.N),
			strconv.Itoa(d.Late.Hits), strconv.Itoa(d.Late.N), share(d.Fall), share(d.Least)})
	}
	return rows
}

func (s *Server) suggestModelsCSV(w http.ResponseWriter, r *http.Request, v *visit) error {
	stored, current, err := s.Suggest.Models(r.Context(), v.City.ID, modelsShown)
	if err != nil {
		return err
	}
	rows := [][]string{{"model", "made", "state", "pack", "examples", "lessons", "bytes", "judged", "right_first", "right_among_three", "log_loss", "calibration_error",
		"champion_right_first", "champion_right_among_three", "champion_log_loss"}}
	share := func(f float64) string { return strconv.FormatFloat(f, 'f', 4, 64) }
	for _, m := range stored {
		j, c := m.Report.Judged, m.Report.Champion
		rival := func(f float64) string {
			if c.N == 0 {
				return ""
			}
			return share(f)
		}
		rows = append(rows, []string{strconv.FormatInt(m.Version, 10), time.UnixMicro(m.Created).UTC().Format(time.RFC3339), modelState(m, current),
			strconv.FormatInt(m.Pack, 10), strconv.Itoa(m.Report.Examples), strconv.Itoa(m.Report.Lessons), strconv.Itoa(m.Report.Bytes),
			strconv.Itoa(j.N), share(j.Top1), share(j.Top3), share(j.LogLoss), share(j.ECE), rival(c.Top1), rival(c.Top3), rival(c.LogLoss)})
	}
	return sendTable(w, "suggest-models.csv", rows)
}

// exportPause is how long a reader of the export may take for a slice of it.
const exportPause = time.Minute

// exportSuggest streams the messages of some weeks for research, a line of JSON
// each: docs/SUGGESTION_DATA.md says what is in it. It is written into the audit
// log before the first line leaves.
func (s *Server) exportSuggest(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	a := suggestAskOf(v, f.values)
	export := suggest.Export{City: v.City.ID, From: a.from, To: a.to, Feeds: s.Problems, Mask: reading.Mask}
	act := resident.Act{Action: suggestExported, Object: "weeks:" + strconv.Itoa(a.weeks)}
	if err := s.Residents.AuditNow(r.Context(), v.Who, act, v.From); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="suggestions.ndjson"`)
	out, n := json.NewEncoder(w), 0
	out.SetEscapeHTML(false)
	control := http.NewResponseController(w)
	err = s.Suggest.Research(r.Context(), export, func(one suggest.Specimen) error {
		if n%100 == 0 {
			_ = control.SetWriteDeadline(time.Now().Add(exportPause)) // where there is none to move, none is needed
		}
		n++
		return out.Encode(one)
	})
	if err != nil && n > 0 {
		s.log.Error("export of suggestions broke off", "lines", n, "error", err.Error())
		panic(http.ErrAbortHandler) // the file is not whole: the connection must not end as if it were
	}
	return err
}
