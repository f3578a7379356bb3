package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/gen2brain/heic"
	"golang.org/x/image/webp"
)

// Prepared is a photo as it may be shown: two plain JPEGs and what staff may
// know about the original.
type Prepared struct {
	Photo          []byte // JPEG, upright, no metadata
	Width, Height  int    // pixels of Photo
	Thumb          []byte // JPEG
	ThumbW, ThumbH int    // pixels of Thumb
	Hash           Hash   // of what is seen
	Facts          Facts  // of the original; staff only
}

// Prepare makes the public pictures of one uploaded file. Beside the refusals
// of Inspect it answers media.damaged for a file that ends early or lies, and
// the context's error when time is up.
//
// It holds as much memory as the decoded picture needs; call it through a
// Workshop where more than one may run.
func Prepare(ctx context.Context, data []byte, limits Limits) (Prepared, error) {
	h, err := limits.open(data)
	if err != nil {
		return Prepared{}, err
	}
	return limits.prepare(ctx, h)
}

func (l Limits) prepare(ctx context.Context, h header) (Prepared, error) {
	picture, err := h.decode(ctx)
	if err != nil {
		return Prepared{}, l.explain(err)
	}
	// A header and its picture can disagree (a HEIC grid, a crop); what counts
	// is what came out.
	size := picture.Bounds().Size()
	err = l.checkSize(h.facts.Format, size, len(h.data))
	if err != nil {
		return Prepared{}, err
	}
	photo := turn(shrink(picture, l.PhotoSide), h.facts.Turn)
	thumb := shrinkWell(photo, l.ThumbSide)
	p := Prepared{
		Width: photo.Rect.Dx(), Height: photo.Rect.Dy(),
		ThumbW: thumb.Rect.Dx(), ThumbH: thumb.Rect.Dy(),
		Hash: hashOf(thumb), Facts: h.facts,
	}
	p.Facts.Width, p.Facts.Height = size.X, size.Y
	if h.facts.Turn.sideways() {
		p.Facts.Width, p.Facts.Height = size.Y, size.X
	}
	err = ctx.Err()
	if err != nil {
		return Prepared{}, err
	}
	p.Photo, err = l.encode(photo)
	if err != nil {
		return Prepared{}, err
	}
	p.Thumb, err = l.encode(thumb)
	return p, err
}

func (l Limits) encode(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, m, &jpeg.Options{Quality: l.Quality})
	if err != nil {
		return nil, fmt.Errorf("encode photo: %w", err)
	}
	return out.Bytes(), nil
}

// decode gives the stored pixels. When the context ends, the decoders that
// read as they go (all but HEIC) stop at their next read.
func (h header) decode(ctx context.Context) (image.Image, error) {
	err := ctx.Err()
	if err != nil {
		return nil, err
	}
	var picture image.Image
	err = guard(func() error {
		picture, err = decoder(h.facts.Format)(untilDone{ctx, bytes.NewReader(h.data)})
		return err
	})
	if err == nil {
		return picture, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var strange jpeg.UnsupportedError
	if errors.As(err, &strange) {
		return nil, errForeign
	}
	return nil, damaged(fmt.Errorf("decode %s: %w", h.facts.Format, err))
}

func decoder(format Format) func(io.Reader) (image.Image, error) {
	switch format {
	case PNG:
		return png.Decode
	case WebP:
		return webp.Decode
	case HEIC:
		return heic.Decode
	default:
		return jpeg.Decode
	}
}

// untilDone ends a decoder's input when nobody waits for the picture any more.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	err := u.ctx.Err()
	if err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
