package web

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"gorod/internal/city/board"
)

// The Atom feed (RFC 4287) of problems or outages.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Link    atomLink `xml:"link"`
		Author  string   `xml:"author>name"`
		Summary string   `xml:"summary,omitempty"`
	}
)

// atomOf is a problem as an entry of a feed.
func (s *Server) atomOf(n *names, l board.Line) atomEntry {
	line := s.line(n, l)
	home := s.Settings.PublicURL
	return atomEntry{ID: home + line.URL, Title: line.Topic + ", " + line.Address, Updated: rfc(l.Created, n.v),
		Link: atomLink{"", home + line.URL}, Author: s.say(n.v, "web.resident"), Summary: l.Excerpt}
}

// sendAtom answers with a feed; it was updated when its newest entry was.
func sendAtom(w http.ResponseWriter, feed atomFeed) error {
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	body, err := xml.Marshal(feed)
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	_, _ = w.Write(append([]byte(xml.Header), body...)) // who left does not read it
	return nil
}
