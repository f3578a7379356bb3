package osm

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
	"github.com/paulmach/osm/osmxml"
)

// maxXML is the largest file of XML that is read, in bytes: XML is for towns
// written by hand.
const maxXML = 2 << 30

// source is an extract as a file, which is read several times.
type source struct {
	name string
	open func() (io.ReadCloser, error)
	xml  bool
	size int64
	// progress, which may be nil, hears how many bytes of a pass are read.
	progress func(what string, done, total int)
}

// openSource looks at a file: PBF begins with the size of a header, XML with a
// sign.
func openSource(name string) (*source, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder, not an extract", name)
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	text := strings.TrimLeft(strings.TrimPrefix(string(head[:n]), "\ufeff"), " \t\r\n")
	s := &source{name: name, xml: strings.HasPrefix(text, "<"), size: info.Size()}
	s.open = func() (io.ReadCloser, error) { return os.Open(name) }
	switch {
	case n == 0:
		return nil, fmt.Errorf("%s is empty", name)
	case s.xml && s.size > maxXML:
		return nil, fmt.Errorf("%s has %d MB of XML; `osmium cat %s -o city.osm.pbf` makes of it what can be read", name, s.size>>20, name)
	case strings.HasPrefix(text, "BZh") || strings.HasPrefix(text, "\x1f\x8b"):
		return nil, fmt.Errorf("%s is packed: unpack it, or `osmium cat %s -o city.osm.pbf`", name, name)
	}
	return s, nil
}

// visit is what a pass does with each element. Elements are not kept: their
// memory may be used again.
type visit struct {
	node     func(*osm.Node) error
	way      func(*osm.Way) error
	relation func(*osm.Relation) error
}

// scan goes through the file once. The error names the file and, of a PBF, the
// block.
func (s *source) scan(ctx context.Context, what string, v visit) error {
	file, err := s.open()
	if err != nil {
		return err
	}
	defer file.Close()
	counted := &counter{from: file, say: func(done int64) {
		if s.progress != nil {
			s.progress(what, int(done>>10), int(s.size>>10))
		}
	}}
	read := s.scanPBF
	if s.xml {
		read = s.scanXML
	}
	if err := read(ctx, bufio.NewReaderSize(counted, 1<<20), v); err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	return nil
}

// counter tells how far a reader is.
type counter struct {
	from io.Reader
	done int64
	say  func(int64)
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.done += int64(n)
	c.say(c.done)
	return n, err
}

// scanPBF decodes with one goroutine, so that elements come in the order of the
// file and visits need no lock; unpacking and checking go on in another. All
// visits are done when it returns.
func (s *source) scanPBF(ctx context.Context, from io.Reader, v visit) error {
	guard := newGuard(from, want{nodes: v.node != nil, ways: v.way != nil, relations: v.relation != nil})
	scanner := osmpbf.New(ctx, guard, 1)
	var refused error
	// Visiting in the filter and keeping nothing saves an object an element.
	note := func(err error) bool {
		if refused == nil {
			refused = err
		}
		return refused != nil // an object that comes through ends the scan
	}
	scanner.SkipNodes, scanner.SkipWays, scanner.SkipRelations = v.node == nil, v.way == nil, v.relation == nil
	scanner.FilterNode = func(n *osm.Node) bool { return refused != nil || note(v.node(n)) }
	scanner.FilterWay = func(w *osm.Way) bool { return refused != nil || note(v.way(w)) }
	scanner.FilterRelation = func(r *osm.Relation) bool { return refused != nil || note(v.relation(r)) }
	var err error
	if !scanner.Scan() { // else a visit refused
		err = scanner.Err()
	}
	if closed := scanner.Close(); closed != nil && err == nil {
		err = closed
	}
	switch {
	case refused != nil:
		return refused
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return err
}

func (s *source) scanXML(ctx context.Context, from io.Reader, v visit) error {
	scanner := osmxml.New(ctx, from)
	defer scanner.Close()
	for scanner.Scan() {
		var err error
		switch e := scanner.Object().(type) {
		case *osm.Node:
			if v.node != nil {
				err = v.node(e)
			}
		case *osm.Way:
			if v.way != nil {
				err = v.way(e)
			}
		case *osm.Relation:
			if v.relation != nil {
				err = v.relation(e)
			}
		}
		if err != nil {
			return err
		}
	}
	return scanner.Err()
}
