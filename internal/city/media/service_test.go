package media_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorod/internal/city/media"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations(), media.Migrations())

const (
	city  = 1
	draft = "0123456789abcdefghjkmnpqrstvwxyz"
)

// bench is a service over a folder, with a clock that the test moves.
type bench struct {
	*media.Service
	clock *sqldbtest.Clock
	dir   string
}

func setup(t *testing.T, db *sqldb.DB) *bench {
	t.Helper()
	dir := t.TempDir()
	folder, err := media.OpenFolder(dir)
	must(t, err)
	t.Cleanup(func() { folder.Close() })
	clock := sqldbtest.NewClock(sqldbtest.Start)
	shop := media.NewWorkshop(media.DefaultLimits(), 2, 64<<20)
	return &bench{&media.Service{DB: db.At(clock.Now), Blobs: folder, Workshop: shop, Count: 3}, clock, dir}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) upload(t *testing.T, key string, data []byte) media.Photo {
	t.Helper()
	p, err := b.Upload(context.Background(), city, key, data)
	must(t, err)
	return p
}

func (b *bench) do(t *testing.T, fn func(tx *sqldb.Tx) error) {
	t.Helper()
	must(t, b.DB.Do(context.Background(), fn))
}

func (b *bench) use(t *testing.T, problem int64, photos ...int64) {
	t.Helper()
	b.do(t, func(tx *sqldb.Tx) error { return b.UseIn(tx, city, problem, photos) })
}

// work does the jobs that are due.
func (b *bench) work(t *testing.T) {
	t.Helper()
	_, err := (&job.Runner{DB: b.DB, Handlers: b.Jobs()}).Drain(context.Background())
	must(t, err)
}

// blobs counts the files in the store.
func (b *bench) blobs(t *testing.T) int {
	t.Helper()
	n := 0
	must(t, filepath.WalkDir(b.dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	}))
	return n
}

func count(t *testing.T, db *sqldb.DB, query string) int64 {
	t.Helper()
	var n int64
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		n, err = sqldb.One(tx, sqldb.Int, query)
		return err
	}))
	return n
}

// shot is a small made-up photo with everything a camera writes.
func shot(t *testing.T, seed uint64) []byte {
	t.Helper()
	return withSegments(asJPEG(t, scene(seed, 640, 480), 85), exifSegment(atPetersburg))
}

func TestAnUploadedPhotoCanBeSeenAndTellsNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		p := b.upload(t, draft, shot(t, 1))
		if p.State != media.Fresh || p.Width != 640 || p.ThumbW != 320 || len(p.UID) != 32 || p.Hash == 0 || !p.Position.Known() {
			t.Errorf("photo %+v", p)
		}
		found, err := b.Find(ctx, city, p.UID)
		must(t, err)
		if found.Position.Known() {
			t.Error("the position is told to whoever knows the name")
		}
		for size, width := range map[media.Size]int{media.Full: 640, media.Thumb: 320} {
			r, err := b.Open(ctx, found, size)
			must(t, err)
			body, err := io.ReadAll(r)
			must(t, errors.Join(err, r.Close()))
			m, err := jpeg.Decode(bytes.NewReader(body))
			must(t, err)
			if m.Bounds().Dx() != width || bytes.Contains(body, []byte(marker)) {
				t.Errorf("size %q: %v", size, m.Bounds())
			}
		}
		_, err = b.Open(ctx, found, "../../etc/passwd")
		wantFault(t, err, "media.missing")
		_, err = b.Find(ctx, 2, p.UID)
		wantFault(t, err, "media.missing")
		entries, err := os.ReadDir(b.dir)
		must(t, err)
		for _, e := range entries {
			if strings.Contains(e.Name(), p.UID) {
				t.Error("the public name is the key of the blob")
			}
		}
	})
}

