package media

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"time"

	"gorod/internal/platform/fault"
)

// Format is a kind of picture file that we take.
type Format string

// The formats we take.
const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
	WebP Format = "webp"
	HEIC Format = "heic"
)

// Position is a point in WGS 84 degrees. The zero Position means unknown.
type Position struct{ Lat, Lon float64 }

// Known says whether there is a position at all.
func (p Position) Known() bool { return p != Position{} }

// sane drops what a camera writes when it does not know: 0°, nonsense, half of
// a pair. A coordinate that is zero to the last digit is a missing one: the
// chance of an honest zero is less than a metre of the Earth's circle.
func (p Position) sane() Position {
	if p.Lat == 0 || p.Lon == 0 || math.IsNaN(p.Lat) || math.IsNaN(p.Lon) ||
		math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180 {
		return Position{}
	}
	return p
}

// Taken is when the camera says the picture was taken. Cameras keep wall-clock
// time, and only newer ones add the zone.
type Taken struct {
	Wall  time.Time // to the second; zero when unknown
	Zoned bool      // Wall is an instant; otherwise its zone means nothing
}

// At gives the instant, reading a time without zone as the city's own.
// It is the zero time when nothing is known.
func (t Taken) At(city *time.Location) time.Time {
	if t.Wall.IsZero() || t.Zoned {
		return t.Wall
	}
	w := t.Wall
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, city)
}

// Facts is what a file says about its picture. Taken and Position are personal
// data: for the author and staff only.
type Facts struct {
	Format        Format
	Width, Height int // pixels of the original, as seen upright
	Taken         Taken
	Position      Position
	// Turn is how the stored pixels must be turned; the HEIC decoder turns by
	// itself, there it is Upright.
	Turn Orientation

	memory int64 // bytes that decoding takes at most, estimated
}

// Limits bound what is taken and say what is made of it.
type Limits struct {
	Bytes  int // of one file
	Pixels int // width × height
	// HEICPixels is the same for HEIC, whose decoder takes about 30 bytes a
	// pixel of its header's claim, and more if the file lies inside: on a
	// machine that must not swap, 0 takes no HEIC at all.
	HEICPixels int
	Side       int // longest side of what comes in, pixels
	Count      int // photos with one message

	PhotoSide int // longest side of the public picture
	ThumbSide int // longest side of the thumbnail
	Quality   int // of the JPEG, 1 to 100
}

// DefaultLimits are the limits of a city that has set none.
func DefaultLimits() Limits {
	return Limits{
		Bytes: 15 << 20, Pixels: 60_000_000, HEICPixels: 25_000_000, Side: 12_000, Count: 10,
		PhotoSide: 1600, ThumbSide: 320, Quality: 82,
	}
}

// CheckCount refuses more photos than one message may carry (media.too_many).
func (l Limits) CheckCount(n int) error {
	if n > l.Count {
		return fault.Limited.New("media.too_many", l.Count)
	}
	return nil
}

// A file that claims many pixels must have bytes to describe them: photos have
// 2 to 40 pixels a byte, a uniform JPEG about 70; deflate and WebP can blow up
// one byte to a thousand pixels and more. Small pictures (screenshots, scans)
// may be as empty as they like.
const (
	bombPixels        = 8_000_000
	bombPixelsPerByte = 400
)

// checkSize judges what the header claims, before anything is allocated.
func (l Limits) checkSize(format Format, size image.Point, bytes int) error {
	pixels := l.Pixels
	if format == HEIC {
		pixels = min(pixels, l.HEICPixels)
	}
	area := int64(size.X) * int64(size.Y)
	switch {
	case size.X <= 0 || size.Y <= 0:
		return damaged(fmt.Errorf("size %v", size))
	case size.X > l.Side || size.Y > l.Side || area > int64(pixels):
		return fault.Limited.New("media.too_large", pixels/1_000_000, l.Side)
	case area > bombPixels && area/int64(bytes) > bombPixelsPerByte:
		return damaged(fmt.Errorf("%d pixels in %d bytes", area, bytes))
	}
	return nil
}

