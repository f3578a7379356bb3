package media

import (
	"encoding/binary"
	"errors"
	"image"
)

// A WebP file is a RIFF of chunks: VP8 or VP8L holds a picture, ALPH its
// transparency, ANMF a frame of an animation with such chunks inside, EXIF the
// facts, VP8X the size that the file claims.
//
// The claim in VP8X need not be what the picture holds, and the decoder does
// not know animations. So the first picture is taken out and put into a file
// of its own, whose header repeats the size that the picture itself states.

func openWebP(data []byte) (header, error) {
	var found webpParts
	found.collect(data[12:], 0)
	size, err := found.size()
	if err != nil {
		return header{}, damaged(err)
	}
	h := header{stored: size, data: found.file(size), exif: found.exif}
	h.facts.memory = int64(size.X) * int64(size.Y) * 8
	return h, nil
}

// webpParts are the chunks of the first picture.
type webpParts struct {
	alpha, lossy, lossless, exif []byte
}

// collect walks chunks; depth 1 is inside the first frame.
func (p *webpParts) collect(rest []byte, depth int) {
	for len(rest) >= 8 {
		length := int64(binary.LittleEndian.Uint32(rest[4:]))
		if length > int64(len(rest)-8) {
			length = int64(len(rest) - 8) // a cut file: the decoder will judge
		}
		p.take(string(rest[:4]), rest[8:8+length], depth)
		rest = rest[min(8+length+length&1, int64(len(rest))):]
	}
}

func (p *webpParts) take(kind string, body []byte, depth int) {
	empty := p.lossy == nil && p.lossless == nil
	switch {
	case kind == "EXIF" && p.exif == nil:
		p.exif = body
	case kind == "ALPH" && empty && p.alpha == nil:
		p.alpha = body
	case kind == "VP8 " && empty:
		p.lossy = body
	case kind == "VP8L" && empty:
		p.lossless = body
	case kind == "ANMF" && empty && depth == 0 && len(body) > 16:
		p.collect(body[16:], 1)
	}
}

var errNoPicture = errors.New("no picture in WebP")

// size is read from the picture's own header: RFC 6386 9.1 for VP8, the WebP
// lossless specification 3 for VP8L.
func (p *webpParts) size() (image.Point, error) {
	switch {
	case len(p.lossy) >= 10:
		w := int(binary.LittleEndian.Uint16(p.lossy[6:])) & 0x3fff
		h := int(binary.LittleEndian.Uint16(p.lossy[8:])) & 0x3fff
		return image.Pt(w, h), nil
	case len(p.lossless) >= 5 && p.lossless[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(p.lossless[1:])
		return image.Pt(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1), nil
	}
	return image.Point{}, errNoPicture
}

// file is a still picture of these parts.
func (p *webpParts) file(size image.Point) []byte {
	out := []byte("RIFF\x00\x00\x00\x00WEBP")
	switch {
	case p.lossy == nil:
		out = appendChunk(out, "VP8L", p.lossless)
	case p.alpha == nil:
		out = appendChunk(out, "VP8 ", p.lossy)
	default:
		const hasAlpha = 1 << 4
		head := []byte{hasAlpha, 0, 0, 0}
		head = appendUint24(head, size.X-1)
		head = appendUint24(head, size.Y-1)
		out = appendChunk(out, "VP8X", head)
		out = appendChunk(out, "ALPH", p.alpha)
		out = appendChunk(out, "VP8 ", p.lossy)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func appendChunk(out []byte, kind string, body []byte) []byte {
	out = append(out, kind...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	out = append(out, body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

func appendUint24(out []byte, n int) []byte {
	return append(out, byte(n), byte(n>>8), byte(n>>16))
}
