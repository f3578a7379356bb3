package media_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"gorod/internal/city/media"
	"gorod/internal/platform/fault"
)

// conform is what every Store must do; a new kind of store gets one test that
// calls it.
func conform(t *testing.T, open func(t *testing.T) media.Store) {
	t.Helper()
	cases := map[string]func(t *testing.T, s media.Store){
		"gives back what was put":            givesBack,
		"an empty blob is a blob":            keepsEmpty,
		"a second put replaces":              replaces,
		"a failed put leaves the old blob":   keepsOld,
		"a reader outlives a delete":         outlives,
		"what is not there is missing":       missing,
		"deleting twice is deleting":         deletesTwice,
		"reading can begin in the middle":    seeks,
		"keys that are paths are refused":    refusesPaths,
		"many may put the same key at once":  putsTogether,
		"nothing is done when time is up":    obeysContext,
		"long blobs and odd keys are no bar": keepsLong,
	}
	for name, check := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open(t))
		})
	}
}

func TestFolderIsAStore(t *testing.T) {
	t.Parallel()
	conform(t, func(t *testing.T) media.Store { return folder(t, t.TempDir()) })
}

func folder(t *testing.T, dir string) *media.Folder {
	t.Helper()
	f, err := media.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func put(t *testing.T, s media.Store, key, content string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

func wantBlob(t *testing.T, s media.Store, key, want string) {
	t.Helper()
	r, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	got, err := io.ReadAll(r)
	if err != nil || string(got) != want {
		t.Errorf("blob %q (%v), want %q", got, err, want)
	}
}

func givesBack(t *testing.T, s media.Store) {
	put(t, s, "a1", "one")
	put(t, s, "a2", "two")
	wantBlob(t, s, "a1", "one")
	wantBlob(t, s, "a2", "two")
}

func keepsEmpty(t *testing.T, s media.Store) {
	put(t, s, "empty", "")
	wantBlob(t, s, "empty", "")
}

func replaces(t *testing.T, s media.Store) {
	put(t, s, "a", "long first content")
	put(t, s, "a", "second")
	wantBlob(t, s, "a", "second")
}

func keepsOld(t *testing.T, s media.Store) {
	put(t, s, "a", "old")
	broken := io.MultiReader(strings.NewReader("half of the n"), iotest.ErrReader(io.ErrClosedPipe))
	if err := s.Put(t.Context(), "a", broken); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
	wantBlob(t, s, "a", "old")
	if err := s.Put(t.Context(), "never", iotest.ErrReader(io.ErrClosedPipe)); err == nil {
		t.Error("a broken upload was acknowledged")
	}
	if _, err := s.Open(t.Context(), "never"); !errors.Is(err, fault.Missing) {
		t.Errorf("error %v, want missing", err)
	}
}

func outlives(t *testing.T, s media.Store) {
	put(t, s, "a", "content")
	r, err := s.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if err := s.Delete(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "content" {
		t.Errorf("read %q, %v", got, err)
	}
}

func missing(t *testing.T, s media.Store) {
	_, err := s.Open(t.Context(), "nothing")
	if !errors.Is(err, fault.Missing) {
		t.Errorf("error %v, want missing", err)
	}
	wantFault(t, err, "media.missing")
}

func deletesTwice(t *testing.T, s media.Store) {
	put(t, s, "a", "x")
	for range 2 {
		if err := s.Delete(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Open(t.Context(), "a"); !errors.Is(err, fault.Missing) {
		t.Errorf("error %v, want missing", err)
	}
}

func seeks(t *testing.T, s media.Store) {
	put(t, s, "a", "0123456789")
	r, err := s.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if _, err := r.Seek(-3, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(r); string(got) != "789" {
		t.Errorf("read %q", got)
	}
}

func refusesPaths(t *testing.T, s media.Store) {
	for _, key := range []string{
		"", ".", "..", "../a", "a/b", "/etc/passwd", `a\b`, "a..b", ".hidden", "-flag", "A", "ключ", "a b", "a\x00", "a\n", "c:",
		strings.Repeat("a", 101),
	} {
		putErr := s.Put(t.Context(), key, strings.NewReader("x"))
		_, openErr := s.Open(t.Context(), key)
		deleteErr := s.Delete(t.Context(), key)
		if putErr == nil || openErr == nil || deleteErr == nil {
			t.Errorf("key %q: put %v, open %v, delete %v", key, putErr, openErr, deleteErr)
		}
	}
}

func putsTogether(t *testing.T, s media.Store) {
	contents := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 100_000)}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if err := s.Put(t.Context(), "shared", strings.NewReader(contents[i%2])); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r, err := s.Open(t.Context(), "shared")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if got, _ := io.ReadAll(r); string(got) != contents[0] && string(got) != contents[1] {
		t.Error("the blob is a mixture")
	}
}

func obeysContext(t *testing.T, s media.Store) {
	put(t, s, "a", "old")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, openErr := s.Open(ctx, "a")
	for _, err := range []error{s.Put(ctx, "a", strings.NewReader("new")), openErr, s.Delete(ctx, "a")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	}
	wantBlob(t, s, "a", "old")
}

func keepsLong(t *testing.T, s media.Store) {
	key := "0-_." + strings.Repeat("z", 96)
	content := string(bytes.Repeat([]byte{0, 255, '\n', 7}, 300_000))
	put(t, s, key, content)
	wantBlob(t, s, key, content)
}

func TestFolderKeepsBlobsAfterReopening(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, folder(t, dir), "a", "kept")
	wantBlob(t, folder(t, dir), "a", "kept")
}

func TestFolderLeavesNothingUnfinished(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := folder(t, dir)
	put(t, f, "a", "x")
	_ = f.Put(t.Context(), "b", iotest.ErrReader(io.ErrClosedPipe))
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) != 1 || filepath.Base(files[0]) != "a" {
		t.Errorf("files %v, error %v", files, err)
	}
}

func TestSweepTakesOnlyWhatACrashLeftLongAgo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := folder(t, dir)
	put(t, f, "a", "kept")
	now := time.Now()
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Minute} {
		left := filepath.Join(dir, "unfinished", name)
		if err := errors.Join(os.WriteFile(left, []byte("half"), 0o600), os.Chtimes(left, now, now.Add(-age))); err != nil {
			t.Fatal(err)
		}
	}
	n, err := f.Sweep(t.Context(), now.Add(-24*time.Hour))
	if err != nil || n != 1 {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "unfinished", "young")); err != nil {
		t.Error(err)
	}
	wantBlob(t, f, "a", "kept")
}

func TestFolderDoesNotFollowLinksOutside(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	f := folder(t, dir)
	put(t, f, "a", "x")
	var blob string
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
		if d.Name() == "a" {
			blob = path
		}
		return nil
	})
	secret := filepath.Join(outside, "secret")
	if err := errors.Join(os.WriteFile(secret, []byte("s"), 0o600), os.Remove(blob), os.Symlink(secret, blob)); err != nil {
		t.Fatal(err)
	}
	if r, err := f.Open(t.Context(), "a"); err == nil {
		_ = r.Close()
		t.Error("a link led outside the folder")
	}
}
