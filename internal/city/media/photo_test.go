package media_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/media"
	"gorod/internal/platform/fault"
)

func TestInspectTellsFormatAndSizeByContent(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		file   []byte
		format media.Format
	}{
		"jpeg":                        {asJPEG(t, corners(64, 48), 90), media.JPEG},
		"png":                         {asPNG(t, corners(64, 48)), media.PNG},
		"webp":                        {riff(leftBright(64, 48)), media.WebP},
		"webp of a phone":             {riff(vp8x(8, 64, 48), leftBright(64, 48)), media.WebP},
		"heic":                        {heifBoxes(64, 48, 0), media.HEIC},
		"heic that is stored on side": {heifBoxes(48, 64, 1), media.HEIC},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := media.Inspect(c.file)
			if err != nil {
				t.Fatal(err)
			}
			if f.Format != c.format || f.Width != 64 || f.Height != 48 {
				t.Errorf("%s %d × %d, want %s 64 × 48", f.Format, f.Width, f.Height, c.format)
			}
		})
	}
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, scene(1, 200, 150), 90)
	wholePNG := asPNG(t, scene(1, 200, 150))
	wide := asPNG(t, corners(12_001, 2))
	cases := map[string]struct {
		file   []byte
		phrase string
	}{
		"nothing":                          {nil, "media.not_an_image"},
		"text":                             {[]byte("<html>"), "media.not_an_image"},
		"pdf":                              {[]byte("%PDF-1.7 and so on"), "media.not_an_image"},
		"film":                             {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"), "media.not_an_image"},
		"gif":                              {[]byte("GIF89a\x01\x00\x01\x00"), "media.format"},
		"tiff":                             {[]byte("II*\x00\x08\x00\x00\x00"), "media.format"},
		"avif":                             {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1miaf"), "media.format"},
		"over 15 MB":                       {append(bytes.Clone(whole), make([]byte, 15<<20)...), "media.too_heavy"},
		"a side over 12000":                {wide, "media.too_large"},
		"a billion pixels":                 {hugePNG(50_000, 50_000), "media.too_large"},
		"over 60 megapixels":               {hugePNG(8_000, 8_000), "media.too_large"},
		"pixels without bytes":             {hugePNG(7_000, 8_000), "media.damaged"},
		"webp that lies about its size":    {riff(vp8x(0, 10, 10), hugeWebP(16_000, 15_000)), "media.too_large"},
		"webp without a picture":           {riff(vp8x(0, 10, 10)), "media.damaged"},
		"heic over its own limit":          {heifBoxes(6_000, 5_000, 0, make([]byte, 1<<20)...), "media.too_large"},
		"heic without a picture":           {heifBoxes(64, 48, 0)[:24], "media.damaged"},
		"heic that cannot be decoded":      {heifBoxes(64, 48, 0), "media.damaged"},
		"jpeg header alone":                {[]byte("\xff\xd8\xff\xe0"), "media.damaged"},
		"jpeg cut in the middle":           {whole[:len(whole)/2], "media.damaged"},
		"png cut in the middle":            {wholePNG[:len(wholePNG)/2], "media.damaged"},
		"png of nothing":                   {hugePNG(0, 10), "media.damaged"},
		"webp cut in the middle":           {riff(leftBright(300, 300))[:600], "media.damaged"},
		"lossless jpeg, which Go does not": {bytes.Replace(whole, []byte{0xff, 0xc0}, []byte{0xff, 0xc3}, 1), "media.format"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := media.Prepare(t.Context(), c.file, media.DefaultLimits())
			wantFault(t, err, c.phrase)
		})
	}
}