func TestTheSameFileAgainIsTheSamePhoto(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		data := shot(t, 1)
		var wg sync.WaitGroup
		photos := make([]media.Photo, 6)
		for i := range photos {
			wg.Go(func() {
				var err error
				if photos[i], err = b.Upload(ctx, city, draft, data); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, p := range photos {
			if p.ID != photos[0].ID {
				t.Errorf("photos %d and %d", photos[0].ID, p.ID)
			}
		}
		b.use(t, 7, photos[0].ID)
		if again := b.upload(t, draft, data); again.ID != photos[0].ID || again.State != media.Used {
			t.Errorf("after the message was sent a retry made %+v", again)
		}
		if other := b.upload(t, "another draft", data); other.ID == photos[0].ID {
			t.Error("two drafts share a photo")
		}
		// The blobs of uploads that were too late are swept.
		b.clock.Pass(23 * time.Hour)
		b.use(t, 8, b.upload(t, "another draft", data).ID)
		b.clock.Pass(2 * time.Hour)
		b.do(t, func(tx *sqldb.Tx) error { return job.Add(tx, job.Job{Kind: media.SweepJob}) })
		b.work(t)
		if n := b.blobs(t); n != 4 {
			t.Errorf("%d blobs are left of 4", n)
		}
	})
}

// between is a store that does something once, while a file is on its way into it.
type between struct {
	media.Store
	once sync.Once
	do   func()
}

func (b *between) Put(ctx context.Context, key string, blob io.Reader) error {
	b.once.Do(b.do)
	return b.Store.Put(ctx, key, blob)
}

// Two taps on «Отправить»: the first message is taken while the second one's
// photo is still being made smaller.
func TestAFileThatComesAgainWhileItsMessageIsTakenIsTheSamePhoto(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		data := shot(t, 1)
		var first media.Photo
		slow := *b.Service
		slow.Blobs = &between{Store: b.Blobs, do: func() {
			first = b.upload(t, draft, data)
			b.use(t, 7, first.ID)
		}}
		again, err := slow.Upload(context.Background(), city, draft, data)
		must(t, err)
		if again.ID != first.ID || again.UID != first.UID {
			t.Errorf("photo %d became %d", first.ID, again.ID)
		}
		b.use(t, 7, again.ID)
	})
}

func TestADraftHoldsNoMoreThanAMessageMayCarry(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		for seed := range uint64(3) {
			b.upload(t, draft, shot(t, seed))
		}
		_, err := b.Upload(ctx, city, draft, shot(t, 9))
		wantFault(t, err, "media.too_many")
		list, err := b.Drafted(ctx, city, draft)
		must(t, err)
		if len(list) != 3 {
			t.Fatalf("%d photos", len(list))
		}
		must(t, b.Drop(ctx, city, draft, list[0].UID))
		wantFault(t, b.Drop(ctx, city, draft, list[0].UID), "media.missing")
		wantFault(t, b.Drop(ctx, city, "another draft", list[1].UID), "media.missing")
		b.upload(t, draft, shot(t, 9))
		b.work(t)
		if n := b.blobs(t); n != 6 {
			t.Errorf("%d blobs of 3 photos", n)
		}
	})
}

func TestAFileThatIsNoPhotoLeavesNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		_, err := b.Upload(context.Background(), city, draft, []byte("<script>alert(1)</script>"))
		wantFault(t, err, "media.not_an_image")
		if b.blobs(t) != 0 || count(t, db, `SELECT count(*) FROM media_blob`) != 0 {
			t.Error("something was kept")
		}
	})
}

