package webtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Form is what a person typed, by the names of the inputs.
type Form = url.Values

// File is a file that a person chose.
type File struct {
	Name string
	Data []byte
}

// Visitor is a browser: it keeps cookies, follows no redirect by itself, and
// has no scripts.
type Visitor struct {
	Lang    string // Accept-Language
	Address string // network address with a port
	// Accept is the header of the same name; empty for pages.
	Accept string
	// Headers are added to each request.
	Headers map[string]string
	town    *Town
	t       testing.TB
	cookies map[string]string
}

// Get asks for an address.
func (v *Visitor) Get(address string) *Page {
	v.t.Helper()
	return v.do(httptest.NewRequest(http.MethodGet, address, nil))
}

// Post sends a form.
func (v *Visitor) Post(address string, form Form) *Page {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

// PostFiles sends a multipart form; files go under the input photos, after the
// key and before the other inputs, as a page has them.
func (v *Visitor) PostFiles(address string, form Form, files ...File) *Page {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	write := func(name string, values []string) {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	write("key", form["key"])
	for _, file := range files {
		part, err := w.CreateFormFile("photos", file.Name)
		if err == nil {
			_, err = part.Write(file.Data)
		}
		if err != nil {
			v.t.Fatal(err)
		}
	}
	for name, values := range form {
		if name != "key" {
			write(name, values)
		}
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, address, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// Do sends any request with the visitor's cookies.
func (v *Visitor) Do(r *http.Request) *Page {
	v.t.Helper()
	return v.do(r)
}

func (v *Visitor) do(r *http.Request) *Page {
	v.t.Helper()
	r.Host = "town.example"
	r.RemoteAddr = v.Address
	r.Header.Set("Accept-Language", v.Lang)
	if v.Accept != "" {
		r.Header.Set("Accept", v.Accept)
	}
	for name, value := range v.Headers {
		r.Header.Set(name, value)
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer := v.town.serve(r)
	for _, c := range answer.Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		} else {
			v.cookies[c.Name] = c.Value
		}
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	p := &Page{Status: answer.StatusCode, Header: answer.Header, Body: string(body), asked: r.Method + " " + r.URL.Path, v: v}
	p.look()
	return p
}

// Page is an answer.
type Page struct {
	Status int
	Header http.Header
	Body   string
	asked  string
	doc    *html.Node
	v      *Visitor
}

// look parses a page of HTML and checks what every page must keep.
func (p *Page) look() {
	p.v.t.Helper()
	if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") || p.Header.Get("Content-Encoding") != "" {
		return
	}
	doc, err := html.Parse(strings.NewReader(p.Body))
	if err != nil {
		p.v.t.Fatalf("%s: %v", p.asked, err)
	}
	p.doc = doc
	if i := strings.Index(p.Body, "⟦"); i >= 0 {
		p.v.t.Errorf("%s: a phrase is missing: %.60s", p.asked, p.Body[i:])
	}
	if !strings.HasPrefix(p.Header.Get("Content-Security-Policy"), "default-src 'self'") {
		p.v.t.Errorf("%s: no policy", p.asked)
	}
	if n := p.find("style, [style], script:not([src]), [onclick], [onload]"); n != nil {
		p.v.t.Errorf("%s: <%s> is inline", p.asked, n.Data)
	}
}

func (p *Page) find(selector string) *html.Node {
	if p.doc == nil {
		return nil
	}
	return cascadia.MustCompile(selector).MatchFirst(p.doc)
}

// Is checks the status.
func (p *Page) Is(status int) *Page {
	p.v.t.Helper()
	if p.Status >= 500 && status < 500 {
		log := p.v.town.Logged()
		p.v.t.Logf("the log ends: %s", log[max(0, len(log)-900):])
	}
	if p.Status != status {
		p.v.t.Fatalf("%s: status %d, not %d: %.600s", p.asked, p.Status, status, p.words())
	}
	return p
}

// words are the page's text, for what a failing test says.
func (p *Page) words() string {
	if n := p.find("main"); n != nil {
		return text(n)
	}
	return p.Body
}

// Has checks that some element of a CSS selector holds a text.
func (p *Page) Has(selector, words string) *Page {
	p.v.t.Helper()
	for _, s := range p.All(selector) {
		if strings.Contains(s, words) {
			return p
		}
	}
	p.v.t.Fatalf("%s (%d): no %q says %q. It says: %.900s", p.asked, p.Status, selector, words, p.words())
	return p
}

// Lacks checks that no element of a CSS selector holds a text.
func (p *Page) Lacks(selector, words string) *Page {
	p.v.t.Helper()
	for _, s := range p.All(selector) {
		if strings.Contains(s, words) {
			p.v.t.Fatalf("%s: %q says %q: %s", p.asked, selector, words, s)
		}
	}
	return p
}

// All are the texts of all elements of a selector; an input's is its value.
func (p *Page) All(selector string) []string {
	if p.doc == nil {
		return nil
	}
	var list []string
	for _, n := range cascadia.MustCompile(selector).MatchAll(p.doc) {
		if n.Data == "input" {
			list = append(list, attr(n, "value"))
			continue
		}
		list = append(list, text(n))
	}
	return list
}

// Attr is an attribute of the first element of a selector; the test ends where
// there is none.
func (p *Page) Attr(selector, name string) string {
	p.v.t.Helper()
	n := p.find(selector)
	if n == nil {
		p.v.t.Fatalf("%s: no %q on the page: %.600s", p.asked, selector, p.words())
	}
	return attr(n, name)
}

// Form reads the inputs of a form as a browser would send them, ready to be
// changed and posted.
func (p *Page) Form(selector string) Form {
	p.v.t.Helper()
	n := p.find(selector)
	if n == nil {
		p.v.t.Fatalf("%s: no form %q on the page: %.600s", p.asked, selector, p.words())
	}
	form := Form{}
	for el := range n.Descendants() {
		name := attr(el, "name")
		if el.Type != html.ElementNode || name == "" {
			continue
		}
		kind := attr(el, "type")
		switch {
		case el.Data == "textarea":
			form.Add(name, text(el))
		case el.Data != "input" || kind == "file":
		case kind == "radio" || kind == "checkbox":
			if has(el, "checked") {
				form.Add(name, attr(el, "value"))
			}
		default:
			form.Add(name, attr(el, "value"))
		}
	}
	return form
}

// To is where a redirect leads; the test ends where the answer is none.
func (p *Page) To() string {
	p.v.t.Helper()
	if p.Status != http.StatusSeeOther {
		p.v.t.Fatalf("%s: status %d, no redirect: %.900s", p.asked, p.Status, p.words())
	}
	return p.Header.Get("Location")
}

// Next follows a redirect; what stands behind # is the browser's own.
func (p *Page) Next() *Page {
	p.v.t.Helper()
	address, _, _ := strings.Cut(p.To(), "#")
	return p.v.Get(address)
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
