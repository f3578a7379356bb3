package see

import (
	"context"
	"log/slog"
	"time"
)

// Job is what is said of one try of a job.
type Job struct {
	Kind    string
	ID      int64
	Attempt int // 1 on the first try
}

// Jobs gives the function that writes one line and counts one try. Arguments
// of a job are not logged: its id finds them.
func Jobs(log *slog.Logger, metrics *Metrics) func(ctx context.Context, j Job, took time.Duration, err error) {
	return func(ctx context.Context, j Job, took time.Duration, err error) {
		level, result := slog.LevelInfo, "done"
		if err != nil {
			level, result = slog.LevelError, "failed"
		}
		metrics.job(j.Kind, result, took)
		attrs := []slog.Attr{
			slog.String("kind", j.Kind),
			slog.Int64("id", j.ID),
			slog.Int("attempt", j.Attempt),
			slog.String("result", result),
			slog.Duration("took", took),
		}
		log.LogAttrs(context.WithoutCancel(ctx), level, "job", append(attrs, failure(err)...)...)
	}
}
