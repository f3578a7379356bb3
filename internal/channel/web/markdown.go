package web

import (
	"html/template"
	"net/url"
	"regexp"
	"strings"
)

// markdown turns a text of the pack into HTML: headings, paragraphs, lists,
// **strong**, *emphasis* and links. There is no HTML in it, so whatever looks
// like a tag is shown as it is written. The first heading of the first level is
// given apart: a page has one of its own.
//
// The subset is small on purpose: these texts are rules and consents, and what
// cannot be written cannot be an attack.
func markdown(text string) (heading string, body template.HTML) {
	m := &marker{}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line = strings.TrimRight(line, " \t")
		if h, ok := strings.CutPrefix(line, "# "); ok && heading == "" {
			heading = strings.TrimSpace(h)
			continue
		}
		m.line(line)
	}
	m.flush("")
	return heading, template.HTML(m.out.String()) // every part of it was escaped by inline
}

// marker is a text being turned.
type marker struct {
	out  strings.Builder
	list string   // ul or ol while a list is open
	para []string // lines of the paragraph or the list's item in hand
}

var (
	numbered = regexp.MustCompile(`^\d{1,3}[.)] +`)
	bullet   = regexp.MustCompile(`^[-*] +`)
	linkMark = regexp.MustCompile(`\[([^\]\[]+)\]\(([^()\s]+)\)`)
	bold     = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	slanted  = regexp.MustCompile(`\*([^*\s][^*]*)\*`)
)

func (m *marker) line(line string) {
	switch {
	case line == "":
		m.flush(m.list)
	case strings.HasPrefix(line, "#"):
		m.flush("")
		level := min(max(len(line)-len(strings.TrimLeft(line, "#")), 2), 4)
		tag := "h" + string(rune('0'+level))
		m.out.WriteString("<" + tag + ">" + inline(strings.TrimSpace(strings.TrimLeft(line, "#"))) + "</" + tag + ">\n")
	case bullet.MatchString(line):
		m.flush("ul")
		m.para = append(m.para, bullet.ReplaceAllString(line, ""))
	case numbered.MatchString(line):
		m.flush("ol")
		m.para = append(m.para, numbered.ReplaceAllString(line, ""))
	default:
		if len(m.para) == 0 && m.list != "" {
			m.flush("")
			m.close("")
		}
		m.para = append(m.para, strings.TrimSpace(line))
	}
}

// flush writes what is in hand and goes over to a list of a kind, "" for none.
func (m *marker) flush(list string) {
	if len(m.para) > 0 {
		tag := "p"
		if m.list != "" {
			tag = "li"
		}
		m.out.WriteString("<" + tag + ">" + inline(strings.Join(m.para, " ")) + "</" + tag + ">\n")
		m.para = nil
	}
	m.close(list)
}

func (m *marker) close(list string) {
	if m.list == list {
		return
	}
	if m.list != "" {
		m.out.WriteString("</" + m.list + ">\n")
	}
	if list != "" {
		m.out.WriteString("<" + list + ">\n")
	}
	m.list = list
}

// inline escapes a line and marks what is strong, slanted or a link.
func inline(line string) string {
	line = template.HTMLEscapeString(line)
	line = linkMark.ReplaceAllStringFunc(line, func(found string) string {
		part := linkMark.FindStringSubmatch(found)
		if !safeLink(part[2]) {
			return part[1]
		}
		return `<a href="` + part[2] + `">` + part[1] + `</a>`
	})
	line = bold.ReplaceAllString(line, "<strong>$1</strong>")
	return slanted.ReplaceAllString(line, "<em>$1</em>")
}

// safeLink allows this site, the web, mail and telephones; never a script.
func safeLink(escaped string) bool {
	u, err := url.Parse(escaped)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "", "https", "http", "mailto", "tel":
		return u.Scheme != "" || strings.HasPrefix(escaped, "/") && !strings.HasPrefix(escaped, "//") || strings.HasPrefix(escaped, "#")
	}
	return false
}
