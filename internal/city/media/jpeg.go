package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
)

// maxScans bounds the passes of a progressive JPEG. Cameras and editors write
// about ten; a hostile file can hold a hundred thousand of a few bytes each,
// and every one walks the whole picture.
const maxScans = 100

func openJPEG(data []byte) (header, error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		var strange jpeg.UnsupportedError
		if errors.As(err, &strange) {
			return header{}, errForeign
		}
		return header{}, damaged(fmt.Errorf("read JPEG header: %w", err))
	}
	w := jpegWalk{data: data}
	w.run()
	if w.scans > maxScans {
		return header{}, damaged(fmt.Errorf("JPEG of over %d scans", maxScans))
	}
	h := header{stored: image.Pt(config.Width, config.Height), data: data, exif: w.exif}
	h.facts.memory = int64(config.Width) * int64(config.Height) * w.bytesPerPixel()
	return h, nil
}

// jpegWalk goes from marker to marker, without decoding.
type jpegWalk struct {
	data        []byte
	exif        []byte // first EXIF block
	components  int
	progressive bool
	scans       int
}

// bytesPerPixel is what the decoder allocates if no component is subsampled; a
// progressive picture is also kept as coefficients of four bytes each.
func (w *jpegWalk) bytesPerPixel() int64 {
	n := int64(max(1, w.components))
	if w.progressive {
		return 5 * n
	}
	return n
}

func (w *jpegWalk) run() {
	at := 2
	for w.scans <= maxScans {
		marker, body, next := w.segment(at)
		switch marker {
		case 0, 0xd9: // nothing more; end of image
			return
		case 0xe1:
			if w.exif == nil && bytes.HasPrefix(body, []byte(exifPrefix)) {
				w.exif = body
			}
		case 0xc0, 0xc1, 0xc2:
			if len(body) >= 6 {
				w.components = int(body[5])
			}
			w.progressive = marker == 0xc2
		case 0xda:
			w.scans++
		}
		at = next
	}
}

// segment finds the next marker at or after at, skipping fill bytes and
// entropy-coded data, in which 0xff stands only before 0x00 and restarts.
func (w *jpegWalk) segment(at int) (marker byte, body []byte, next int) {
	for {
		skip := bytes.IndexByte(w.data[min(at, len(w.data)):], 0xff)
		if skip < 0 || at+skip+1 >= len(w.data) {
			return 0, nil, 0
		}
		at += skip + 1
		marker = w.data[at]
		if marker == 0xff || marker == 0x00 || (marker >= 0xd0 && marker <= 0xd8) || marker == 0x01 {
			continue
		}
		break
	}
	at++
	if marker == 0xd9 {
		return marker, nil, at
	}
	if at+2 > len(w.data) {
		return 0, nil, 0
	}
	length := int(binary.BigEndian.Uint16(w.data[at:]))
	if length < 2 || at+length > len(w.data) {
		return 0, nil, 0
	}
	return marker, w.data[at+2 : at+length], at + length
}
