package view

import (
	"html/template"
	"strconv"
	"time"

	"gorod/internal/platform/locale"
)

// What a page repeats a hundred times is written here and not by a template:
// the list is the page most asked for, and a template takes 30 µs a line where
// this takes 5. Every value goes through markup.text, which escapes it.

// markup is HTML in the making.
type markup []byte

// as writes HTML of ours.
func (m markup) as(ours string) markup { return append(m, ours...) }

// text writes what anybody may have written, safe in an element and between the
// quotes of an attribute.
func (m markup) text(s string) markup { return append(m, template.HTMLEscapeString(s)...) }

func (m markup) number(n int64) markup { return strconv.AppendInt(m, n, 10) }

// line is a problem in a list.
func (r *Renderer) line(lang locale.Lang, l Line, zone *time.Location, now time.Time) template.HTML {
	m := make(markup, 0, 1024)
	m = m.as(`<li class="line" data-line data-number="`).number(l.Number).as(`" data-at="`).text(l.At()).as(`">`)
	if p := l.Photo; p != nil {
		m = m.as(`<img class="line-photo" src="`).text(p.Thumb).as(`" alt="" width="`).number(int64(p.Width)).as(`" height="`).number(int64(p.Height)).as(`" loading="lazy">`)
	}
	m = m.as(`<div class="line-body"><a class="line-topic" href="`).text(l.URL).as(`">`).text(l.Topic).as(`</a>`)
	m = m.as(`<p class="line-about"><span class="muted">`).text(l.Where()).as(`</span> <span class="chip chip-`).text(l.State.Tone()).as(`">`)
	m = m.text(r.stateText(lang, l.State, l.State.Due.In(zone), now)).as(`</span></p><p class="line-note">`)
	m = m.text(r.lineNote(lang, l, l.Created.In(zone), now)).as("</p></div></li>\n")
	return template.HTML(m)
}

// options are the options of a select.
func options(lang locale.Lang, list []Option) template.HTML {
	m := make(markup, 0, 64*len(list))
	for _, o := range list {
		m = m.as(`<option value="`).text(o.Value).as(`"`)
		if o.Checked {
			m = m.as(` selected`)
		}
		m = m.as(`>`).text(o.Label)
		if o.Count != 0 {
			m = m.as(` (`).text(locale.Number(lang, int64(o.Count))).as(`)`)
		}
		m = m.as(`</option>`)
	}
	return template.HTML(m)
}
