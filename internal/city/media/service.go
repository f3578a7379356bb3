package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "media", Files: files} }

const (
	// exifKept is how long time and position of a photo are kept for staff.
	exifKept = 90 * 24 * time.Hour
	// orphanAfter is when a photo that no message took is erased.
	orphanAfter = 24 * time.Hour
)

// State says where a photo stands.
type State string

// The states of a photo.
const (
	Fresh  State = "fresh"  // uploaded, no message has taken it yet
	Used   State = "used"   // shown with its problem
	Hidden State = "hidden" // shown to staff only
	Erased State = "erased" // gone for good
)

// Photo is a picture that may be shown to whom the caller lets see it.
type Photo struct {
	ID            int64  // inner key; it never leaves the house
	UID           string // random; it stands in addresses and forms
	Problem       int64  // 0 while fresh
	Width, Height int    // pixels
	ThumbW        int
	ThumbH        int
	Bytes         int64
	Hash          Hash
	State         State
	Created       time.Time
	// Position is where the photo was taken, offered to its author as the place;
	// only Upload tells it, and only for a file it has just opened.
	Position Position

	blob string
}

// Exif is what the original file told, for staff.
type Exif struct {
	Taken    Taken
	Position Position
}

// Size is one of the pictures that are kept of a photo.
type Size string

// The sizes.
const (
	Full  Size = ""
	Thumb Size = "-s"
)

// Service keeps photos: rows in the database, blobs in a Store.
type Service struct {
	DB       *sqldb.DB
	Blobs    Store
	Workshop *Workshop
	IDs      id.Source
	// Count is how many photos one draft may hold; 0: as DefaultLimits.
	Count int
}

func (s *Service) limits() Limits {
	l := DefaultLimits()
	if s.Count > 0 {
		l.Count = s.Count
	}
	return l
}

func draftHash(draft string) string { return id.Hash("media draft:" + draft) }

// Upload takes one file for a draft: the secret key of the form that it will be
// sent with. The same file again gives the same photo, so a retry from a bad
// network does nothing twice. It refuses what Prepare refuses, and more photos
// than a message may carry (media.too_many).
//
// The file is decoded outside any transaction. The blob is written before the
// row that names it and after the row that says it was begun, so whatever fails
// in between, the sweep finds what is left.
func (s *Service) Upload(ctx context.Context, city int64, draft string, data []byte) (Photo, error) {
	sum := sha256.Sum256(data)
	known, err := s.uploaded(ctx, city, draft, hex.EncodeToString(sum[:]))
	if err != nil || known.ID != 0 {
		return known, err
	}
	made, err := s.Workshop.Prepare(ctx, data)
	if err != nil {
		return Photo{}, err
	}
	blob := s.IDs.Secret()
	if err := s.DB.Do(ctx, func(tx *sqldb.Tx) error { return insertBlob(tx, city, blob) }); err != nil {
		return Photo{}, fmt.Errorf("begin blob: %w", err)
	}
	if err := s.Blobs.Put(ctx, blob+string(Full), bytes.NewReader(made.Photo)); err != nil {
		return Photo{}, fmt.Errorf("keep photo: %w", err)
	}
	if err := s.Blobs.Put(ctx, blob+string(Thumb), bytes.NewReader(made.Thumb)); err != nil {
		return Photo{}, fmt.Errorf("keep thumbnail: %w", err)
	}
	var p Photo
	err = s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err = s.enter(tx, city, draftHash(draft), hex.EncodeToString(sum[:]), blob, made)
		return err
	})
	p.Position = made.Facts.Position
	return p, err
}

// uploaded finds the photo that the same file made before, and refuses one more
// than a message may carry; the zero Photo when there is room for a new one.
func (s *Service) uploaded(ctx context.Context, city int64, draft, sum string) (Photo, error) {
	var p Photo
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		p, err = findUpload(tx, city, draftHash(draft), sum)
		if !errors.Is(err, sqldb.ErrNoRow) {
			return err
		}
		have, err := drafted(tx, city, draftHash(draft), s.limits().Count)
		if err != nil {
			return err
		}
		return s.limits().CheckCount(len(have) + 1)
	})
	return p, err
}

