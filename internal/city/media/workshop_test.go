package media_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gorod/internal/city/media"
)

func TestWorkshopPreparesManyPhotosWithLittleRoom(t *testing.T) {
	t.Parallel()
	// Room for a byte: every photo needs all of it and goes alone.
	w := media.NewWorkshop(media.DefaultLimits(), 4, 1)
	file := asJPEG(t, scene(2, 200, 150), 80)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if _, err := w.Prepare(t.Context(), file); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestWorkshopRefusesWithoutWaiting(t *testing.T) {
	t.Parallel()
	w := media.NewWorkshop(media.DefaultLimits(), 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // whoever had to wait would fail with this
	_, err := w.Prepare(ctx, hugePNG(50_000, 50_000))
	wantFault(t, err, "media.too_large")
	_, err = w.Prepare(ctx, asPNG(t, corners(8, 8)))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestRoomIsGivenBackAfterARefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := media.NewWorkshop(media.DefaultLimits(), 1, 1)
		whole := asJPEG(t, scene(2, 100, 80), 80)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for range 5 {
			_, err := w.Prepare(ctx, whole[:len(whole)/2])
			wantFault(t, err, "media.damaged")
		}
		_, err := w.Prepare(ctx, whole)
		if err != nil {
			t.Error(err)
		}
	})
}
