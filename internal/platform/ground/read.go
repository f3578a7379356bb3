package ground

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// Read adds a layer from a GeoJSON FeatureCollection. Features without a
// geometry that can be drawn are left out; a body that is no GeoJSON is an
// error that names the feature, and nothing of the layer is added.
//
// It goes through the text once and makes nothing of what a map does not need:
// 300,000 houses are read in the time in which the library for JSON reads the
// first 30,000, and a city that was just started waits for this.
func (g *Ground) Read(name string, r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read layer %s: %w", name, err)
	}
	l := &layer{name: name, grid: map[cell][]uint32{}}
	p := &parser{raw: body}
	if err := p.toFeatures(); err != nil {
		return fmt.Errorf("read layer %s: %w", name, err)
	}
	for i := 0; !p.take(']'); i++ {
		if i > 0 && !p.take(',') {
			return fmt.Errorf("read feature %d of layer %s: %w", i, name, errJSON)
		}
		f, err := g.feature(p)
		if err == nil {
			err = g.add(l, f, p)
		}
		if err != nil {
			return fmt.Errorf("read feature %d of layer %s: %w", i, name, err)
		}
	}
	l.body = slices.Clip(l.body)
	l.features = slices.Clip(l.features)
	g.layers = append(g.layers, l)
	return nil
}

var (
	errJSON        = errors.New("not JSON")
	errCoordinates = errors.New("coordinates are no numbers in brackets")
)

// source is a feature of GeoJSON as far as it is read: its words and where its
// coordinates stand in the text.
type source struct {
	class, kind, name, number, id uint32
	geometry                      string // its type, "" for none
	from, to                      int
}

// parser goes through a text of JSON. What it passes over it checks only for
// brackets and quotes that fit.
type parser struct {
	raw   []byte
	at    int
	form  form
	lines [][][2]int32 // of the feature being read
	spare [][2]int32   // where lines are made, used again for each feature
}

// toFeatures goes to the first feature of a collection.
func (p *parser) toFeatures() error {
	found := false
	p.blank()
	if p.at == len(p.raw) || p.raw[p.at] != '{' {
		return errors.New("no object")
	}
	err := p.object(func(key []byte) (bool, error) {
		if string(key) != "features" {
			return false, p.skip()
		}
		if !p.take('[') {
			return false, errors.New("features are no list")
		}
		found = true
		return true, nil
	})
	if err == nil && !found {
		return errors.New("no features")
	}
	return err
}

// object reads an object: each gets a key and reads the value; true ends it
// there.
func (p *parser) object(each func(key []byte) (bool, error)) error {
	if !p.take('{') {
		return errJSON
	}
	if p.take('}') {
		return nil
	}
	for {
		key, err := p.text()
		if err != nil {
			return err
		}
		if !p.take(':') {
			return errJSON
		}
		if done, err := each(key); done || err != nil {
			return err
		}
		if p.take('}') {
			return nil
		}
		if !p.take(',') {
			return errJSON
		}
	}
}

// feature reads one feature; its coordinates stay where they are.
func (g *Ground) feature(p *parser) (source, error) {
	var f source
	err := p.object(func(key []byte) (bool, error) {
		switch string(key) {
		case "properties":
			return false, g.properties(p, &f)
		case "geometry":
			return false, p.geometry(&f)
		}
		return false, p.skip()
	})
	return f, err
}

func (g *Ground) properties(p *parser, f *source) error {
	if p.null() {
		return nil
	}
	return p.object(func(key []byte) (bool, error) {
		var to *uint32
		switch string(key) {
		case "class":
			to = &f.class
		case "kind":
			to = &f.kind
		case "name":
			to = &f.name
		case "number":
			to = &f.number
		case "id":
			to = &f.id
		default:
			return false, p.skip()
		}
		said, err := p.said()
		*to = g.word(said)
		return false, err
	})
}

func (p *parser) geometry(f *source) error {
	if p.null() {
		return nil
	}
	return p.object(func(key []byte) (bool, error) {
		switch string(key) {
		case "type":
			said, err := p.text()
			f.geometry = string(said)
			return false, err
		case "coordinates":
			p.blank()
			f.from = p.at
			err := p.skip()
			f.to = p.at
			return false, err
		}
		return false, p.skip()
	})
}