func TestNobodyAttachesAStrangersPhoto(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		mine, other := b.upload(t, draft, shot(t, 1)), b.upload(t, "another draft", shot(t, 2))
		list, missing, err := b.Named(ctx, city, draft, []string{mine.UID, mine.UID})
		must(t, err)
		if len(list) != 1 || list[0].ID != mine.ID || missing != 0 {
			t.Errorf("%d photos, %d missing", len(list), missing)
		}
		for _, uids := range [][]string{{other.UID}, {"invented"}, {""}} {
			list, missing, err := b.Named(ctx, city, draft, append(uids, mine.UID))
			must(t, err)
			if len(list) != 1 || list[0].ID != mine.ID || missing != 1 {
				t.Errorf("%v: %d photos, %d missing", uids, len(list), missing)
			}
		}
		list, missing, err = b.Named(ctx, 2, draft, []string{mine.UID})
		must(t, err)
		if len(list) != 0 || missing != 1 {
			t.Errorf("in another city: %d photos, %d missing", len(list), missing)
		}
		_, _, err = b.Named(ctx, city, draft, []string{"a", "b", "c", "d"})
		wantFault(t, err, "media.too_many")
		for name, want := range map[string]bool{draft: true, "another draft": false} {
			ok, err := b.MineFresh(ctx, city, name, mine.UID)
			must(t, err)
			if ok != want {
				t.Errorf("%s: %v", name, ok)
			}
		}
	})
}

func TestAPhotoBelongsToOneProblem(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		p := b.upload(t, draft, shot(t, 1))
		b.use(t, 7, p.ID)
		b.use(t, 7, p.ID)
		refused := func(c, problem int64, photos ...int64) {
			t.Helper()
			wantFault(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error { return b.UseIn(tx, c, problem, photos) }), "media.gone")
		}
		refused(city, 8, p.ID)
		refused(2, 7, p.ID)
		refused(city, 7, 424242)
		fresh := b.upload(t, draft, shot(t, 2))
		refused(city, 8, fresh.ID, p.ID)
		if found, err := b.Find(ctx, city, fresh.UID); err != nil || found.State != media.Fresh {
			t.Errorf("half of a refused command was done: %+v, %v", found, err)
		}
		b.do(t, func(tx *sqldb.Tx) error { return b.HideIn(tx, city, p.ID) })
		b.use(t, 7, p.ID)
		b.do(t, func(tx *sqldb.Tx) error {
			list, err := b.PhotosIn(tx, city, []int64{424242, fresh.ID, p.ID})
			if len(list) != 2 || list[0].ID != fresh.ID || list[1].State != media.Hidden || list[1].Problem != 7 {
				t.Errorf("photos %+v", list)
			}
			return err
		})
		wantFault(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error { return b.HideIn(tx, city, fresh.ID) }), "media.missing")
	})
}

func TestAnErasedPhotoIsGoneEverywhere(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		p, kept := b.upload(t, draft, shot(t, 1)), b.upload(t, draft, shot(t, 2))
		b.use(t, 7, p.ID, kept.ID)
		var copies []media.Photo
		b.do(t, func(tx *sqldb.Tx) error {
			for range 2 {
				var err error
				if copies, err = b.CopyIn(tx, city, "mended", []int64{p.ID, 424242}); err != nil {
					return err
				}
			}
			return nil
		})
		if len(copies) != 1 || copies[0].ID == p.ID || copies[0].UID == p.UID || count(t, db, `SELECT count(*) FROM media_photo`) != 3 {
			t.Fatalf("copies %+v", copies)
		}
		b.use(t, 8, copies[0].ID)
		erase := func(photo int64) {
			b.do(t, func(tx *sqldb.Tx) error { return b.EraseIn(tx, city, []int64{photo, photo}) })
			b.work(t)
		}
		erase(p.ID)
		if n := b.blobs(t); n != 4 {
			t.Errorf("%d blobs: the copy lost its picture", n)
		}
		if _, err := b.Find(ctx, city, p.UID); !errors.Is(err, fault.Missing) {
			t.Errorf("found: %v", err)
		}
		erase(copies[0].ID)
		if n := b.blobs(t); n != 2 {
			t.Errorf("%d blobs of one photo", n)
		}
		if n := count(t, db, `SELECT count(*) FROM media_exif`); n != 1 {
			t.Errorf("facts of %d photos", n)
		}
		if n := count(t, db, `SELECT count(*) FROM media_photo WHERE state = 'erased' AND (sum <> '' OR dhash <> 0 OR draft <> '')`); n != 0 {
			t.Errorf("%d erased photos can be recognised", n)
		}
		_, err := b.Open(ctx, copies[0], media.Full)
		wantFault(t, err, "media.missing")
		b.do(t, func(tx *sqldb.Tx) error {
			none, err := b.CopyIn(tx, city, "mended again", []int64{p.ID})
			if len(none) != 0 {
				t.Error("an erased photo was copied")
			}
			return err
		})
	})
}

