package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/platform/locale"
)

// NewStorybook serves every page in every state at /story/, with invented data
// and without a city: `gorod storybook`. The pages' own links lead nowhere.
func NewStorybook(cat *locale.Catalog) (http.Handler, error) {
	built, err := shippedAssets()
	if err != nil {
		return nil, err
	}
	pages, err := view.New(cat, built)
	if err != nil {
		return nil, fmt.Errorf("make storybook: %w", err)
	}
	b := &storybook{pages: pages, assets: &Server{assets: built}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/story/", http.StatusSeeOther) })
	mux.HandleFunc("GET /story/{$}", b.list)
	mux.HandleFunc("GET /story/page/{lang}/{name}/{state}", b.page)
	mux.Handle("GET /story/", http.StripPrefix("/story/", http.FileServerFS(view.StoryFiles())))
	mux.HandleFunc("GET /assets/{name...}", func(w http.ResponseWriter, r *http.Request) {
		if err := b.assets.serveAsset(w, r); err != nil {
			http.NotFound(w, r)
		}
	})
	return secured(mux), nil
}

type storybook struct {
	pages  *view.Renderer
	assets *Server
}

// storyList is the list of all stories: a tool for who builds pages, in English.
func storyList() (*template.Template, error) {
	return template.New("list").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Storybook</title>
<h1>Storybook</h1>{{range .}}<p>{{.Name}}: {{.State}}{{range .Links}} <a href="{{.URL}}">{{.Lang}}</a>{{end}}</p>
{{end}}`)
}

func (b *storybook) list(w http.ResponseWriter, _ *http.Request) {
	type link struct{ URL, Lang string }
	type line struct {
		Name, State string
		Links       []link
	}
	var lines []line
	for _, story := range view.Stories() {
		l := line{Name: story.Name, State: story.State}
		for _, lang := range locale.Langs() {
			l.Links = append(l.Links, link{StoryURL(story, lang), string(lang)})
		}
		lines = append(lines, l)
	}
	t, err := storyList()
	var body bytes.Buffer
	if err == nil {
		err = t.Execute(&body, lines)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(body.Bytes()) // who left does not read it
}

// StoryURL is where the storybook serves a story in a language; addresses stay
// the same as long as the story has its name.
func StoryURL(story view.Story, lang locale.Lang) string {
	part := func(s string) string { return url.PathEscape(strings.ReplaceAll(s, " ", "-")) }
	return "/story/page/" + string(lang) + "/" + part(story.Name) + "/" + part(story.State)
}

func (b *storybook) page(w http.ResponseWriter, r *http.Request) {
	for _, story := range view.Stories() {
		for _, lang := range locale.Langs() {
			if StoryURL(story, lang) != r.URL.EscapedPath() {
				continue
			}
			var body bytes.Buffer
			if err := b.pages.Render(&body, story.In(lang)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(body.Bytes()) // who left does not read it
			return
		}
	}
	http.NotFound(w, r)
}