// said is a text or a number as a word; anything else says nothing.
func (p *parser) said() ([]byte, error) {
	p.blank()
	if p.at == len(p.raw) {
		return nil, errJSON
	}
	switch c := p.raw[p.at]; {
	case c == '"':
		return p.text()
	case c == '-' || c >= '0' && c <= '9':
		v, err := p.number()
		return strconv.AppendFloat(nil, v, 'f', -1, 64), err
	}
	return nil, p.skip()
}

// null goes past a null.
func (p *parser) null() bool {
	p.blank()
	if p.at+4 > len(p.raw) || string(p.raw[p.at:p.at+4]) != "null" {
		return false
	}
	p.at += 4
	return true
}

// text reads a string.
func (p *parser) text() ([]byte, error) {
	p.blank()
	from := p.at
	escaped, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if !escaped {
		return p.raw[from+1 : p.at-1], nil
	}
	var said string
	if err := json.Unmarshal(p.raw[from:p.at], &said); err != nil {
		return nil, errJSON
	}
	return []byte(said), nil
}

// quoted goes past a string and tells whether something in it is escaped.
func (p *parser) quoted() (escaped bool, err error) {
	if p.at == len(p.raw) || p.raw[p.at] != '"' {
		return false, errJSON
	}
	for p.at++; p.at < len(p.raw); p.at++ {
		switch p.raw[p.at] {
		case '\\':
			escaped = true
			p.at++
		case '"':
			p.at++
			return escaped, nil
		}
	}
	p.at = len(p.raw)
	return escaped, errJSON
}

// maxNested is how deep a value may be that is passed over.
const maxNested = 32

// skip goes past one value.
func (p *parser) skip() error {
	var open [maxNested]byte
	depth := 0
	for p.blank(); p.at < len(p.raw); p.blank() {
		switch c := p.raw[p.at]; c {
		case '"':
			if _, err := p.quoted(); err != nil {
				return err
			}
		case '{', '[':
			if depth == maxNested {
				return errJSON
			}
			open[depth] = c
			depth++
			p.at++
			continue
		case '}', ']':
			if depth == 0 || open[depth-1] != c-2 { // '{' and '[' stand two before theirs
				return errJSON
			}
			depth--
			p.at++
		case ',', ':':
			if depth == 0 {
				return errJSON
			}
			p.at++
			continue
		default:
			if !p.plain() {
				return errJSON
			}
		}
		if depth == 0 {
			return nil
		}
	}
	return errJSON
}

// plain goes past a number or a word such as null.
func (p *parser) plain() bool {
	from := p.at
	for p.at < len(p.raw) {
		switch c := p.raw[p.at]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == '-', c == '+', c == '.', c == 'E':
			p.at++
			continue
		}
		break
	}
	return p.at > from
}

func (p *parser) blank() {
	for p.at < len(p.raw) && (p.raw[p.at] == ' ' || p.raw[p.at] == '\n' || p.raw[p.at] == '\t' || p.raw[p.at] == '\r') {
		p.at++
	}
}

// take goes past a byte if it is the next one.
func (p *parser) take(b byte) bool {
	p.blank()
	if p.at < len(p.raw) && p.raw[p.at] == b {
		p.at++
		return true
	}
	return false
}

// exact is how many digits a number may have to be made without rounding twice.
const exact = 15

// number reads a number. Those of a map have few digits: they are made here,
// the others by the library.
func (p *parser) number() (float64, error) {
	p.blank()
	from := p.at
	p.plain()
	said := p.raw[from:p.at]
	i, digits, after, point := 0, 0, 0, false
	if len(said) > 0 && said[0] == '-' {
		i = 1
	}
	n := int64(0)
	for ; i < len(said) && digits <= exact; i++ {
		c := said[i]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int64(c-'0')
		digits++
		if point {
			after++
		}
	}
	if i == len(said) && digits > 0 && digits <= exact {
		v := float64(n) / math.Pow10(after)
		if said[0] == '-' {
			v = -v
		}
		return v, nil
	}
	v, err := strconv.ParseFloat(string(said), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, errCoordinates
	}
	return v, nil
}