func TestStaffKnowWhenAndWhereForNinetyDays(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		p := b.upload(t, draft, shot(t, 1))
		plain := b.upload(t, draft, asJPEG(t, scene(2, 64, 48), 85))
		b.use(t, 7, p.ID, plain.ID)
		look := func(photo int64) (e media.Exif, err error) {
			b.do(t, func(tx *sqldb.Tx) error {
				e, err = b.ExifIn(tx, city, photo)
				return nil
			})
			return e, err
		}
		e, err := look(p.ID)
		must(t, err)
		if e.Position != p.Position || !e.Taken.Zoned || !e.Taken.Wall.Equal(time.Date(2026, 6, 1, 9, 30, 15, 0, time.UTC)) {
			t.Errorf("facts %+v", e)
		}
		_, err = look(plain.ID)
		wantFault(t, err, "media.missing")
		b.clock.Pass(90 * 24 * time.Hour)
		_, err = look(p.ID)
		wantFault(t, err, "media.missing")
		b.do(t, func(tx *sqldb.Tx) error { return job.Add(tx, job.Job{Kind: media.SweepJob}) })
		b.work(t)
		if n := count(t, db, `SELECT count(*) FROM media_exif`); n != 0 || b.blobs(t) != 4 {
			t.Errorf("%d facts and %d blobs are left", n, b.blobs(t))
		}
	})
}

func TestWhatNoMessageTookIsSweptAfterADay(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		old, used := b.upload(t, draft, shot(t, 1)), b.upload(t, draft, shot(t, 2))
		b.use(t, 7, used.ID)
		broken := &media.Service{DB: b.DB, Blobs: full{b.Blobs}, Workshop: b.Workshop}
		if _, err := broken.Upload(ctx, city, "unlucky", shot(t, 3)); err == nil {
			t.Error("a full disk was not noticed")
		}
		b.clock.Pass(23 * time.Hour)
		young := b.upload(t, "later", shot(t, 4))
		if n := b.blobs(t); n < 7 {
			t.Fatalf("only %d blobs", n)
		}
		runner := &job.Runner{DB: b.DB, Handlers: b.Jobs(), Schedule: b.Schedule()}
		b.clock.Pass(time.Hour)
		_, err := runner.Drain(ctx)
		must(t, err)
		if _, err := b.Find(ctx, city, old.UID); !errors.Is(err, fault.Missing) {
			t.Errorf("the old one: %v", err)
		}
		for _, p := range []media.Photo{used, young} {
			if _, err := b.Find(ctx, city, p.UID); err != nil {
				t.Error(err)
			}
		}
		if n := b.blobs(t); n != 4 {
			t.Errorf("%d blobs of 2 photos", n)
		}
		if n := count(t, db, `SELECT count(*) FROM media_blob`); n != 2 {
			t.Errorf("%d rows of 2 blobs", n)
		}
	})
}

// full is a store whose disk has no room for the second picture of a photo.
type full struct{ media.Store }

func (f full) Put(ctx context.Context, key string, content io.Reader) error {
	if strings.HasSuffix(key, "-s") {
		return errors.New("no space left on device")
	}
	return f.Store.Put(ctx, key, content)
}
