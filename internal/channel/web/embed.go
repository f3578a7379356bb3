package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
)

// What other sites may show of the city.
const (
	embedList   = "list"
	embedMap    = "map"
	embedReport = "report"
)

func embeds() []string { return []string{embedList, embedMap, embedReport} }

// embedLines is how many problems a list in another site shows.
const embedLines = 10

// embedSandbox is what a frame of ours may do in another site: run its own
// scripts and open windows, and nothing to the page around it.
const embedSandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"

// embeddable lets every site show this answer in a frame. The form in it sends
// nothing yet: it opens the whole form in a window of its own, so that nobody
// can be made to send by a click on what they do not see.
func embeddable(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Del("Cross-Origin-Opener-Policy")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Referrer-Policy", "no-referrer")
}

// showEmbed answers GET /embed/{show}?area=|house=&l=: a part of the city inside
// another site. The language is in the address, for no cookie is set.
func (s *Server) showEmbed(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	show := r.PathValue("show")
	if !slices.Contains(embeds(), show) {
		return fault.Missing.New("fault.missing")
	}
	embeddable(w)
	speakAsAsked(v, q)
	p := view.EmbedPage{Base: s.base(v, "", ""), Show: show, Key: s.newKey(), MaxText: problem.MaxMessage, URL: s.Settings.PublicURL + "/"}
	p.Path, p.NoIndex = "/embed/"+show, true
	house, err := s.houseByID(r.Context(), v, place.HouseID(whole(q.Get("house"))))
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	where := v.text(book.areas[place.AreaID(q.Get("area"))].Name)
	if house.ID != 0 {
		where = shortAddress(v, house.Address)
		p.House, p.Address = strconv.FormatInt(int64(house.ID), 10), where
	}
	p.Heading = s.say(v, "embed.heading_"+show)
	if where != "" {
		p.Heading += " — " + where
	}
	if show == embedReport {
		return s.show(w, p)
	}
	return s.embedProblems(w, r, v, p, book, house, q)
}

// speakAsAsked takes the language that an address names, where the city has it: a
// frame in another site has no cookies.
func speakAsAsked(v *visit, q url.Values) {
	if lang := locale.Lang(q.Get("l")); slices.Contains(languages(v.City), lang) {
		v.Lang = lang
	}
}

// embedProblems shows the newest problems of the part, and their map.
func (s *Server) embedProblems(w http.ResponseWriter, r *http.Request, v *visit, p view.EmbedPage, book *dictionary, house place.House, q url.Values) error {
	f := board.Filter{House: int64(house.ID), Limit: embedLines}
	kept := url.Values{}
	switch area := book.areas[place.AreaID(q.Get("area"))]; {
	case house.ID != 0:
		p.URL += "house/" + p.House
	case area.Kind == place.Municipality:
		f.Municipality = string(area.ID)
		kept.Set("area", string(area.ID))
	case area.ID != "":
		f.District = string(area.ID)
		kept.Set("area", string(area.ID))
	}
	if house.ID == 0 {
		p.URL += strings.TrimPrefix(listURL("/map", kept, "view", "map"), "/")
	}
	list, err := s.Board.List(r.Context(), v.City.ID, f)
	if err != nil {
		return err
	}
	if p.Lines, err = s.linesOf(r.Context(), v, list.Lines); err != nil {
		return err
	}
	if p.Show == embedMap {
		if house.ID != 0 {
			kept.Set("at", fmt.Sprintf("%.4f,%.4f,17", house.Point.Lat, house.Point.Lon))
		}
		if area := kept.Get("area"); area != "" {
			box, err := s.Places.AreaBounds(r.Context(), v.City.ID, place.AreaID(area))
			if err != nil {
				return err
			}
			kept.Set("at", fmt.Sprintf("%.4f,%.4f,%.1f", (box.Min.Lat+box.Max.Lat)/2, (box.Min.Lon+box.Max.Lon)/2, zoomFor(box)))
			f.Box = &box
		}
		page := view.ListPage{}
		if err := s.mapOf(r.Context(), v, &page, book, f, kept, false); err != nil {
			return err
		}
		p.Map, p.Picture = page.Map, page.Picture
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	return s.show(w, p)
}

// embedCode answers GET /embed: the line that puts a part of the city on another
// site.
func (s *Server) embedCode(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	p := view.EmbedCodePage{Base: s.base(v, "", s.say(v, "embed.title"))}
	p.Path = "/embed"
	show := q.Get("show")
	if !slices.Contains(embeds(), show) {
		show = embedList
	}
	for _, one := range embeds() {
		p.Show = append(p.Show, view.Option{Value: one, Label: s.say(v, "embed.show_"+one), Checked: one == show})
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	data := url.Values{}
	for _, a := range book.list {
		if a.Kind == place.District || a.Kind == place.Municipality {
			p.Areas = append(p.Areas, view.Option{Value: string(a.ID), Label: v.text(a.Name), Checked: string(a.ID) == q.Get("area")})
			if string(a.ID) == q.Get("area") {
				data.Set("area", q.Get("area"))
			}
		}
	}
	p.House = view.Field{Name: "house", Label: s.say(v, "embed.house"), Value: cut(strings.TrimSpace(q.Get("house")), 200), Autocomplete: "off"}
	if p.House.Value != "" {
		found, err := s.Places.Search(r.Context(), v.City.ID, p.House.Value, 1)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			p.House.Error = s.say(v, "watch.address_unknown")
			p.Errors = view.FieldErrors{{Name: "house", Text: p.House.Error}}
		} else {
			p.House.Value = shortAddress(v, found[0].House.Address)
			data.Del("area")
			data.Set("house", strconv.FormatInt(int64(found[0].House.ID), 10))
		}
	}
	s.embedSnippets(v, &p, show, data)
	return s.show(w, p)
}

// embedSnippets writes the lines to copy.
func (s *Server) embedSnippets(v *visit, p *view.EmbedCodePage, show string, data url.Values) {
	home := s.Settings.PublicURL
	about := ""
	for _, name := range []string{"area", "house"} {
		if data.Has(name) {
			about += fmt.Sprintf(" data-%s=%q", name, data.Get(name))
		}
	}
	p.Script = fmt.Sprintf(`<script async src="%s/widget.js" data-show="%s"%s data-lang="%s"></script>`, home, show, about, v.Lang)
	data.Set("l", string(v.Lang))
	p.Try = "/embed/" + show + "?" + data.Encode()
	p.Frame = fmt.Sprintf(`<iframe src="%s%s" title="%s" sandbox="%s" width="100%%" height="480" loading="lazy" referrerpolicy="no-referrer"></iframe>`,
		home, p.Try, s.say(v, "embed.show_"+show), embedSandbox)
}

// serveWidget serves the script that other sites load; its address never changes.
func (s *Server) serveWidget(w http.ResponseWriter, r *http.Request) error {
	name, ok := s.assets.names["js/widget.js"]
	if !ok {
		return fault.Missing.New("fault.missing")
	}
	found, err := s.assets.find(name)
	if err != nil {
		return err
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	serveBytes(w, r, found, "public, max-age=3600")
	return nil
}
