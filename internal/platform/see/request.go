package see

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
)

// HeaderID is the header in which an answer carries its request's id.
const HeaderID = "X-Request-Id"

// statusGone is what is logged when the asker left before there was an answer.
const statusGone = 499

// watch is what the middleware needs; tests put their own id in.
type watch struct {
	log     *slog.Logger
	metrics *Metrics
	routeOf func(*http.Request) string
	newID   func() string
}

// Requests is the outermost middleware: it gives each request an id and a
// Line, and writes the line and counts the request when it is over. RouteOf
// gives the pattern of a request's route ("GET /problem/{number}") or "" where
// there is none. A panic below becomes a line with its stack and, where
// nothing was sent yet, a bare 500.
func Requests(log *slog.Logger, metrics *Metrics, routeOf func(*http.Request) string) func(http.Handler) http.Handler {
	w := watch{log: log, metrics: metrics, routeOf: routeOf, newID: func() string { return id.Source{}.Secret()[:10] }}
	return w.middleware
}

func (w watch) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		// The asker's own X-Request-Id is not taken: it could be anything.
		line := &Line{id: w.newID()}
		r = r.WithContext(context.WithValue(r.Context(), lineKey{}, line))
		answer := &answer{ResponseWriter: rw}
		answer.Header().Set(HeaderID, line.id)
		start := time.Now()
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler {
				line.Fail(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
				if answer.status == 0 {
					http.Error(answer, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
				}
			}
			w.finish(r, line, answer, time.Since(start), p != nil)
			if p == http.ErrAbortHandler {
				panic(p) // net/http closes the connection on this one
			}
		}()
		next.ServeHTTP(answer, r)
	})
}

// finish writes the line and counts the request.
func (w watch) finish(r *http.Request, line *Line, a *answer, took time.Duration, broken bool) {
	route := w.routeOf(r)
	if route == "" {
		route = "unmatched"
	}
	status := a.status
	switch {
	case status != 0:
	case broken || r.Context().Err() != nil:
		status = statusGone
	default:
		status = http.StatusOK // a handler that writes nothing answers 200
	}
	method := knownMethod(r.Method)
	w.metrics.request(method, route, status, took)

	who, details, err := line.read()
	attrs := []slog.Attr{
		slog.String("id", line.id),
		slog.String("method", method),
		slog.String("route", route),
		slog.Int("status", status),
		slog.Int64("bytes", a.bytes),
		slog.Duration("took", took),
	}
	if who != "" {
		attrs = append(attrs, slog.String("who", who))
	}
	attrs = append(attrs, failure(err)...)
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	// The request's context is over by now; its values are all the log needs.
	w.log.LogAttrs(context.WithoutCancel(r.Context()), level, "request", append(attrs, details...)...)
}

// failure says what may be said of an error: all of it where it is ours, kind,
// phrase and cause where it is a refusal.
func failure(err error) []slog.Attr {
	if err == nil {
		return nil
	}
	kind := fault.KindOf(err)
	attrs := []slog.Attr{slog.String("fault", kind.Error())}
	if kind == fault.Internal || kind == fault.Broken {
		return append(attrs, slog.String("error", err.Error()))
	}
	if f := fault.Of(err); f != nil {
		attrs = append(attrs, slog.String("phrase", f.Phrase))
	}
	return attrs
}

// knownMethod keeps what an asker invents out of the log and the metrics.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions:
		return method
	}
	return "OTHER"
}
