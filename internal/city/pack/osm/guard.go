package osm

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Limits of the format (wiki.openstreetmap.org/wiki/PBF_Format) and, for what a
// block may hold, of ours: writers put 8,000 elements into one.
const (
	maxHeader  = 64 << 10
	maxBlob    = 32 << 20
	maxRaw     = maxBlob - 1<<10 // a block is passed on unpacked, with a frame round it
	maxInBlock = 1 << 18         // elements
	maxStrings = 1 << 21
	maxTags    = 1 << 22
	maxRefs    = 1 << 22 // nodes of ways
	maxMembers = 1 << 20
)

// guard reads a PBF and gives the same data as a PBF that the decoder of
// paulmach/osm reads without harm: blocks unpacked, every index within its
// table, every list as long as its sisters, versions and authors left out. What
// it cannot vouch for is an error that names block and byte.
type guard struct {
	from  io.Reader
	keep  want
	at    int64 // bytes read
	block int
	out   []byte // made, not yet read
	err   error
	blob  []byte
	raw   []byte
}

// want is which elements a pass needs.
type want struct{ nodes, ways, relations bool }

func newGuard(from io.Reader, keep want) *guard { return &guard{from: from, keep: keep} }

// Read implements io.Reader.
func (g *guard) Read(p []byte) (int, error) {
	for len(g.out) == 0 && g.err == nil {
		start := g.at
		if err := g.next(); err == io.EOF {
			g.err = io.EOF
			if g.block == 0 {
				g.err = errors.New("the file is empty")
			}
		} else if err != nil {
			g.err = fmt.Errorf("block %d at byte %d: %w", g.block+1, start, err)
		}
		g.block++
	}
	if len(g.out) == 0 {
		return 0, g.err
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

// fill reads exactly len(p) bytes.
func (g *guard) fill(p []byte) error {
	n, err := io.ReadFull(g.from, p)
	g.at += int64(n)
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends in the middle of it")
	}
	return err
}

// next reads a block; io.EOF only where a file may end.
func (g *guard) next() error {
	var size [4]byte
	n, err := io.ReadFull(g.from, size[:])
	g.at += int64(n)
	switch {
	case err == io.EOF:
		return io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends in the middle of it")
	case err != nil:
		return err
	}
	length := binary.BigEndian.Uint32(size[:])
	if length == 0 || length >= maxHeader {
		return fmt.Errorf("its header of %d bytes is none of a PBF", length)
	}
	header := make([]byte, length)
	if err := g.fill(header); err != nil {
		return err
	}
	kind, dataSize, err := blobHeader(header)
	if err != nil {
		return fmt.Errorf("header: %w", err)
	}
	g.blob = slices.Grow(g.blob[:0], dataSize)[:dataSize]
	if err := g.fill(g.blob); err != nil {
		return err
	}
	if g.block == 0 && kind != "OSMHeader" {
		return fmt.Errorf("it is a %.40q, not the OSMHeader with which a PBF begins", kind)
	}
	if kind != "OSMHeader" && kind != "OSMData" {
		return nil // others are to be skipped
	}
	if err := g.unpack(g.blob); err != nil {
		return err
	}
	body := headerOfOurs()
	if kind == "OSMHeader" {
		if g.block > 0 {
			return nil
		}
		if err := checkFeatures(g.raw); err != nil {
			return err
		}
	} else if body, err = checkBlock(g.raw, g.keep); err != nil || body == nil {
		return err
	}
	g.emit(kind, body)
	return nil
}

// blobHeader reads the kind and the size of the blob that follows.
func blobHeader(header []byte) (kind string, size int, err error) {
	err = fields(header, func(f field) error {
		switch {
		case f.number == 1 && f.wire == wireBytes:
			kind = string(f.body)
		case f.number == 3 && f.wire == wireVarint:
			if f.value >= maxBlob {
				return fmt.Errorf("a block of %d bytes is more than the %d that a PBF may have", f.value, maxBlob)
			}
			size = int(f.value)
		}
		return nil
	})
	return kind, size, err
}

// unpack puts into raw what a blob holds.
func (g *guard) unpack(blob []byte) error {
	g.raw = g.raw[:0]
	said, packed, found := -1, []byte(nil), 0
	err := fields(blob, func(f field) error {
		switch f.number {
		case 1:
			if f.wire != wireBytes || len(f.body) > maxRaw {
				return errors.New("raw data too large")
			}
			g.raw = append(g.raw[:0], f.body...)
			found++
		case 2:
			if f.value > maxRaw {
				return fmt.Errorf("it says that it unpacks to %d bytes; %d are the most", f.value, maxRaw)
			}
			said = int(f.value)
		case 3:
			packed = f.body
			found++
		case 4, 5, 6, 7:
			return errors.New("it is packed otherwise than with zlib; `osmium cat IN -o OUT.osm.pbf` packs it anew")
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case found != 1:
		return fmt.Errorf("it holds %d times data, not once", found)
	case packed == nil:
		return nil
	}
	return g.inflate(packed, said)
}

func (g *guard) inflate(packed []byte, said int) error {
	from, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	defer from.Close()
	if said < 0 {
		return errors.New("it does not say how much it unpacks to")
	}
	g.raw = slices.Grow(g.raw, said)[:said]
	if n, err := io.ReadFull(from, g.raw); err != nil {
		return fmt.Errorf("unpack: %d of the %d bytes that it says: %w", n, said, err)
	}
	var more [1]byte
	if n, err := from.Read(more[:]); n > 0 || err != nil && err != io.EOF {
		return fmt.Errorf("it unpacks to other than the %d bytes that it says", said)
	}
	return nil
}

// checkFeatures refuses files that need what we do not understand.
func checkFeatures(header []byte) error {
	return fields(header, func(f field) error {
		if f.number != 4 {
			return nil
		}
		switch name := string(f.body); name {
		case "OsmSchema-V0.6", "DenseNodes":
			return nil
		case "HistoricalInformation":
			return errors.New("it is a file of history; `osmium time-filter` makes the map of a day of it")
		default:
			return fmt.Errorf("it needs %.40q, which is not understood", name)
		}
	})
}

func headerOfOurs() []byte {
	return appendBytes(appendBytes(nil, 4, []byte("OsmSchema-V0.6")), 4, []byte("DenseNodes"))
}

// emit writes a block with its frame.
func (g *guard) emit(kind string, body []byte) {
	frame := binary.AppendUvarint([]byte{1<<3 | wireBytes}, uint64(len(body)))
	header := appendNumber(appendBytes(nil, 1, []byte(kind)), 3, uint64(len(frame)+len(body)))
	g.out = binary.BigEndian.AppendUint32(nil, uint32(len(header)))
	g.out = append(append(append(g.out, header...), frame...), body...)
}
