package see

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Healthz says that the process is alive. It asks nothing of anybody: a
// database that is away is no reason to kill the process.
func Healthz() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		// An asker who is gone needs no answer.
		_, _ = io.WriteString(w, "ok\n")
	})
}

// Check is one thing without which the program cannot serve.
type Check struct {
	Name    string
	Timeout time.Duration // 2 s when zero
	Test    func(ctx context.Context) error
}

// checked is the outcome of one check as /readyz shows it. What went wrong is
// in the log and not here: an error may name hosts and users.
type checked struct {
	OK bool  `json:"ok"`
	MS int64 `json:"ms"`
}

// Readyz runs all checks at once and answers 200 when all are well, else 503.
// The body tells which, as JSON: {"ready":false,"checks":{"database":{…}}}.
func Readyz(checks ...Check) http.Handler {
	running := make([]atomic.Bool, len(checks))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		errs := make([]error, len(checks))
		outcome := make([]checked, len(checks))
		var wg sync.WaitGroup
		for i, c := range checks {
			wg.Go(func() {
				start := time.Now()
				errs[i] = c.run(r.Context(), &running[i])
				outcome[i] = checked{OK: errs[i] == nil, MS: time.Since(start).Milliseconds()}
			})
		}
		wg.Wait()
		tellReady(w, r, checks, outcome, errors.Join(errs...))
	})
}

func tellReady(w http.ResponseWriter, r *http.Request, checks []Check, outcome []checked, err error) {
	body := struct {
		Ready  bool               `json:"ready"`
		Checks map[string]checked `json:"checks"`
	}{err == nil, map[string]checked{}}
	for i, c := range checks {
		body.Checks[c.Name] = outcome[i]
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		LineOf(r.Context()).Fail(err)
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	// An asker who is gone needs no answer.
	_ = json.NewEncoder(w).Encode(body)
}

// run waits for the check no longer than its time. A check that does not mind
// its context goes on alone; until it ends no second one is started, so that a
// dead database does not collect goroutines.
func (c Check) run(ctx context.Context, running *atomic.Bool) error {
	if !running.CompareAndSwap(false, true) {
		return fmt.Errorf("check %s: an earlier one still hangs", c.Name)
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 2 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	done := make(chan error, 1)
	go func() {
		defer cancel()
		defer running.Store(false)
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("panic: %v", p)
			}
		}()
		done <- c.Test(ctx)
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("check %s: %w", c.Name, err)
	}
	return nil
}
