package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"gorod/internal/city/media"
)

func TestEveryOrientationIsTurnedUpright(t *testing.T) {
	t.Parallel()
	upright := corners(96, 64)
	for turn := 0; turn <= 9; turn++ {
		t.Run(fmt.Sprintf("orientation %d", turn), func(t *testing.T) {
			t.Parallel()
			stored := upright // 0 and 9 are not in the standard
			if turn >= 1 && turn <= 8 {
				stored = store(upright, turn)
			}
			c := atPetersburg
			c.turn = turn
			p := prepared(t, withSegments(asJPEG(t, stored, 95), exifSegment(c)))
			if p.Facts.Width != 96 || p.Facts.Height != 64 {
				t.Errorf("facts say %d × %d", p.Facts.Width, p.Facts.Height)
			}
			wantCorners(t, decoded(t, p.Photo, 96, 64))
			wantCorners(t, decoded(t, p.Thumb, p.ThumbW, p.ThumbH))
		})
	}
}

func wantCorners(t *testing.T, m image.Image) {
	t.Helper()
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	for i, want := range []color.Color{red, green, blue, amber} {
		x, y := w/4+i%2*w/2, h/4+i/2*h/2
		if got := m.At(x, y); !near(got, want) {
			t.Errorf("corner %d is %v, want %v", i, got, want)
		}
	}
}

func TestPhotoIsMadeSmallerAndNeverLarger(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ in, photo, thumb image.Point }{
		"small stays":         {image.Pt(300, 200), image.Pt(300, 200), image.Pt(300, 200)},
		"only the thumbnail":  {image.Pt(640, 480), image.Pt(640, 480), image.Pt(320, 240)},
		"wide":                {image.Pt(3200, 1000), image.Pt(1600, 500), image.Pt(320, 100)},
		"tall":                {image.Pt(1000, 3200), image.Pt(500, 1600), image.Pt(100, 320)},
		"a line":              {image.Pt(5000, 1), image.Pt(1600, 1), image.Pt(320, 1)},
		"one pixel":           {image.Pt(1, 1), image.Pt(1, 1), image.Pt(1, 1)},
		"a pixel over rounds": {image.Pt(1601, 1200), image.Pt(1600, 1199), image.Pt(320, 240)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := prepared(t, asPNG(t, corners(c.in.X, c.in.Y)))
			if p.Facts.Width != c.in.X || p.Facts.Height != c.in.Y {
				t.Errorf("facts say %d × %d", p.Facts.Width, p.Facts.Height)
			}
			if got := image.Pt(p.Width, p.Height); got != c.photo {
				t.Errorf("photo %v, want %v", got, c.photo)
			}
			if got := image.Pt(p.ThumbW, p.ThumbH); got != c.thumb {
				t.Errorf("thumbnail %v, want %v", got, c.thumb)
			}
			decoded(t, p.Photo, p.Width, p.Height)
			decoded(t, p.Thumb, p.ThumbW, p.ThumbH)
		})
	}
}

func TestTransparentBecomesWhite(t *testing.T) {
	t.Parallel()
	for _, w := range []int{40, 2000} { // copied and scaled
		clear := image.NewNRGBA(image.Rect(0, 0, w, 30))
		files := map[string][]byte{
			"png":          asPNG(t, clear),
			"png, palette": asPNG(t, image.NewPaletted(image.Rect(0, 0, w, 30), color.Palette{color.Transparent, red})),
			"webp":         riff(riffChunk("VP8L", string(vp8l(w, 30, 0, func(int, int) bool { return true })))),
		}
		for name, file := range files {
			p := prepared(t, file)
			if got := decoded(t, p.Photo, p.Width, p.Height).At(p.Width/2, p.Height/2); !near(got, color.White) {
				t.Errorf("%s %d wide: %v, want white", name, w, got)
			}
		}
	}
}