// enter writes the rows of a photo whose blobs are there.
func (s *Service) enter(tx *sqldb.Tx, city int64, draft, sum, blob string, made Prepared) (Photo, error) {
	key, err := tx.NewID()
	if err != nil {
		return Photo{}, err
	}
	p := Photo{ID: key, UID: s.IDs.Secret(), Width: made.Width, Height: made.Height, ThumbW: made.ThumbW, ThumbH: made.ThumbH,
		Bytes: int64(len(made.Photo)), Hash: made.Hash, blob: blob}
	fresh, err := insertPhoto(tx, city, p, draft, sum)
	if err != nil {
		return Photo{}, fmt.Errorf("write photo: %w", err)
	}
	if !fresh { // the same file arrived twice at once; our blob is swept
		return findUpload(tx, city, draft, sum)
	}
	kept, err := keepBlob(tx, city, blob)
	if err != nil {
		return Photo{}, fmt.Errorf("keep blob: %w", err)
	}
	if !kept {
		return Photo{}, errors.New("the upload took longer than a day: its blob was swept")
	}
	if err := insertExif(tx, city, key, made.Facts, tx.Now().Add(exifKept).UnixMicro()); err != nil {
		return Photo{}, fmt.Errorf("write facts of photo: %w", err)
	}
	return findPhoto(tx, city, key)
}

// Drafted lists the photos of a draft that no message has taken yet, in the
// order of uploading.
func (s *Service) Drafted(ctx context.Context, city int64, draft string) ([]Photo, error) {
	var list []Photo
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		list, err = drafted(tx, city, draftHash(draft), s.limits().Count)
		return err
	})
	return list, err
}

// Named reads the photos of a draft by the names that a form sends back, in that
// order, also those that a message has taken meanwhile: a form that comes again
// means the same photos. What is not of this draft is left out and counted.
func (s *Service) Named(ctx context.Context, city int64, draft string, uids []string) (list []Photo, missing int, err error) {
	if err := s.limits().CheckCount(len(uids)); err != nil {
		return nil, 0, err
	}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		list, missing = nil, 0
		for i, uid := range uids {
			if slices.Contains(uids[:i], uid) {
				continue
			}
			p, err := findInDraft(tx, city, draftHash(draft), uid)
			switch {
			case errors.Is(err, sqldb.ErrNoRow):
				missing++
			case err != nil:
				return fmt.Errorf("find photo: %w", err)
			default:
				list = append(list, p)
			}
		}
		return nil
	})
	return list, missing, err
}

func gone() error { return fault.Invalid.Field("photos", "media.gone") }

// Drop erases a photo of a draft: its author changed their mind.
func (s *Service) Drop(ctx context.Context, city int64, draft, uid string) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err := findInDraft(tx, city, draftHash(draft), uid)
		if errors.Is(err, sqldb.ErrNoRow) || err == nil && p.State != Fresh {
			return fault.Missing.New("media.missing")
		}
		if err != nil {
			return fmt.Errorf("find photo: %w", err)
		}
		return s.EraseIn(tx, city, []int64{p.ID})
	})
}

// UseIn binds uploaded photos to a problem. One that is not there, or that
// belongs to another problem, is a fault at the field "photos" (media.gone).
// Binding again changes nothing.
func (s *Service) UseIn(tx *sqldb.Tx, city, problem int64, photos []int64) error {
	if err := s.limits().CheckCount(len(photos)); err != nil {
		return err
	}
	for _, p := range photos {
		used, err := usePhoto(tx, city, problem, p)
		if err != nil {
			return fmt.Errorf("use photo %d: %w", p, err)
		}
		if !used {
			return gone()
		}
	}
	return nil
}

