package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"gorod/internal/platform/fault"
)

// form is what a page sent. Values are valid UTF-8; a value that was not is
// kept with its bad bytes replaced, and named in broken.
type form struct {
	values url.Values
	broken []string
	cut    []string // inputs of which only the beginning was kept
}

// get is the first value of an input.
func (f *form) get(name string) string { return f.values.Get(name) }

// all are all values of an input.
func (f *form) all(name string) []string { return f.values[name] }

// has tells whether an input was sent at all.
func (f *form) has(name string) bool { return f.values.Has(name) }

// int is a whole number; 0 when it is none.
func (f *form) int(name string) int64 { return whole(strings.TrimSpace(f.get(name))) }

// err names the inputs that were not UTF-8.
func (f *form) err() error {
	var wrong fault.Form
	for _, name := range f.broken {
		wrong.Add(name, "web.bad_encoding")
	}
	for _, name := range f.cut {
		wrong.Add(name, "web.cut")
	}
	return wrong.Err()
}

func (f *form) add(name, value string) {
	if len(value) > maxValueSize {
		value = beginning(value, keptSize)
		f.cut = append(f.cut, strings.ToValidUTF8(name, ""))
	}
	if !utf8.ValidString(value) {
		f.broken = append(f.broken, strings.ToValidUTF8(name, ""))
		value = strings.ToValidUTF8(value, "\ufffd")
	}
	if utf8.ValidString(name) {
		f.values.Add(name, value)
	}
}

// beginning is what of a value is given back when all of it is too much: whole
// letters, at most so many bytes.
func beginning(value string, size int) string {
	if len(value) <= size {
		return value
	}
	for i := 0; i < utf8.UTFMax && !utf8.RuneStart(value[size]); i++ {
		size--
	}
	return value[:size]
}

// Bounds of a form: ours have about forty inputs, and texts of 10,000 letters at
// most. Of a longer value the beginning is kept and shown again.
const (
	maxInputs    = 200
	maxValueSize = 64 << 10
	keptSize     = 16 << 10
	maxFileSize  = 16 << 20
)

// taker receives a file of a form as it arrives. A nil data means that the file
// was larger than maxFileSize.
type taker func(f *form, input string, data []byte) error

// readForm reads a posted form, urlencoded or multipart. Files go to take one by
// one and are never kept together in memory; without take they are skipped. The
// inputs before a file are known when it arrives. What was read stays with the
// visit, so that the page of an error can give it back.
func readForm(r *http.Request, v *visit, take taker) (*form, error) {
	f := &form{values: url.Values{}}
	v.form = f
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/form-data":
		return f, readMultipart(r, f, take)
	case err == nil && kind == "application/x-www-form-urlencoded":
		return f, readEncoded(r, f)
	case r.ContentLength == 0:
		return f, nil
	}
	return f, fault.Invalid.New("web.bad_form")
}

func readEncoded(r *http.Request, f *form) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, smallBody+1))
	if err != nil {
		return badBody(err)
	}
	if len(body) > smallBody {
		return tooLarge(smallBody)
	}
	values, err := url.ParseQuery(string(body))
	for name, list := range values {
		for _, value := range list {
			f.add(name, value)
		}
	}
	if err != nil {
		return fault.Invalid.New("web.bad_form").Because(err)
	}
	return nil
}

func readMultipart(r *http.Request, f *form, take taker) error {
	reader, err := r.MultipartReader()
	if err != nil {
		return fault.Invalid.New("web.bad_form").Because(err)
	}
	for n := 0; ; n++ {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return badBody(err)
		}
		if n >= maxInputs {
			return fault.Invalid.New("web.bad_form")
		}
		if err := readPart(f, part, take); err != nil {
			return err
		}
	}
}

func readPart(f *form, part *multipart.Part, take taker) error {
	if part.FileName() == "" {
		value, err := io.ReadAll(io.LimitReader(part, maxValueSize+1))
		if err != nil {
			return badBody(err)
		}
		f.add(part.FormName(), string(value))
		if len(value) > maxValueSize {
			_, err = io.Copy(io.Discard, part)
		}
		if err != nil {
			return badBody(err)
		}
		return nil
	}
	if take == nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(part, maxFileSize+1))
	if err != nil {
		return badBody(err)
	}
	if len(data) > maxFileSize {
		data = nil
	} else if len(data) == 0 {
		return nil // an input of files that was left empty
	}
	return take(f, part.FormName(), data)
}

// badBody tells a body that is too large or was cut off from a mistake of ours.
func badBody(err error) error {
	if isTooLarge(err) {
		return err
	}
	return fault.Invalid.New("web.bad_form").Because(fmt.Errorf("read body: %w", err))
}

// readPlain reads a form without files.
func readPlain(r *http.Request, v *visit) (*form, error) {
	f, err := readForm(r, v, nil)
	if err != nil {
		return f, err
	}
	return f, f.err()
}
