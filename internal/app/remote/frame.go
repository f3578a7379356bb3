package remote

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// maxFrame bounds what either side takes at once, in bytes: room for the
	// longest command line that a shell passes on, and for a piece of output.
	maxFrame = 256 << 10
	// maxPiece bounds the output in one frame, in bytes before encoding.
	maxPiece = 32 << 10
)

// frame is what goes over the socket, either way: a length of four bytes, the
// most significant first, and so much JSON. Exactly one field is set.
type frame struct {
	Call   *Call  `json:"call,omitempty"`   // to the server, first
	Cancel bool   `json:"cancel,omitempty"` // to the server: end it early
	Out    []byte `json:"out,omitempty"`    // to the CLI, for its standard output
	Err    []byte `json:"err,omitempty"`    // to the CLI, for its standard error
	Code   *int   `json:"code,omitempty"`   // to the CLI, last: the exit code
}

var errFrame = errors.New("this is no frame of Gorod's socket")

// readFrame reads one frame. What is too long is refused before it is read.
func readFrame(r io.Reader) (frame, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size == 0 || size > maxFrame {
		return frame{}, fmt.Errorf("%w: %d bytes", errFrame, size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r, body); err != nil {
		return frame{}, fmt.Errorf("read %d bytes: %w", size, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	var f frame
	if err := decoder.Decode(&f); err != nil {
		return frame{}, fmt.Errorf("%w: %w", errFrame, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) || f.fields() != 1 {
		return frame{}, fmt.Errorf("%w: it says %d things", errFrame, f.fields())
	}
	return f, nil
}

func (f frame) fields() int {
	n := 0
	for _, set := range []bool{f.Call != nil, f.Cancel, len(f.Out) > 0, len(f.Err) > 0, f.Code != nil} {
		if set {
			n++
		}
	}
	return n
}

// writeFrame writes one frame in one piece.
func writeFrame(w io.Writer, f frame) error {
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	if len(body) > maxFrame {
		return fmt.Errorf("%w: %d bytes", errFrame, len(body))
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...))
	return err
}