// CopyIn puts photos of a problem into a draft as new photos, so that a refused
// message can be mended and sent again as a problem of its own. The blobs are
// shared. Whether the asker may is the caller's to check. Hidden and erased
// photos are left out.
func (s *Service) CopyIn(tx *sqldb.Tx, city int64, draft string, photos []int64) ([]Photo, error) {
	var copies []Photo
	for _, from := range photos {
		p, err := holdPhoto(tx, city, from)
		if errors.Is(err, sqldb.ErrNoRow) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read photo %d: %w", from, err)
		}
		if p.ID, err = tx.NewID(); err != nil {
			return nil, err
		}
		p.UID = s.IDs.Secret()
		// The copy's sum names what it was made of: the page may ask twice.
		sum := fmt.Sprintf("copy:%d", from)
		fresh, err := insertPhoto(tx, city, p, draftHash(draft), sum)
		if err != nil {
			return nil, fmt.Errorf("copy photo %d: %w", from, err)
		}
		if fresh {
			if err := copyExif(tx, city, from, p.ID); err != nil {
				return nil, fmt.Errorf("copy facts of photo %d: %w", from, err)
			}
		}
		if p, err = findUpload(tx, city, draftHash(draft), sum); err != nil {
			return nil, fmt.Errorf("read copy of photo %d: %w", from, err)
		}
		copies = append(copies, p)
	}
	return copies, nil
}

// PhotosIn reads photos in the order asked for; erased ones and strangers are
// left out.
func (s *Service) PhotosIn(tx *sqldb.Tx, city int64, photos []int64) ([]Photo, error) {
	var list []Photo
	for _, key := range photos {
		p, err := findPhoto(tx, city, key)
		if errors.Is(err, sqldb.ErrNoRow) || err == nil && p.State == Erased {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read photo %d: %w", key, err)
		}
		list = append(list, p)
	}
	return list, nil
}

// ExifIn is what the original of a photo told about when and where, for staff;
// Missing where it told nothing, or after 90 days.
func (s *Service) ExifIn(tx *sqldb.Tx, city, photo int64) (Exif, error) {
	e, err := findExif(tx, city, photo)
	if errors.Is(err, sqldb.ErrNoRow) {
		return e, fault.Missing.New("media.missing")
	}
	return e, err
}

// Find reads a photo by its name, so that the caller can check who may see it
// (Problem, State) before opening it; Missing when there is none.
func (s *Service) Find(ctx context.Context, city int64, uid string) (Photo, error) {
	var p Photo
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		p, err = findByUID(tx, city, uid)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return p, fault.Missing.New("media.missing")
	}
	return p, err
}

// MineFresh tells whether a photo is a fresh one of the draft: its author may
// look at it before it is sent.
func (s *Service) MineFresh(ctx context.Context, city int64, draft, uid string) (bool, error) {
	var p Photo
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		p, err = findInDraft(tx, city, draftHash(draft), uid)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return false, nil
	}
	return p.State == Fresh, err
}

// Open gives a picture for reading, always a JPEG. Access is the caller's to
// check, with what Find says.
func (s *Service) Open(ctx context.Context, p Photo, size Size) (io.ReadSeekCloser, error) {
	if p.blob == "" || size != Full && size != Thumb {
		return nil, fault.Missing.New("media.missing")
	}
	return s.Blobs.Open(ctx, p.blob+string(size))
}

// HideIn hides a photo from everyone but staff; it stays hidden.
func (s *Service) HideIn(tx *sqldb.Tx, city, photo int64) error {
	hidden, err := hidePhoto(tx, city, photo)
	if err == nil && !hidden {
		return fault.Missing.New("media.missing")
	}
	return err
}

// EraseIn removes photos for good: the rows at once, the blobs by a job as soon
// as no other photo shows them.
func (s *Service) EraseIn(tx *sqldb.Tx, city int64, photos []int64) error {
	for _, p := range photos {
		blob, err := erasePhoto(tx, city, p)
		if err != nil {
			return fmt.Errorf("erase photo %d: %w", p, err)
		}
		if blob == "" {
			continue
		}
		if err := job.Add(tx, job.Job{City: city, Kind: DeleteJob, Args: job.Args(deletion{blob})}); err != nil {
			return err
		}
	}
	return nil
}
