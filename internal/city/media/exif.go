package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"time"

	"github.com/evanoberholster/imagemeta/exif2"
	"github.com/evanoberholster/imagemeta/imagetype"
	"github.com/evanoberholster/imagemeta/meta"
	"github.com/evanoberholster/imagemeta/meta/utils"
)

const (
	exifPrefix = "Exif\x00\x00"
	// maxExif is how much of a block is looked at. A JPEG cannot hold more;
	// what we want stands in front, behind it lie the maker's notes.
	maxExif = 1 << 16
)

// tags are the few facts of an EXIF block that we want. What is missing or
// senseless stays zero; a broken block is no reason to refuse a photo.
type tags struct {
	turn     Orientation
	taken    Taken
	position Position
}

// readExif reads a TIFF block, with or without the "Exif" prefix.
func readExif(block []byte) tags {
	block = bytes.TrimPrefix(block, []byte(exifPrefix))
	block = block[:min(len(block), maxExif)]
	e := readTIFF(block)
	return tags{
		turn:     Orientation(e.Orientation).known(),
		taken:    takenAt(e),
		position: Position{Lat: e.GPS.Latitude(), Lon: e.GPS.Longitude()}.sane(),
	}
}

// readTIFF walks the directories. The library panics on about every tenth
// block with a broken byte (it reads from slices that a failed read left
// empty), so the walk is fenced; what it had found until then is kept. It reads
// forward only: a directory that lies before the first one is not seen.
func readTIFF(block []byte) (found exif2.Exif) {
	order, first, ok := tiffHead(block)
	if !ok {
		return found
	}
	reader := exif2.NewIfdReader(exif2.Logger)
	defer reader.Close()
	defer func() {
		_ = recover()
		found = reader.Exif
	}()
	head := meta.NewExifHeader(order, first, 0, uint32(len(block)), imagetype.ImageJPEG)
	// The buffer holds the whole block: the library looks ahead no further
	// than its reader's buffer, and fails beyond.
	_ = reader.DecodeJPEGIfd(bufio.NewReaderSize(bytes.NewReader(block), len(block)+16), head)
	return found
}

// tiffHead reads the eight bytes that begin a TIFF block.
func tiffHead(block []byte) (order utils.ByteOrder, first uint32, ok bool) {
	if len(block) < 8 {
		return order, 0, false
	}
	switch string(block[:4]) {
	case "II*\x00":
		return utils.LittleEndian, binary.LittleEndian.Uint32(block[4:]), true
	case "MM\x00*":
		return utils.BigEndian, binary.BigEndian.Uint32(block[4:]), true
	}
	return order, 0, false
}

// takenAt prefers the moment of exposure to that of digitising. The time of
// the last change is not used: editors set it.
func takenAt(e exif2.Exif) Taken {
	for _, t := range []time.Time{e.DateTimeOriginal(), e.CreateDate()} {
		// EXIF is of 1995; cameras without a clock write zeros or their epoch.
		if t.Year() >= 1995 && t.Year() <= 2200 {
			// The library marks an unknown zone by time.UTC itself; a stated
			// one, even +00:00, is a zone of its own.
			return Taken{Wall: t.Truncate(time.Second), Zoned: t.Location() != time.UTC}
		}
	}
	return Taken{}
}