func damaged(cause error) error {
	return fault.Invalid.New("media.damaged").Because(cause)
}

// Inspect reads the header of a file under DefaultLimits and tells what the
// picture is, without decoding it. It refuses with media.not_an_image,
// media.format, media.too_heavy, media.too_large or media.damaged.
//
// It is cheap (well under a millisecond a megabyte) and needs no Workshop.
func Inspect(data []byte) (Facts, error) {
	return DefaultLimits().Inspect(data)
}

// Inspect is as the function of the same name, under these limits.
func (l Limits) Inspect(data []byte) (Facts, error) {
	h, err := l.open(data)
	return h.facts, err
}

// header is a file opened and judged, but not decoded.
type header struct {
	facts  Facts
	stored image.Point // size as the decoder will give it
	data   []byte      // what the decoder must be given
	exif   []byte      // TIFF block, nil when there is none
}

func (l Limits) open(data []byte) (header, error) {
	if len(data) > l.Bytes {
		return header{}, fault.Limited.New("media.too_heavy", l.Bytes>>20)
	}
	format, err := sniff(data)
	if err == nil && format == HEIC && l.HEICPixels == 0 {
		err = errForeign
	}
	if err != nil {
		return header{}, l.explain(err)
	}
	var h header
	err = guard(func() error {
		h, err = openers(format)(data)
		return err
	})
	if err != nil {
		return header{}, l.explain(err)
	}
	h.facts.Format = format
	err = l.checkSize(format, h.stored, len(data))
	if err != nil {
		return header{}, err
	}
	h.readFacts()
	return h, nil
}

func openers(format Format) func([]byte) (header, error) {
	switch format {
	case PNG:
		return openPNG
	case WebP:
		return openWebP
	case HEIC:
		return openHEIC
	default:
		return openJPEG
	}
}

// readFacts fills in what EXIF knows and the size that a person sees.
func (h *header) readFacts() {
	tags := readExif(h.exif)
	h.facts.Taken, h.facts.Position = tags.taken, tags.position
	h.facts.Turn = Upright
	if h.facts.Format != HEIC {
		h.facts.Turn = tags.turn
	}
	h.facts.Width, h.facts.Height = h.stored.X, h.stored.Y
	if h.facts.Turn.sideways() {
		h.facts.Width, h.facts.Height = h.stored.Y, h.stored.X
	}
}

// foreignStarts are the beginnings of pictures that we know and do not take, so that
// a person hears "not this format" and not "not a picture".
func foreignStarts() []string {
	return []string{
		"GIF8", "BM", "II*\x00", "MM\x00*", "8BPS", "\xff\x0a", "\x00\x00\x00\x0cJXL ", "\x00\x00\x00\x0cjP  ", "<svg",
	}
}

// sniff tells the format by the first bytes alone.
func sniff(data []byte) (Format, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(data, []byte(pngSignature)):
		return PNG, nil
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return WebP, nil
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		return sniffISO(data)
	}
	for _, prefix := range foreignStarts() {
		if bytes.HasPrefix(data, []byte(prefix)) {
			return "", errForeign
		}
	}
	return "", fault.Invalid.New("media.not_an_image")
}

// errForeign says that a file is a picture of a kind we do not open.
var errForeign = errors.New("picture of a foreign format")

// explain tells a person which formats we do open.
func (l Limits) explain(err error) error {
	if !errors.Is(err, errForeign) {
		return err
	}
	accepted := "JPEG, PNG, WebP, HEIC"
	if l.HEICPixels == 0 {
		accepted = "JPEG, PNG, WebP"
	}
	return fault.Invalid.New("media.format", accepted).Because(err)
}

// guard runs a decoder over a stranger's bytes. A panic in it is a broken file,
// not a broken program.
func guard(decode func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = damaged(fmt.Errorf("decoder panicked: %v", r))
		}
	}()
	return decode()
}