func TestWebPIsDecoded(t *testing.T) {
	t.Parallel()
	second := riffChunk("VP8L", string(vp8l(64, 48, 255, func(int, int) bool { return false })))
	frame := func(picture []byte) []byte { return riffChunk("ANMF", strings.Repeat("\x00", 16)+string(picture)) }
	cases := map[string][]byte{
		"still":                       riff(leftBright(64, 48)),
		"first frame of an animation": riff(vp8x(2, 64, 48), riffChunk("ANIM", "\x00\x00\x00\x00\x00\x00"), frame(leftBright(64, 48)), frame(second)),
	}
	for name, file := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := prepared(t, file)
			m := decoded(t, p.Photo, 64, 48)
			if !near(m.At(10, 24), color.RGBA{0, 255, 0, 255}) || !near(m.At(54, 24), color.Black) {
				t.Errorf("left %v, right %v", m.At(10, 24), m.At(54, 24))
			}
		})
	}
}

func TestLossyWebPIsDecoded(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"yellow_rose.lossy.webp", "yellow_rose.lossy-with-alpha.webp", "video-001.lossy.webp"} {
		p := prepared(t, fromModule(t, "golang.org/x/image", file))
		decoded(t, p.Photo, p.Width, p.Height)
	}
}

func TestHEICIsDecoded(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"test8.heic", "gray.heic"} {
		file := fromModule(t, "github.com/gen2brain/heic", name)
		f, err := media.Inspect(file)
		if err != nil {
			t.Fatal(err)
		}
		p := prepared(t, file)
		decoded(t, p.Photo, p.Width, p.Height)
		if p.Facts.Width != f.Width || p.Facts.Height != f.Height {
			t.Errorf("%s: header says %d × %d, picture is %d × %d", name, f.Width, f.Height, p.Facts.Width, p.Facts.Height)
		}
	}
}

// TestHEICUnderAnotherBrandIsDecoded: some phones name the brand only among the
// compatible ones.
func TestHEICUnderAnotherBrandIsDecoded(t *testing.T) {
	t.Parallel()
	file := fromModule(t, "github.com/gen2brain/heic", "gray.heic")
	brand := bytes.Replace(file, []byte("ftypheic"), []byte("ftypmif1"), 1)
	prepared(t, brand)
	if !bytes.Contains(brand, []byte("ftypmif1")) {
		t.Error("the upload itself was changed")
	}
}

func TestNothingButPixelsSurvives(t *testing.T) {
	t.Parallel()
	exif := string(atPetersburg.block())
	xmp := "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + marker + "</x:xmpmeta>"
	iptc := "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x28\x1c\x02\x78\x00\x20" + marker
	icc := "ICC_PROFILE\x00\x01\x01" + strings.Repeat("\x00", 128) + marker
	itxt := "XML:com.adobe.xmp\x00\x00\x00\x00\x00" + marker
	picture := scene(3, 400, 300)
	cases := map[string][]byte{
		"jpeg": append(withSegments(asJPEG(t, picture, 90), exifSegment(atPetersburg), segment(0xe1, xmp),
			segment(0xe2, icc), segment(0xed, iptc), segment(0xfe, marker), segment(0xef, marker)), marker...),
		"png": append(withChunks(asPNG(t, picture), chunk("tEXt", "Author\x00"+marker), chunk("iTXt", itxt),
			chunk("eXIf", exif), chunk("prVt", marker)), marker...),
		"webp": riff(vp8x(0x2c, 64, 48), riffChunk("ICCP", icc), leftBright(64, 48), riffChunk("EXIF", exif),
			riffChunk("XMP ", xmp), riffChunk("MINE", marker)),
	}
	for name, file := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantBare(t, file)
		})
	}
	t.Run("heic", func(t *testing.T) {
		t.Parallel()
		// The file has a block of its own; ours is to be the first.
		file := bytes.ReplaceAll(fromModule(t, "github.com/gen2brain/heic", "test8.heic"), []byte("II*\x00"), make([]byte, 4))
		wantBare(t, append(file,
			[]byte("\x00\x00\x00\x00free\x00\x00\x00\x06Exif\x00\x00"+exif+xmp)...))
	})
}