func TestTooMuchIsLimitedAndTheRestIsInvalid(t *testing.T) {
	t.Parallel()
	_, heavy := media.Inspect(make([]byte, 16<<20))
	_, strange := media.Inspect([]byte("GIF89a"))
	if fault.KindOf(heavy) != fault.Limited || fault.KindOf(strange) != fault.Invalid {
		t.Errorf("kinds %v, %v", fault.KindOf(heavy), fault.KindOf(strange))
	}
	l := media.DefaultLimits()
	if err := l.CheckCount(10); err != nil {
		t.Error(err)
	}
	wantFault(t, l.CheckCount(11), "media.too_many")
}

// Not parallel: it watches what the whole program allocates.
func TestBombsAreRefusedBeforeAnythingIsAllocated(t *testing.T) {
	bombs := map[string][]byte{
		"png":  hugePNG(50_000, 50_000),
		"flat": hugePNG(7_900, 7_500),
		"webp": riff(vp8x(0, 10, 10), hugeWebP(16_000, 15_000)),
		"heic": heifBoxes(40_000, 40_000, 0),
	}
	for name, bomb := range bombs {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := media.Prepare(t.Context(), bomb, media.DefaultLimits())
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 1<<20 {
			t.Errorf("%s: error %v after allocating %d bytes", name, err, took)
		}
	}
}

func TestFactsAreReadFromEveryFormat(t *testing.T) {
	t.Parallel()
	swapped := atPetersburg
	swapped.order = binary.BigEndian
	for name, c := range map[string]camera{"little-endian": atPetersburg, "big-endian": swapped} {
		block := string(c.block())
		files := map[string][]byte{
			"jpeg":                      withSegments(asJPEG(t, corners(64, 48), 90), segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), exifSegment(c)),
			"png":                       withChunks(asPNG(t, corners(64, 48)), chunk("eXIf", block)),
			"webp":                      riff(vp8x(8, 64, 48), leftBright(64, 48), riffChunk("EXIF", block)),
			"webp with the JPEG prefix": riff(vp8x(8, 64, 48), leftBright(64, 48), riffChunk("EXIF", "Exif\x00\x00"+block)),
			"heic":                      heifBoxes(64, 48, 0, []byte("\x00\x00\x00\x06Exif\x00\x00"+block)...),
		}
		for format, file := range files {
			t.Run(format+", "+name, func(t *testing.T) {
				t.Parallel()
				f, err := media.Inspect(file)
				if err != nil {
					t.Fatal(err)
				}
				if !f.Taken.Zoned || !f.Taken.Wall.Equal(time.Date(2026, 6, 1, 9, 30, 15, 0, time.UTC)) {
					t.Errorf("taken %+v", f.Taken)
				}
				if math.Abs(f.Position.Lat-59.9375) > 1e-9 || math.Abs(f.Position.Lon-30.308333333) > 1e-8 {
					t.Errorf("position %+v", f.Position)
				}
			})
		}
	}
}

func TestSenselessPositionIsUnknown(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*camera){
		"zero, zero":            func(c *camera) { c.lat, c.lon = [3]uint32{}, [3]uint32{} },
		"latitude is missing":   func(c *camera) { c.withoutLat = true },
		"latitude over 90":      func(c *camera) { c.lat[0] = 95 },
		"longitude over 180":    func(c *camera) { c.lon[0] = 200 },
		"degrees divided by 0":  func(c *camera) { c.denominator = 0 },
		"nothing, divided by 0": func(c *camera) { c.lat, c.lon, c.denominator = [3]uint32{}, [3]uint32{}, 0 },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := atPetersburg
			spoil(&c)
			f, err := media.Inspect(withSegments(asJPEG(t, corners(8, 8), 90), exifSegment(c)))
			if err != nil || f.Position.Known() {
				t.Errorf("position %+v, error %v", f.Position, err)
			}
			if f.Taken.Wall.IsZero() {
				t.Error("the time was lost with the position")
			}
		})
	}
}

