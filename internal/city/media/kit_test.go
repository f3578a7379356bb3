package media_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gorod/internal/city/media"
	"gorod/internal/platform/fault"
)

// marker is planted wherever a file can carry text.
const marker = "PLANTED-Ivan-Petrov-+79210000000"

var (
	red   = color.RGBA{220, 20, 20, 255}
	green = color.RGBA{20, 180, 20, 255}
	blue  = color.RGBA{20, 20, 220, 255}
	amber = color.RGBA{240, 200, 20, 255}
)

// corners is an upright picture that looks different whichever way it lies.
func corners(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := [4]color.RGBA{red, green, blue, amber}[x*2/w+y*2/h*2]
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// scene is a made-up photo: seeded blocks of light and shade, as of a street,
// over a soft sky, with grain.
func scene(seed uint64, w, h int) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	top, bottom := 100+100*r.Float64(), 60+100*r.Float64()
	for y := range h {
		l := top + (bottom-top)*float64(y)/float64(h)
		row := image.Rect(0, y, w, y+1)
		draw.Draw(m, row, image.NewUniform(color.RGBA{clip(l), clip(l), clip(l + 20), 255}), image.Point{}, draw.Src)
	}
	for range 25 {
		x, y := int(r.Float64()*float64(w)), int(r.Float64()*float64(h))
		block := image.Rect(x, y, x+w/20+int(r.Float64()*float64(w/3)), y+h/20+int(r.Float64()*float64(h/3)))
		shade := color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		draw.Draw(m, block, image.NewUniform(shade), image.Point{}, draw.Src)
	}
	for i := range m.Pix {
		if i%4 != 3 {
			m.Pix[i] = clip(float64(m.Pix[i]) + float64(r.Uint32()%25) - 12)
		}
	}
	return m
}

func clip(v float64) uint8 { return uint8(max(0, min(255, v))) }

// store lays an upright picture out as a camera held that way would: the EXIF
// standard says for each orientation on which visual side the 0th row and the
// 0th column are.
func store(m *image.RGBA, orientation int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	sw, sh := w, h
	if orientation >= 5 {
		sw, sh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, sw, sh))
	for row := range sh {
		for col := range sw {
			var x, y int
			switch orientation {
			case 1: // row 0 top, column 0 left
				x, y = col, row
			case 2: // top, right
				x, y = w-1-col, row
			case 3: // bottom, right
				x, y = w-1-col, h-1-row
			case 4: // bottom, left
				x, y = col, h-1-row
			case 5: // left, top
				x, y = row, col
			case 6: // right, top
				x, y = w-1-row, col
			case 7: // right, bottom
				x, y = w-1-row, h-1-col
			case 8: // left, bottom
				x, y = row, h-1-col
			}
			out.SetRGBA(col, row, m.RGBAAt(x, y))
		}
	}
	return out
}

func asJPEG(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// camera is what an EXIF block of these tests says.
type camera struct {
	order                order
	turn                 int
	taken, zone          string
	lat, lon             [3]uint32 // degrees, minutes, hundredths of a second
	latRef, lonRef       string
	denominator          uint32 // of degrees; 1 unless set
	withoutLat, withText bool
}

var atPetersburg = camera{
	order: binary.LittleEndian, turn: 1, taken: "2026:06:01 12:30:15", zone: "+03:00",
	lat: [3]uint32{59, 56, 1500}, lon: [3]uint32{30, 18, 3000}, latRef: "N", lonRef: "E", denominator: 1, withText: true,
}

type entry struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// block builds a TIFF block: directory 0, then Exif and GPS.
func (c camera) block() []byte {
	o := c.order
	short := func(v int) []byte { return o.AppendUint16(nil, uint16(v)) }
	long := func(v int) []byte { return o.AppendUint32(nil, uint32(v)) }
	text := func(tag uint16, s string) entry { return entry{tag, 2, uint32(len(s) + 1), append([]byte(s), 0)} }
	angle := func(tag uint16, v [3]uint32) entry {
		var b []byte
		for _, n := range [6]uint32{v[0], c.denominator, v[1], 1, v[2], 100} {
			b = o.AppendUint32(b, n)
		}
		return entry{tag, 5, 3, b}
	}
	exif := []entry{text(0x9003, c.taken)}
	if c.zone != "" {
		exif = append(exif, text(0x9011, c.zone))
	}
	gps := []entry{text(1, c.latRef)}
	if !c.withoutLat {
		gps = append(gps, angle(2, c.lat))
	}
	gps = append(gps, text(3, c.lonRef), angle(4, c.lon))
	var first []entry
	if c.withText {
		first = append(first, text(0x010e, marker), text(0x010f, marker))
	}
	first = append(first, entry{0x0112, 3, 1, short(c.turn)})
	build := func(exifAt, gpsAt int) []byte {
		return directory(o, 8, append(first[:len(first):len(first)], entry{0x8769, 4, 1, long(exifAt)}, entry{0x8825, 4, 1, long(gpsAt)}))
	}
	exifAt := 8 + len(build(0, 0))
	exifDir := directory(o, exifAt, exif)
	gpsAt := exifAt + len(exifDir)
	head := []byte("II*\x00\x08\x00\x00\x00")
	if o == order(binary.BigEndian) {
		head = []byte("MM\x00*\x00\x00\x00\x08")
	}
	return bytes.Join([][]byte{head, build(exifAt, gpsAt), exifDir, directory(o, gpsAt, gps)}, nil)
}

func directory(a order, at int, entries []entry) []byte {
	out := a.AppendUint16(nil, uint16(len(entries)))
	size := 2 + 12*len(entries) + 4
	var far []byte
	for _, e := range entries {
		out = a.AppendUint32(a.AppendUint16(a.AppendUint16(out, e.tag), e.kind), e.count)
		if len(e.value) <= 4 {
			out = append(out, append(bytes.Clone(e.value), 0, 0, 0, 0)[:4]...)
			continue
		}
		out = a.AppendUint32(out, uint32(at+size+len(far)))
		far = append(far, e.value...)
		if len(far)%2 == 1 {
			far = append(far, 0)
		}
	}
	return append(a.AppendUint32(out, 0), far...)
}

// withSegments puts marker segments behind the start of a JPEG.
func withSegments(file []byte, segments ...[]byte) []byte {
	return bytes.Join([][]byte{file[:2], bytes.Join(segments, nil), file[2:]}, nil)
}

func segment(kind byte, body string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, kind}, uint16(len(body)+2)), body...)
}

