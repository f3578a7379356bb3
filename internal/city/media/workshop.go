package media

import (
	"context"
	"fmt"

	"golang.org/x/sync/semaphore"
)

// Workshop prepares photos without running out of memory: it bounds how many
// are open at once and how many bytes all of them together take decoded. HEIC,
// whose decoder is slow and hungry, goes one at a time.
type Workshop struct {
	limits Limits
	hands  *semaphore.Weighted
	heic   *semaphore.Weighted
	memory *semaphore.Weighted
	budget int64
}

// NewWorkshop makes a workshop that opens at most hands photos at once (the
// number of cores is right: the work is all computing) and keeps the decoded
// pictures within memory bytes. A single photo that needs more than all of the
// memory is prepared alone.
func NewWorkshop(limits Limits, hands int, memory int64) *Workshop {
	return &Workshop{
		limits: limits,
		hands:  semaphore.NewWeighted(int64(max(1, hands))),
		heic:   semaphore.NewWeighted(1),
		memory: semaphore.NewWeighted(max(1, memory)),
		budget: max(1, memory),
	}
}

// Prepare is as the function of the same name, once there is room. It returns
// when the context ends, even if the decoder cannot be stopped; the room is
// given back only when the decoder has really finished. What the header alone
// refuses never waits.
func (w *Workshop) Prepare(ctx context.Context, data []byte) (Prepared, error) {
	h, err := w.limits.open(data)
	if err != nil {
		return Prepared{}, err
	}
	leave, err := w.enter(ctx, h.facts)
	if err != nil {
		return Prepared{}, err
	}
	type result struct {
		photo Prepared
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer leave()
		var r result
		// Nobody above would catch a panic of this goroutine.
		r.err = guard(func() (err error) {
			r.photo, err = w.limits.prepare(ctx, h)
			return err
		})
		done <- r
	}()
	select {
	case r := <-done:
		return r.photo, r.err
	case <-ctx.Done():
		return Prepared{}, fmt.Errorf("prepare photo: %w", ctx.Err())
	}
}

// enter waits for everything the photo needs, always in the same order, the
// scarcest first, so that nobody holds memory while waiting for the HEIC place.
func (w *Workshop) enter(ctx context.Context, f Facts) (leave func(), err error) {
	type need struct {
		of *semaphore.Weighted
		n  int64
	}
	needs := []need{{w.hands, 1}, {w.memory, min(f.memory, w.budget)}}
	if f.Format == HEIC {
		needs = append([]need{{w.heic, 1}}, needs...)
	}
	held := 0
	leave = func() {
		for _, n := range needs[:held] {
			n.of.Release(n.n)
		}
	}
	for _, n := range needs {
		err := n.of.Acquire(ctx, n.n)
		if err != nil {
			leave()
			return nil, fmt.Errorf("wait for the photo workshop: %w", err)
		}
		held++
	}
	return leave, nil
}
