package web

import (
	"io"
	"mime"
	"net/http"
)

// bodyLimit is how many bytes the body of a request may have. Photos come as
// multipart; whatever comes otherwise is a form of words.
func bodyLimit(rt route, r *http.Request) int64 {
	if rt.body == 0 {
		return smallBody
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return smallBody
	}
	return rt.body
}

// bounded is a body with a limit that knows when it was too large.
type bounded struct {
	io.ReadCloser
	raw  io.Reader
	w    http.ResponseWriter
	over bool
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if isTooLarge(err) {
		b.refuse()
	}
	return n, err
}

// refuse says that the rest of the body is not wanted. It comes before the first
// byte of the answer.
func (b *bounded) refuse() {
	if b.over {
		return
	}
	b.over = true
	b.w.Header().Set("Connection", "close")
	// Where the connection cannot do both at once, the answer is sent all the same.
	_ = http.NewResponseController(b.w).EnableFullDuplex()
}

// lingered is how much of a refused body is read and thrown away after the
// answer: browsers show an answer only once they have sent what they wanted, and
// a connection that is cut off before looks like a broken network. Ten photos of
// a good camera weigh less; the server's own term for a body holds too.
const lingered = 512 << 20

// linger lets the browser of who sent too much come to its answer.
func (b *bounded) linger() {
	if !b.over {
		return
	}
	_ = http.NewResponseController(b.w).Flush() // who left does not read it
	_, _ = io.CopyN(io.Discard, b.raw, lingered)
}
