package osm

import (
	"encoding/binary"
	"errors"
)

// Kinds of fields on the wire of protocol buffers.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wire32     = 5
)

var (
	errVarint = errors.New("a number that does not end")
	errLength = errors.New("a field that is longer than what holds it")
	errWire   = errors.New("a field of an unknown kind")
	errPacked = errors.New("a field that is not of its kind")
	errTwice  = errors.New("a field that occurs twice")
)

// field is one field of a message of protocol buffers.
type field struct {
	number int
	wire   int
	value  uint64 // of a number
	body   []byte // of bytes
	raw    []byte // as it stands, with its key
}

// number reads a number from the front of data.
func number(data []byte) (value uint64, rest []byte, err error) {
	value, n := binary.Uvarint(data)
	if n <= 0 {
		return 0, nil, errVarint
	}
	return value, data[n:], nil
}

// nextField takes a field from the front of a message that is not empty.
func nextField(data []byte) (f field, rest []byte, err error) {
	key, rest, err := number(data)
	if err != nil {
		return field{}, nil, err
	}
	f.number, f.wire = int(key>>3&0x1fffffff), int(key&7)
	size := 0
	switch f.wire {
	case wireVarint:
		if f.value, rest, err = number(rest); err != nil {
			return field{}, nil, err
		}
	case wire64:
		size = 8
	case wire32:
		size = 4
	case wireBytes:
		var length uint64
		if length, rest, err = number(rest); err != nil {
			return field{}, nil, err
		}
		if length > uint64(len(rest)) {
			return field{}, nil, errLength
		}
		size = int(length)
	default:
		return field{}, nil, errWire
	}
	if size > len(rest) {
		return field{}, nil, errLength
	}
	f.body, rest = rest[:size], rest[size:]
	f.raw = data[:len(data)-len(rest)]
	return f, rest, nil
}

// fields visits the fields of a message in their order.
func fields(data []byte, visit func(field) error) error {
	for len(data) > 0 {
		f, rest, err := nextField(data)
		if err != nil {
			return err
		}
		if err := visit(f); err != nil {
			return err
		}
		data = rest
	}
	return nil
}

// numbers visits the numbers of a packed field and counts them.
func numbers(data []byte, visit func(uint64) error) (n int, err error) {
	for len(data) > 0 {
		var v uint64
		if v, data, err = number(data); err != nil {
			return n, err
		}
		n++
		if visit == nil {
			continue
		}
		if err := visit(v); err != nil {
			return n, err
		}
	}
	return n, nil
}

// appendBytes writes a field of bytes.
func appendBytes(to []byte, number int, body []byte) []byte {
	to = binary.AppendUvarint(to, uint64(number)<<3|wireBytes)
	to = binary.AppendUvarint(to, uint64(len(body)))
	return append(to, body...)
}

// appendNumber writes a field that is a number.
func appendNumber(to []byte, number int, value uint64) []byte {
	to = binary.AppendUvarint(to, uint64(number)<<3|wireVarint)
	return binary.AppendUvarint(to, value)
}