func TestSouthAndWestAreNegative(t *testing.T) {
	t.Parallel()
	c := atPetersburg
	c.latRef, c.lonRef = "S", "W"
	f, err := media.Inspect(withSegments(asJPEG(t, corners(8, 8), 90), exifSegment(c)))
	if err != nil || f.Position.Lat > -59 || f.Position.Lon > -30 {
		t.Errorf("position %+v, error %v", f.Position, err)
	}
}

func TestTimeWithoutZoneIsTheCitysOwn(t *testing.T) {
	t.Parallel()
	city := time.FixedZone("city", 5*60*60)
	inspect := func(taken, zone string) media.Taken {
		c := atPetersburg
		c.taken, c.zone = taken, zone
		f, err := media.Inspect(withSegments(asJPEG(t, corners(8, 8), 90), exifSegment(c)))
		if err != nil {
			t.Fatal(err)
		}
		return f.Taken
	}
	cases := map[string]struct{ taken, zone, want string }{
		"no zone":           {"2026:06:01 12:30:15", "", "2026-06-01T07:30:15Z"},
		"another zone":      {"2026:06:01 12:30:15", "+03:00", "2026-06-01T09:30:15Z"},
		"Greenwich":         {"2026:06:01 12:30:15", "+00:00", "2026-06-01T12:30:15Z"},
		"clock never set":   {"0000:00:00 00:00:00", "", "0001-01-01T00:00:00Z"},
		"before there was":  {"1980:01:01 00:00:00", "+03:00", "0001-01-01T00:00:00Z"},
		"not a time at all": {strings.Repeat("?", 19), "", "0001-01-01T00:00:00Z"},
	}
	for name, c := range cases {
		got := inspect(c.taken, c.zone).At(city).UTC().Format(time.RFC3339)
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestBrokenExifDoesNotRefuseThePhoto(t *testing.T) {
	t.Parallel()
	picture := asJPEG(t, corners(8, 8), 90)
	block := atPetersburg.block()
	for cut := range block {
		if _, err := media.Inspect(withSegments(picture, segment(0xe1, "Exif\x00\x00"+string(block[:cut])))); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
	for at := range block {
		for _, value := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			broken := bytes.Clone(block)
			broken[at] = value
			f, err := media.Inspect(withSegments(picture, segment(0xe1, "Exif\x00\x00"+string(broken))))
			if err != nil || f.Turn < 1 || f.Turn > 8 {
				t.Fatalf("%d at %d: turn %d, error %v", value, at, f.Turn, err)
			}
		}
	}
}

func TestACityMayTakeNoHEIC(t *testing.T) {
	t.Parallel()
	l := media.DefaultLimits()
	_, err := l.Inspect([]byte("GIF89a"))
	if args := fault.Of(err).Args; args[0] != "JPEG, PNG, WebP, HEIC" {
		t.Errorf("formats %v", args)
	}
	l.HEICPixels = 0
	_, err = l.Inspect(heifBoxes(64, 48, 0))
	wantFault(t, err, "media.format")
	if args := fault.Of(err).Args; args[0] != "JPEG, PNG, WebP" {
		t.Errorf("formats %v", args)
	}
}

func TestPassesOfAProgressiveJPEGAreBounded(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, scene(1, 64, 48), 90)
	withScans := func(n int) []byte {
		scans := bytes.Repeat(append(segment(0xda, "\x01\x01\x00\x00\x00\x00"), 0x12, 0xff, 0x00, 0xff, 0xd0, 0x34), n)
		return append(append(bytes.Clone(whole[:len(whole)-2]), scans...), 0xff, 0xd9)
	}
	if _, err := media.Inspect(withScans(20)); err != nil {
		t.Errorf("20 passes: %v", err)
	}
	_, err := media.Inspect(withScans(200))
	wantFault(t, err, "media.damaged")
	// What lies behind the end of the picture (a film, a second photo) is not
	// counted.
	if _, err := media.Inspect(append(whole, withScans(200)...)); err != nil {
		t.Errorf("behind the end: %v", err)
	}
}
