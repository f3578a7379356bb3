package web

import (
	"fmt"
	"net/http"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/platform/fault"
)

// textPage shows a text of the city's pack.
func (s *Server) textPage(name string) handle {
	return func(w http.ResponseWriter, r *http.Request) error { return s.showText(w, r, name) }
}

func (s *Server) showText(w http.ResponseWriter, r *http.Request, name string) error {
	v := s.visitOf(r)
	t, err := s.Packs.TextOf(r.Context(), v.City.ID, name, string(v.Lang))
	if err != nil {
		return err
	}
	heading, body := markdown(t.Body)
	p := view.TextPage{Base: s.base(v, "", heading), Heading: heading, Body: body, Print: true}
	if t.Lang != string(v.Lang) {
		p.Foreign = t.Lang
	}
	return s.show(w, p)
}

// showConsent is the exact text of a consent, with its version.
func (s *Server) showConsent(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	t, err := s.Residents.ConsentText(r.Context(), v.City.ID, r.PathValue("purpose"), string(v.Lang), v.City.Main)
	if err != nil {
		return err
	}
	heading, body := markdown(t.Text)
	p := view.TextPage{Base: s.base(v, "", heading), Heading: heading, Body: body, Version: t.Version[:min(8, len(t.Version))], Print: true}
	if t.Language != string(v.Lang) {
		p.Foreign = t.Language
	}
	return s.show(w, p)
}

// showData lists what can be downloaded.
func (s *Server) showData(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	_, body := markdown(s.say(v, "web.data_text"))
	return s.show(w, view.TextPage{Base: s.base(v, "", s.say(v, "page.open_data")), Heading: s.say(v, "page.open_data"), Body: body})
}

// showSource says what the pages are made of and under which licences.
func (s *Server) showSource(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	text := s.say(v, "web.source_text")
	for _, name := range []string{"licence/golos-text.txt", "licence/maplibre-gl.txt"} {
		if address := s.assets.URL(name); address != "" {
			text += fmt.Sprintf("\n- [%s](%s)", name[len("licence/"):], address)
		}
	}
	_, body := markdown(text)
	return s.show(w, view.TextPage{Base: s.base(v, "", s.say(v, "page.source")), Heading: s.say(v, "page.source"), Body: body})
}

func (s *Server) showPrefs(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	back := backOf(r.URL.Query().Get("back"))
	if back == "" {
		back = s.referrer(r)
	}
	return s.show(w, view.LowVisionPage{Base: s.base(v, "", s.say(v, "lowvision.title")), Back: back})
}

// prefsLife is how long the way of reading is remembered.
const prefsLife = 365 * 24 * time.Hour

func (s *Server) savePrefs(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	p := view.Prefs{}
	if f.get("step") != "reset" {
		p = checkedPrefs(view.Prefs{Size: f.get("size"), Font: f.get("font"), Spacing: f.get("spacing"), Colors: f.get("colors"), Images: f.get("images")})
	}
	s.setCookie(w, prefsCookie, prefsText(p), prefsLife, true)
	if wantsJSON(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	back := backOf(f.get("back"))
	if back == "" {
		back = "/"
	}
	return goTo(w, r, back)
}

// appManifest makes an app of the site, under the city's name.
func (s *Server) appManifest(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitempty"`
	}
	body := map[string]any{
		"id": "/", "name": v.text(v.City.Name), "short_name": v.text(v.City.Name), "lang": string(v.Lang), "start_url": "/", "scope": "/",
		"display": "standalone", "background_color": "#ffffff", "theme_color": "#0b5563",
	}
	var icons []icon
	for _, i := range []icon{{"icon.svg", "any", "image/svg+xml", ""}, {"icon-192.png", "192x192", "image/png", ""},
		{"icon-512.png", "512x512", "image/png", ""}, {"icon-maskable.png", "512x512", "image/png", "maskable"}} {
		if i.Src = s.assets.URL(i.Src); i.Src != "" {
			icons = append(icons, i)
		}
	}
	if len(icons) > 0 {
		body["icons"] = icons
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}

// robots asks search engines to leave alone what is personal or endless.
func (s *Server) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = fmt.Fprint(w, "User-agent: *\nDisallow: /staff\nDisallow: /cabinet\nDisallow: /signin\nDisallow: /follow/\nDisallow: /sent/\nDisallow: /map?\nDisallow: /unsubscribe/\n")
	return nil
}

func (s *Server) missing(_ http.ResponseWriter, _ *http.Request) error {
	return fault.Missing.New("errors_page.missing_what")
}
