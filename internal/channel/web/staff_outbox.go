package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/notice"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

// outboxPage is how many caught letters a page shows.
const outboxPage = 50

// showOutbox shows what a demonstration would have sent, to everyone: nothing in
// it is real. Elsewhere there is nothing to see: letters to residents are
// nobody's to read.
func (s *Server) showOutbox(w http.ResponseWriter, r *http.Request) error {
	if !s.Settings.Demo {
		return fault.Missing.New("staff_web.no_outbox")
	}
	v, q := s.visitOf(r), r.URL.Query()
	city := resident.Machine(v.City.ID)
	way := wayOf(q.Get("kind"))
	list, err := s.Notices.Caught(r.Context(), city, way, whole(q.Get("before")), outboxPage)
	if err != nil {
		return err
	}
	page := view.OutboxPage{Base: s.staffBase(v, "admin", "staff.outbox"), Kinds: s.outboxKinds(v, way, list)}
	open := whole(r.PathValue("id"))
	for _, c := range list.Caught {
		page.Messages = append(page.Messages, view.OutboxItem{
			Href: "/staff/outbox/" + strconv.FormatInt(c.ID, 10), Kind: string(c.Way), To: c.To, Subject: c.Subject, At: c.At, Current: c.ID == open,
		})
	}
	for _, n := range list.Count {
		page.Count += int(n)
	}
	if len(list.Caught) == outboxPage {
		page.Pager.Later = pageAddress("/staff/outbox", q, "before", strconv.FormatInt(list.Caught[outboxPage-1].ID, 10))
	}
	if q.Get("before") != "" {
		page.Pager.Earlier = pageAddress("/staff/outbox", q, "before", "")
	}
	if r.PathValue("id") != "" {
		c, err := s.Notices.FindCaught(r.Context(), city, open)
		if err != nil {
			return err
		}
		page.Open = s.letter(v, c)
	}
	return s.show(w, page)
}

// wayOf is the way that a link names; "" for both.
func wayOf(kind string) notice.Way {
	for _, way := range []notice.Way{notice.Email, notice.SMS} {
		if kind == string(way) {
			return way
		}
	}
	return ""
}

func (s *Server) outboxKinds(v *visit, chosen notice.Way, list notice.CaughtPage) []view.StaffChoice {
	all := view.StaffChoice{Label: s.say(v, "staff_web.everything"), Href: "/staff/outbox", Selected: chosen == ""}
	kinds := []view.StaffChoice{}
	for _, way := range []notice.Way{notice.Email, notice.SMS} {
		n := int(list.Count[way])
		all.Count += n
		kinds = append(kinds, view.StaffChoice{Label: s.say(v, "staff.sent_"+string(way)), Href: "/staff/outbox?kind=" + string(way), Count: n, Selected: chosen == way})
	}
	if all.Count == 0 {
		return nil
	}
	return append([]view.StaffChoice{all}, kinds...)
}

// letter is a caught letter as it would have been read. Links of this site lead
// there; others are shown as text only.
func (s *Server) letter(v *visit, c notice.Caught) *view.OutboxMessage {
	m := &view.OutboxMessage{
		Kind: string(c.Way), To: c.To, From: v.text(v.City.Name), Subject: c.Subject, At: c.At, Close: "/staff/outbox",
	}
	for line := range strings.SplitSeq(c.Text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			m.Lines = append(m.Lines, line)
		}
	}
	for _, l := range c.Links {
		if href := s.ownLink(l.URL); href != "" {
			m.Links = append(m.Links, view.StaffChoice{Href: href, Label: l.Label})
		}
	}
	return m
}

// ownLink is the part of an address after our own host; "" for another's.
func (s *Server) ownLink(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if own, err := url.Parse(s.Settings.PublicURL); err == nil && u.Host != "" && u.Host != own.Host {
		return ""
	}
	return backOf(u.RequestURI())
}
