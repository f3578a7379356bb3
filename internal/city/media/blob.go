package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"gorod/internal/platform/fault"
)

// Store keeps blobs under keys. Keys are chosen by the caller, at random: 1 to
// 100 of a-z, 0-9, '-', '_' and '.', the first a letter or a digit.
// All methods may be called by many goroutines and processes at once.
type Store interface {
	// Put keeps what the reader gives. When it returns nil, the blob is whole
	// and survives a power cut; when not, what was there before is whole (or,
	// if only the last step failed, the new blob is). Putting a key again
	// replaces the blob, so a retry does no harm.
	Put(ctx context.Context, key string, content io.Reader) error
	// Open gives a blob for reading; fault.Missing (media.missing) when there
	// is none. A blob that is replaced or deleted meanwhile can be read to its
	// end.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)
	// Delete forgets a blob; a blob that is not there is forgotten already.
	Delete(ctx context.Context, key string) error
}

// Folder is a Store in a folder of the file system. Blobs are spread over
// 65,536 folders by a digest of their key: a million photos lie fifteen to a
// folder. Nothing outside the folder can be reached, not even through a
// symbolic link inside.
type Folder struct {
	root *os.Root
	next atomic.Uint64 // tells apart the unfinished files of this process
}

const unfinished = "unfinished" // no two-letter folder has this name

// OpenFolder opens the folder, or makes it.
func OpenFolder(dir string) (*Folder, error) {
	err := os.MkdirAll(filepath.Join(dir, unfinished), 0o700)
	if err != nil {
		return nil, fmt.Errorf("make blob folder %s: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open blob folder %s: %w", dir, err)
	}
	return &Folder{root: root}, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// place is where a blob lies below the root.
func place(key string) (string, error) {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	stray := func(c rune) bool { return !strings.ContainsRune(letters+"-_.", c) }
	if key == "" || len(key) > 100 || strings.IndexByte(letters, key[0]) < 0 ||
		strings.ContainsFunc(key, stray) || strings.Contains(key, "..") {
		return "", fmt.Errorf("not a blob key: %q", key)
	}
	digest := sha256.Sum256([]byte(key))
	shard := hex.EncodeToString(digest[:2])
	return path.Join(shard[:2], shard[2:], key), nil
}

// Put implements Store: the content goes to a file aside, which is synced and
// then renamed, so that no reader and no power cut ever sees half a blob.
func (f *Folder) Put(ctx context.Context, key string, content io.Reader) error {
	name, err := place(key)
	if err != nil {
		return err
	}
	aside, err := f.write(ctx, content)
	if err == nil {
		err = f.settle(aside, name)
	}
	if err != nil {
		return fmt.Errorf("put blob %s: %w", key, errors.Join(err, f.discard(aside)))
	}
	return nil
}

// write makes a synced file aside and gives its name, also with an error if
// the file has been begun.
func (f *Folder) write(ctx context.Context, content io.Reader) (string, error) {
	file, name, err := f.begin()
	if err != nil {
		return "", err
	}
	_, err = io.Copy(file, untilDone{ctx, content})
	if err == nil {
		err = file.Sync()
	}
	return name, errors.Join(err, file.Close())
}

// begin makes a file aside that is nobody else's. Process numbers repeat, in
// containers that share a volume even at the same time: the file system says
// which name is free.
func (f *Folder) begin() (*os.File, string, error) {
	for {
		name := path.Join(unfinished, strconv.Itoa(os.Getpid())+"-"+strconv.FormatUint(f.next.Add(1), 10))
		file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return file, name, err
		}
	}
}

// settle moves a finished file to its place and makes the move last.
func (f *Folder) settle(aside, name string) error {
	inner := path.Dir(name)
	err := f.root.MkdirAll(inner, 0o700)
	if err != nil {
		return err
	}
	err = f.root.Rename(aside, name)
	if err != nil {
		return err
	}
	for _, dir := range []string{inner, path.Dir(inner), "."} {
		err = f.syncDir(dir)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) syncDir(name string) error {
	dir, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (f *Folder) discard(aside string) error {
	if aside == "" {
		return nil
	}
	err := f.root.Remove(aside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Open implements Store.
func (f *Folder) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	name, err := place(key)
	if err != nil {
		return nil, err
	}
	err = ctx.Err()
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Missing.New("media.missing").Because(fmt.Errorf("open blob %s: %w", key, err))
	}
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", key, err)
	}
	return file, nil
}

// Delete implements Store. The emptied folders stay: the next blob needs them.
func (f *Folder) Delete(ctx context.Context, key string) error {
	name, err := place(key)
	if err != nil {
		return err
	}
	err = ctx.Err()
	if err != nil {
		return err
	}
	err = f.root.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = f.syncDir(path.Dir(name))
	}
	if err != nil {
		return fmt.Errorf("delete blob %s: %w", key, err)
	}
	return nil
}

// Sweep removes what a crash left unfinished: files aside that nobody has
// written to since before. It tells how many there were.
func (f *Folder) Sweep(ctx context.Context, before time.Time) (int, error) {
	left, err := fs.ReadDir(f.root.FS(), unfinished)
	if err != nil {
		return 0, fmt.Errorf("list unfinished blobs: %w", err)
	}
	swept := 0
	for _, entry := range left {
		info, err := entry.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // finished meanwhile, or still being written
		}
		err = errors.Join(ctx.Err(), f.discard(path.Join(unfinished, entry.Name())))
		if err != nil {
			return swept, fmt.Errorf("sweep unfinished blobs: %w", err)
		}
		swept++
	}
	return swept, nil
}