// wantBare prepares a file that is full of secrets and looks for each of them
// in what would be published; then that there are no segments but those that
// draw the picture.
func wantBare(t *testing.T, file []byte) {
	t.Helper()
	p := prepared(t, file)
	if !p.Facts.Position.Known() || p.Facts.Taken.Wall.IsZero() {
		t.Fatalf("the facts were not planted: %+v", p.Facts)
	}
	secrets := [][]byte{
		[]byte(marker), []byte("PLANTED"), []byte("Exif"), []byte("xmpmeta"), []byte("8BIM"), []byte("ICC"), []byte("2026:06:01"),
		[]byte("II*\x00"), []byte("MM\x00*"), binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, 59), 1),
	}
	for name, out := range map[string][]byte{"photo": p.Photo, "thumbnail": p.Thumb} {
		for _, secret := range secrets[:len(secrets)-1] {
			if !bytes.Contains(file, secret) && bytes.Contains(out, secret) {
				t.Logf("%q is in the %s by chance, not from the file", secret, name)
			} else if bytes.Contains(out, secret) {
				t.Errorf("%q survived in the %s", secret, name)
			}
		}
		if bytes.Contains(out, secrets[len(secrets)-1]) {
			t.Errorf("the latitude survived in the %s", name)
		}
		for at := 2; out[at+1] != 0xda; at += 2 + int(binary.BigEndian.Uint16(out[at+2:])) {
			if kind := out[at+1]; kind != 0xdb && kind != 0xc0 && kind != 0xc4 {
				t.Errorf("segment %#x in the %s", kind, name)
			}
		}
	}
}

func TestNobodyWaitsForAnAbandonedPhoto(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := media.Prepare(ctx, asJPEG(t, scene(1, 64, 64), 90), media.DefaultLimits())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// leaving is a context that ends at the third look at it.
type leaving struct {
	context.Context
	looks *int
}

func (l leaving) Err() error {
	*l.looks++
	if *l.looks >= 3 {
		return context.Canceled
	}
	return nil
}

func TestDecodingStopsWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{
		"jpeg": asJPEG(t, scene(1, 400, 300), 90), "png": asPNG(t, scene(1, 400, 300)), "webp": riff(leftBright(400, 300)),
	} {
		_, err := media.Prepare(leaving{t.Context(), new(int)}, file, media.DefaultLimits())
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func FuzzInspect(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		facts, err := media.Inspect(data)
		if err == nil && (facts.Width < 1 || facts.Height < 1 || facts.Turn < 1 || facts.Turn > 8) {
			t.Errorf("accepted with %+v", facts)
		}
	})
}

func FuzzPrepare(f *testing.F) {
	seed(f)
	limits := media.DefaultLimits()
	limits.Pixels, limits.HEICPixels = 1_000_000, 1_000_000
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := media.Prepare(t.Context(), data, limits)
		if err == nil {
			decoded(t, p.Photo, p.Width, p.Height)
			decoded(t, p.Thumb, p.ThumbW, p.ThumbH)
		}
	})
}

func seed(f *testing.F) {
	small := asJPEG(f, corners(16, 16), 80)
	files := [][]byte{
		small, withSegments(small, exifSegment(atPetersburg)), asPNG(f, corners(16, 16)),
		withChunks(asPNG(f, corners(16, 16)), chunk("eXIf", string(atPetersburg.block()))),
		riff(leftBright(16, 16)), riff(vp8x(2, 16, 16), riffChunk("ANMF", strings.Repeat("\x00", 16)+string(leftBright(16, 16)))),
		heifBoxes(16, 16, 1), hugePNG(50_000, 50_000), hugePNG(7_000, 8_000), []byte("GIF89a"), nil,
	}
	for _, file := range files {
		f.Add(file)
		f.Add(file[:len(file)*2/3])
	}
}

// BenchmarkPrepare12Megapixels is the chain for one phone photo; run it with
// -cpu 1 to read CPU time from it.
func BenchmarkPrepare12Megapixels(b *testing.B) {
	file := asJPEG(b, scene(1, 4000, 3000), 90)
	b.Logf("%d bytes", len(file))
	b.ReportAllocs()
	for b.Loop() {
		_, err := media.Prepare(b.Context(), file, media.DefaultLimits())
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInspect(b *testing.B) {
	file := withSegments(asJPEG(b, scene(1, 4000, 3000), 90), exifSegment(atPetersburg))
	b.ReportAllocs()
	for b.Loop() {
		_, err := media.Inspect(file)
		if err != nil {
			b.Fatal(err)
		}
	}
}