func exifSegment(c camera) []byte { return segment(0xe1, "Exif\x00\x00"+string(c.block())) }

// withChunks puts chunks before the first IDAT of a PNG.
func withChunks(file []byte, chunks ...[]byte) []byte {
	at := bytes.Index(file, []byte("IDAT")) - 4
	return bytes.Join([][]byte{file[:at], bytes.Join(chunks, nil), file[at:]}, nil)
}

func chunk(kind, body string) []byte {
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// hugePNG claims any size and has almost no data.
func hugePNG(w, h uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	ihdr = append(ihdr, 8, 6, 0, 0, 0)
	return bytes.Join([][]byte{
		[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(ihdr)),
		chunk("IDAT", "\x78\x9c\x63\x00\x00\x00\x01\x00\x01"), chunk("IEND", ""),
	}, nil)
}

// hugeWebP claims any size up to 16384 and has almost no data.
func hugeWebP(w, h uint32) []byte {
	head := binary.LittleEndian.AppendUint32([]byte{0x2f}, w-1|(h-1)<<14)
	return riffChunk("VP8L", string(head)+strings.Repeat("\x00", 100))
}

// vp8l encodes a picture of two shades of green (0 and 255) with red,
// blue and alpha constant: one bit a pixel. It is the smallest useful subset of
// the WebP lossless format.
func vp8l(w, h int, alpha byte, bright func(x, y int) bool) []byte {
	var bits bitWriter
	bits.put(uint32(w-1), 14)
	bits.put(uint32(h-1), 14)
	bits.put(1, 1) // alpha is used
	bits.put(0, 3) // version
	bits.put(0, 3) // no transform, no colour cache, one set of codes
	// Green: a simple code of two symbols; the others: of one.
	bits.put(1, 1)
	bits.put(1, 1)
	bits.put(0, 1) // first symbol has 1 bit
	bits.put(0, 1)
	bits.put(255, 8)
	for _, v := range []byte{0, 0, alpha, 0} {
		bits.put(1, 1)
		bits.put(0, 1)
		bits.put(1, 1)
		bits.put(uint32(v), 8)
	}
	for y := range h {
		for x := range w {
			if bright(x, y) {
				bits.put(1, 1)
			} else {
				bits.put(0, 1)
			}
		}
	}
	return append([]byte{0x2f}, bits.bytes()...)
}

type bitWriter struct {
	out []byte
	n   int
}

func (b *bitWriter) put(v uint32, n int) {
	for i := range n {
		if b.n%8 == 0 {
			b.out = append(b.out, 0)
		}
		b.out[b.n/8] |= byte(v>>i&1) << (b.n % 8)
		b.n++
	}
}

func (b *bitWriter) bytes() []byte { return append(b.out, 0, 0, 0, 0) }

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(kind, body string) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

func vp8x(flags byte, w, h int) []byte {
	return riffChunk("VP8X", string([]byte{flags, 0, 0, 0,
		byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}))
}

// leftBright is a WebP picture whose left half is green.
func leftBright(w, h int) []byte {
	return riffChunk("VP8L", string(vp8l(w, h, 255, func(x, _ int) bool { return x < w/2 })))
}

// heifBoxes is a HEIC header without a picture behind it.
func heifBoxes(w, h uint32, quarters byte, tail ...byte) []byte {
	box := func(kind, body string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + kind + body
	}
	ispe := string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(make([]byte, 4), w), h))
	ipco := box("ipco", box("ispe", ispe)+box("irot", string([]byte{quarters})))
	ipma := box("ipma", "\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01\x02\x01\x82")
	meta := box("meta", "\x00\x00\x00\x00"+box("pitm", "\x00\x00\x00\x00\x00\x01")+box("iprp", ipco+ipma))
	return append([]byte(box("ftyp", "heic\x00\x00\x00\x00mif1heic")+meta), tail...)
}

// fromModule reads a test file of a module that we depend on: there are
// formats that nothing here can write.
func fromModule(t testing.TB, module, file string) []byte {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Skipf("SKIPPED, not proven: no sources of %s: %v", module, err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata", file))
	if err != nil {
		t.Skipf("SKIPPED, not proven: %v", err)
	}
	return data
}

func wantFault(t *testing.T, err error, phrase string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Phrase != phrase {
		t.Fatalf("error %v, want fault %s", err, phrase)
	}
}

func prepared(t testing.TB, data []byte) media.Prepared {
	t.Helper()
	p, err := media.Prepare(t.Context(), data, media.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// decoded reads a result the way a browser would, and checks what must hold of
// every result: it is a JPEG of the stated size.
func decoded(t testing.TB, file []byte, w, h int) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds() != image.Rect(0, 0, w, h) {
		t.Fatalf("size %v, stated %d × %d", m.Bounds(), w, h)
	}
	return m
}

func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	d := func(x, y uint32) bool { return max(x, y)-min(x, y) < 40<<8 }
	return d(r1, r2) && d(g1, g2) && d(b1, b2)
}
