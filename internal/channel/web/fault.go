package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"gorod/internal/channel/web/view"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/see"
)

// answer is how a kind of refusal is told.
type answer struct {
	kind   fault.Kind
	status int
}

// answers is the one table of kinds and statuses, in the order of
// fault.Kinds(); a test walks it.
func answers() []answer {
	return []answer{
		{fault.Internal, http.StatusInternalServerError},
		{fault.Invalid, http.StatusUnprocessableEntity},
		{fault.Missing, http.StatusNotFound},
		{fault.Denied, http.StatusForbidden},
		{fault.Conflict, http.StatusConflict},
		{fault.Limited, http.StatusTooManyRequests},
		{fault.Closed, http.StatusGone},
		{fault.Broken, http.StatusServiceUnavailable},
	}
}

// statusGone is what net/http has no name for: the asker left.
const statusGone = 499

// statusOf is the status of an error.
func statusOf(err error) int {
	if isTooLarge(err) {
		return http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, context.Canceled) {
		return statusGone
	}
	kind := fault.KindOf(err)
	for _, a := range answers() {
		if a.kind == kind {
			return a.status
		}
	}
	return http.StatusInternalServerError
}

// answerError tells a refusal or a mistake as a page or as JSON. It is the one
// place that does, and that tells the request's line.
func (s *Server) answerError(w http.ResponseWriter, r *http.Request, err error) {
	see.LineOf(r.Context()).Fail(err)
	status := statusOf(err)
	if status == statusGone {
		return // nobody reads it
	}
	personal(w) // a page of an error may repeat what was typed
	if wantsJSON(r) {
		s.errorJSON(w, r, status, err)
		return
	}
	v := s.visitOf(r)
	page := view.ErrorPage{
		Base: s.base(v, "", s.say(v, "web.error_title")), Status: status,
		Phrase: s.phraseOf(v, err), Kept: keptText(v), Back: s.referrer(r),
	}
	page.Path, page.NoIndex = "/", true
	if status == http.StatusInternalServerError {
		page.Number = see.LineOf(r.Context()).ID()
	}
	if status >= 500 && r.Method == http.MethodGet {
		page.Retry = v.path
	}
	if err := s.render(w, status, page); err != nil {
		http.Error(w, http.StatusText(status), status)
	}
}

// phraseOf is what exactly is wrong, in the visitor's language; "" when there is
// nothing more exact than the kind's own words.
func (s *Server) phraseOf(v *visit, err error) string {
	f := fault.Of(err)
	if f == nil || !s.cat.Has(v.Lang, f.Phrase) {
		return ""
	}
	return s.say(v, f.Phrase, f.Args...)
}

// fields are the sentences at the fields of a form; nil when the error is no
// refusal of an input that a page can show at a field.
func (s *Server) fields(v *visit, err error) view.FieldErrors {
	f := fault.Of(err)
	if f == nil || len(f.Fields) == 0 || f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Limited {
		return nil
	}
	var list view.FieldErrors
	for _, field := range f.Fields {
		list = append(list, view.FieldError{Name: field.Name, Text: s.fieldText(v, field)})
	}
	return list
}

func (s *Server) fieldText(v *visit, field fault.Field) string {
	if !s.cat.Has(v.Lang, field.Phrase) {
		return s.say(v, "fault.invalid")
	}
	return s.say(v, field.Phrase, field.Args...)
}

// errorBody is an error as scripts read it.
type errorBody struct {
	Error struct {
		Kind   string            `json:"kind"`
		Text   string            `json:"text"`
		Fields map[string]string `json:"fields,omitempty"`
		Number string            `json:"number,omitempty"` // of our log, for mistakes of ours
	} `json:"error"`
}

func (s *Server) errorJSON(w http.ResponseWriter, r *http.Request, status int, err error) {
	v := s.visitOf(r)
	var body errorBody
	body.Error.Kind = fault.KindOf(err).Error()
	body.Error.Text = s.phraseOf(v, err)
	if isTooLarge(err) {
		body.Error.Kind, body.Error.Text = "large", s.say(v, "errors_page.large_what")
	}
	if body.Error.Text == "" {
		body.Error.Text = s.say(v, "fault."+body.Error.Kind)
	}
	for _, f := range s.fields(v, err) {
		if body.Error.Fields == nil {
			body.Error.Fields = map[string]string{}
		}
		body.Error.Fields[f.Name] = f.Text
	}
	if status == http.StatusInternalServerError {
		body.Error.Number = see.LineOf(r.Context()).ID()
	}
	writeJSON(w, status, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	packed, err := json.Marshal(body)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(packed) // who left does not read it
}

// keptText gives back what a person typed into a form that was refused.
func keptText(v *visit) string {
	if v.form == nil {
		return ""
	}
	for _, name := range []string{"text", "reply"} {
		if t := v.form.get(name); t != "" {
			return t
		}
	}
	return ""
}

// referrer is the page of ours that the visitor came from; "".
func (s *Server) referrer(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || u.Path == r.URL.Path && r.Method == http.MethodGet {
		return ""
	}
	return backOf(ownPath(u))
}

// render writes a whole page or nothing.
func (s *Server) render(w http.ResponseWriter, status int, p view.Page) error {
	var body bytes.Buffer
	if err := s.pages.Render(&body, p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // who left does not read it
	return nil
}

// show renders a page.
func (s *Server) show(w http.ResponseWriter, p view.Page) error { return s.render(w, http.StatusOK, p) }

// showAgain renders a form with what is wrong at its fields.
func (s *Server) showAgain(w http.ResponseWriter, p view.Page) error {
	return s.render(w, http.StatusUnprocessableEntity, p)
}

// goTo answers a command that was done: the browser asks for a page next, so
// that a reload repeats nothing.
func goTo(w http.ResponseWriter, r *http.Request, address string) error {
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

func escape(s string) string { return url.QueryEscape(s) }
