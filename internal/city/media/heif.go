package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"slices"

	"gorod/internal/platform/fault"
)

// HEIC is HEVC in boxes (ISO/IEC 23008-12). The decoder is the C library in a
// WebAssembly machine: safe, but it takes seconds, about 30 bytes a pixel, and
// cannot be interrupted. So the size is read here, from the boxes, and the
// machine is started only for what may be decoded.

const heicBytesPerPixel = 30

// sniffISO tells HEIC from the many other files that begin with "ftyp": films,
// AVIF, sound.
func sniffISO(data []byte) (Format, error) {
	brands := isoBrands(data)
	for _, brand := range brands {
		if slices.Contains([]string{"heic", "heix", "heim", "heis"}, brand) {
			return HEIC, nil
		}
	}
	for _, brand := range brands {
		if slices.Contains([]string{"avif", "avis", "mif1", "msf1", "hevc", "hevx", "jxl "}, brand) {
			return "", errForeign
		}
	}
	return "", fault.Invalid.New("media.not_an_image")
}

// isoBrands are the brand of a file and those it says to be compatible with.
func isoBrands(data []byte) []string {
	end := min(int64(binary.BigEndian.Uint32(data)), int64(len(data)), 256)
	brands := []string{string(data[8:12])}
	for at := int64(16); at+4 <= end; at += 4 {
		brands = append(brands, string(data[at:at+4]))
	}
	return brands
}

func openHEIC(data []byte) (header, error) {
	size, err := heicSize(data)
	if err != nil {
		return header{}, damaged(err)
	}
	h := header{stored: size, data: asHEIC(data), exif: heicExif(data)}
	h.facts.memory = int64(size.X) * int64(size.Y) * heicBytesPerPixel
	return h, nil
}

// asHEIC names the main brand that the decoder insists on; some phones put
// "heic" only among the compatible ones.
func asHEIC(data []byte) []byte {
	if brand := string(data[8:12]); brand == "heic" || brand == "heix" {
		return data
	}
	data = bytes.Clone(data)
	copy(data[8:], "heic")
	return data
}

// heicExif looks for the block by its beginning, which all writers share: the
// EXIF item may lie anywhere in the file and be any item.
func heicExif(data []byte) []byte {
	first := -1
	for _, start := range []string{"II*\x00\x08\x00\x00\x00", "MM\x00*\x00\x00\x00\x08"} {
		at := bytes.Index(data, []byte(start))
		if at >= 0 && (first < 0 || at < first) {
			first = at
		}
	}
	if first < 0 {
		return nil
	}
	return data[first:]
}

// boxes calls visit with each box of a region, until visit says stop.
func boxes(region []byte, visit func(kind string, body []byte) (stop bool)) {
	for len(region) >= 8 {
		size, head := int64(binary.BigEndian.Uint32(region)), int64(8)
		if size == 1 && len(region) >= 16 {
			size, head = int64(binary.BigEndian.Uint64(region[8:])), 16
		}
		if size == 0 || size > int64(len(region)) {
			size = int64(len(region)) // to the end, or cut
		}
		if size < head || visit(string(region[4:8]), region[head:size]) {
			return
		}
		region = region[size:]
	}
}

// box is the body of the first box of this kind, nil when there is none.
func box(region []byte, kind string) (found []byte) {
	boxes(region, func(k string, body []byte) bool {
		if k == kind {
			found = body
		}
		return k == kind
	})
	return found
}

var errNoPrimary = errors.New("no primary picture in HEIC")

// heicSize is the size of the primary picture as it is seen. Every picture in
// the file must pass the same limits as the largest, since a tile or an
// auxiliary picture is decoded with it: so the larger of the primary's and any
// other's area is what is judged.
func heicSize(data []byte) (image.Point, error) {
	meta := box(data, "meta")
	if len(meta) < 4 {
		return image.Point{}, errNoPrimary
	}
	meta = meta[4:]
	item, ok := primaryItem(box(meta, "pitm"))
	properties := box(meta, "iprp")
	if !ok || properties == nil {
		return image.Point{}, errNoPrimary
	}
	var size, largest image.Point
	quarter := false
	wanted := associated(box(properties, "ipma"), item)
	index := 0
	boxes(box(properties, "ipco"), func(kind string, body []byte) bool {
		index++
		mine := slices.Contains(wanted, index)
		switch {
		case kind == "ispe" && len(body) >= 12:
			s := image.Pt(int(binary.BigEndian.Uint32(body[4:])), int(binary.BigEndian.Uint32(body[8:])))
			if mine {
				size = s
			}
			if int64(s.X)*int64(s.Y) > int64(largest.X)*int64(largest.Y) {
				largest = s
			}
		case kind == "irot" && mine && len(body) >= 1:
			quarter = body[0]&1 == 1
		}
		return false
	})
	if size == (image.Point{}) {
		return size, errNoPrimary
	}
	if int64(largest.X)*int64(largest.Y) > int64(size.X)*int64(size.Y) {
		size = largest
	}
	if quarter {
		size.X, size.Y = size.Y, size.X
	}
	return size, nil
}

func primaryItem(pitm []byte) (uint32, bool) {
	switch {
	case len(pitm) >= 6 && pitm[0] == 0:
		return uint32(binary.BigEndian.Uint16(pitm[4:])), true
	case len(pitm) >= 8:
		return binary.BigEndian.Uint32(pitm[4:]), true
	}
	return 0, false
}

// associated are the numbers, from 1, of the properties of an item
// (ISO/IEC 23008-12, 9.3.1).
func associated(ipma []byte, item uint32) []int {
	if len(ipma) < 8 {
		return nil
	}
	r := fields{rest: ipma}
	version, flags := r.uint(1), r.uint(3)
	idBytes, indexBytes := 2, 1
	if version > 0 {
		idBytes = 4
	}
	if flags&1 == 1 {
		indexBytes = 2
	}
	essential := 1<<(8*indexBytes-1) - 1
	for entries := r.uint(4); entries > 0 && !r.over; entries-- {
		mine := r.uint(idBytes) == int(item)
		var found []int
		for n := r.uint(1); n > 0 && !r.over; n-- {
			found = append(found, r.uint(indexBytes)&essential)
		}
		if mine {
			return found
		}
	}
	return nil
}

// fields reads big-endian numbers one after another; over is set, and zero
// given, when there are no more.
type fields struct {
	rest []byte
	over bool
}

func (f *fields) uint(size int) int {
	if len(f.rest) < size {
		f.over = true
		return 0
	}
	n := 0
	for _, b := range f.rest[:size] {
		n = n<<8 | int(b)
	}
	f.rest = f.rest[size:]
	return n
}
