package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

func openPNG(data []byte) (header, error) {
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return header{}, damaged(fmt.Errorf("read PNG header: %w", err))
	}
	h := header{stored: image.Pt(config.Width, config.Height), data: data, exif: pngExif(data)}
	h.facts.memory = int64(config.Width) * int64(config.Height) * pngBytesPerPixel(config.ColorModel)
	return h, nil
}

// pngBytesPerPixel counts the pixels twice: an interlaced picture is read in
// passes that are pictures of their own.
func pngBytesPerPixel(model color.Model) int64 {
	switch model {
	case color.GrayModel:
		return 2
	case color.Gray16Model:
		return 4
	case color.RGBA64Model, color.NRGBA64Model:
		return 16
	default: // RGBA, NRGBA; a palette takes less
		return 8
	}
}

// pngExif finds the eXIf chunk (PNG 3rd edition, 11.3.4.4). Of the other
// chunks only the length is read.
func pngExif(data []byte) []byte {
	rest := data[len(pngSignature):]
	for len(rest) >= 12 {
		length := binary.BigEndian.Uint32(rest)
		if int64(length)+12 > int64(len(rest)) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+length]
		}
		rest = rest[12+length:]
	}
	return nil
}
