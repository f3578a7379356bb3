// Package view is what people see: one struct a page, its template, and the
// stories that show every page in every state.
//
// Rules, from design.md 7 and ui/README.md:
//   - A page knows nothing of the city's packages. Its struct holds plain
//     strings, numbers and times; a handler fills it with a small pure function.
//   - Every page is whole without JavaScript: forms are plain forms, a choice in
//     several steps is several submit buttons, and what was typed is kept.
//     Scripts find their places by data-attributes, listed at the top of each
//     template.
//   - Nothing is inline: no script, no style attribute, so that the policy
//     default-src 'self' holds.
//   - All words come from the catalogue (platform/locale), never from a template.
//   - A page is rendered into memory first: an error in a template becomes an
//     error page, never half a page.
//
// A page template begins with {{template "top" .}} and ends with
// {{template "bottom" .}}; see html/layout.html. Parts (html/part/*.html) are
// given one typed value each.
package view

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"runtime"
	"strings"
	"time"

	"gorod/internal/platform/locale"
)

//go:embed html
var files embed.FS

// Base is what every page has. Pages embed it.
type Base struct {
	Lang   locale.Lang
	City   string // the city's own name, in Lang
	Path   string // path and query of this page, to come back to
	Title  string // of the window, without the city's name; empty on the home page
	Active string // key of the item of the navigation that is open: report, map, stats, cabinet, …
	Who    Who
	Prefs  Prefs
	Now    time.Time      // the one "now" of the request
	Zone   *time.Location // the city's zone: every time on a page is shown in it
	Flash  string         // one sentence about what was just done; already in Lang
	// Languages are those the city offers, this page's own included.
	Languages []locale.Lang
	NoIndex   bool // search engines are asked to stay away
	Demo      bool // nothing is sent anywhere: a line under the header says so
	Past      bool // a demo of recorded histories: the line says which day it is here
}

// Who is the person looking. The zero Who is a guest.
type Who struct {
	Name  string
	Roles []string
	Staff bool // has a desk: the header shows the way to it
}

// Guest tells whether nobody has signed in.
func (w Who) Guest() bool { return w.Name == "" }

// Has tells whether the person has the role.
func (w Who) Has(role string) bool {
	for _, r := range w.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// Prefs is how the person reads, remembered in a cookie and set on <html> as
// data-attributes. An empty field is the ordinary look.
type Prefs struct {
	Size    string // "", large, huge
	Font    string // "", serif
	Spacing string // "", wide, wider
	Colors  string // "", black, white, blue, brown
	Images  string // "", off
}

// Changed tells whether anything differs from the ordinary look.
func (p Prefs) Changed() bool { return p != Prefs{} }

// LangURL is this page in another language. Only the path and query of this
// site are used, so that it can never lead away.
func (b Base) LangURL(lang locale.Lang) string {
	u, err := url.Parse(b.Path)
	if err != nil {
		u = &url.URL{}
	}
	q := u.Query()
	q.Set("lang", string(lang))
	here := url.URL{Path: "/" + strings.TrimLeft(u.Path, `/\`), RawQuery: q.Encode()} // browsers read \ as /
	return here.String()
}

func (b Base) base() Base { return b }

// Page is a struct with a template. Every page embeds Base.
type Page interface {
	// Template is the file's name under html/, such as "home.html" or
	// "staff/queue.html".
	Template() string
	base() Base
}

// Assets knows where the built files are served.
type Assets interface {
	// URL is the address of an asset such as "css/app.css", with the hash of
	// its content in it; empty when there is no such file.
	URL(name string) string
}

// Renderer turns pages into HTML. It may be used by many requests at once.
type Renderer struct {
	cat    *locale.Catalog
	assets Assets
	shops  map[locale.Lang]*shop
}

// shop has all templates in one language.
type shop struct {
	master *template.Template // never executed, so that it can be cloned
	idle   chan *press
}

// press is one copy of all templates, used by one request at a time: its
// functions know the time and the zone of that request.
type press struct {
	set  *template.Template
	base Base
	page bytes.Buffer // the page in the making
}

// New parses every template. It fails when one does not parse.
func New(cat *locale.Catalog, assets Assets) (*Renderer, error) {
	r := &Renderer{cat: cat, assets: assets, shops: map[locale.Lang]*shop{}}
	parsed, err := r.parse()
	if err != nil {
		return nil, err
	}
	for _, lang := range locale.Langs() {
		master, err := parsed.Clone()
		if err != nil {
			return nil, fmt.Errorf("clone templates: %w", err)
		}
		for _, t := range master.Templates() {
			if t.Tree != nil {
				r.spell(t.Tree.Root, lang)
			}
		}
		r.shops[lang] = &shop{master: master, idle: make(chan *press, 2*runtime.GOMAXPROCS(0))}
	}
	return r, nil
}

func (r *Renderer) parse() (*template.Template, error) {
	parsed := template.New("").Funcs(r.funcs(&press{}))
	err := fs.WalkDir(files, "html", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".html") {
			return err
		}
		text, err := files.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read template %s: %w", path, err)
		}
		if _, err := parsed.New(strings.TrimPrefix(path, "html/")).Parse(string(text)); err != nil {
			return fmt.Errorf("parse template %s: %w", path, err)
		}
		return nil
	})
	return parsed, err
}

// Render writes the whole page or nothing.
func (r *Renderer) Render(w io.Writer, p Page) error {
	base := p.base()
	from := r.shops[base.Lang]
	if from == nil {
		from = r.shops[locale.RU]
	}
	pr, err := r.take(from)
	if err != nil {
		return err
	}
	pr.base = base
	pr.page.Reset()
	if err := pr.set.ExecuteTemplate(&pr.page, p.Template(), p); err != nil {
		return fmt.Errorf("render %s: %w", p.Template(), err) // the press may be half used: it is dropped
	}
	_, err = w.Write(pr.page.Bytes())
	from.put(pr)
	return err
}

// take finds an idle press or makes one: html/template escapes a set at its
// first use, which costs milliseconds, so presses are kept.
func (r *Renderer) take(from *shop) (*press, error) {
	select {
	case pr := <-from.idle:
		return pr, nil
	default:
	}
	set, err := from.master.Clone()
	if err != nil {
		return nil, fmt.Errorf("clone templates: %w", err)
	}
	pr := &press{}
	pr.set = set.Funcs(r.funcs(pr))
	return pr, nil
}

func (s *shop) put(pr *press) {
	pr.base = Base{} // keeps nobody's name between requests
	select {
	case s.idle <- pr:
	default:
	}
}
