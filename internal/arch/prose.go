package arch

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxText is the size above which a file is data of a map, not prose.
const maxText = 2 << 20

var (
	mdLink = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)`)
	todo   = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`)
	issue  = regexp.MustCompile(`#\d+`)
	// Written in pieces, so that this file does not find itself.
	forbidden = []struct {
		pattern *regexp.Regexp
		reason  string
	}{
		{regexp.MustCompile(`registry\.(npm` + `js|yarn` + `pkg)\.|proxy\.golang` + `\.org|deb\.deb` + `ian\.org|pypi` + `\.org|static\.crates` + `\.io`), "the host of a package registry"},
		{regexp.MustCompile(`(^|[^\w.~/-])/(wo` + `rk/(main|shared|\.)|ro` + `ot/|tm` + `p/bash)`), "a path of a build machine"},
	}
)

// suspects are parts of everything that checkWords looks for: a file without
// any of them need not be read line by line.
var suspects = [][]byte{
	[]byte("registry."), []byte("proxy."), []byte("deb."), []byte("pypi"), []byte("static."),
	[]byte("/wo" + "rk/"), []byte("/ro" + "ot/"), []byte("/tm" + "p/"), []byte("TO" + "DO"), []byte("FIX" + "ME"),
}

// checkLinks keeps relative links of documents alive.
func checkLinks(t *tree) []finding {
	var found []finding
	for _, file := range t.names {
		if !strings.HasSuffix(file, ".md") {
			continue
		}
		body, err := fs.ReadFile(t.fsys, file)
		if err != nil {
			found = append(found, finding{path: file, text: err.Error()})
			continue
		}
		eachProseLine(string(body), func(n int, line string) {
			for _, m := range mdLink.FindAllStringSubmatch(line, -1) {
				if !leads(t.fsys, file, m[1]) {
					found = append(found, finding{file, n, "the link " + m[1] + " leads nowhere"})
				}
			}
		})
	}
	return found
}

// eachProseLine visits the lines outside fenced code.
func eachProseLine(body string, visit func(n int, line string)) {
	n, fenced := 0, false
	for line := range strings.Lines(body) {
		n++
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if !fenced {
			visit(n, line)
		}
	}
}

// leads tells whether a link's target is there; the world outside and places
// inside the same page are not looked up.
func leads(fsys fs.FS, from, target string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	if u.Scheme != "" || u.Host != "" || u.Path == "" {
		return true
	}
	name := path.Join(path.Dir(from), u.Path)
	if strings.HasPrefix(u.Path, "/") || strings.HasPrefix(name, "..") {
		return false // a link out of the repository works for nobody else
	}
	_, err = fs.Stat(fsys, name)
	return err == nil
}

// checkWords keeps words out that belong to one machine or to nobody.
func checkWords(t *tree) []finding {
	var found []finding
	for _, file := range t.names {
		body, err := fs.ReadFile(t.fsys, file)
		if err != nil {
			found = append(found, finding{path: file, text: err.Error()})
			continue
		}
		suspected := func(part []byte) bool { return bytes.Contains(body, part) }
		if len(body) <= maxText && slices.ContainsFunc(suspects, suspected) && prose(body) {
			found = append(found, badWords(file, string(body))...)
		}
	}
	return found
}

func badWords(file, body string) []finding {
	var found []finding
	n := 0
	for line := range strings.Lines(body) {
		n++
		for _, f := range forbidden {
			if m := f.pattern.FindString(line); m != "" {
				found = append(found, finding{file, n, fmt.Sprintf("%q is %s", strings.TrimSpace(m), f.reason)})
			}
		}
		if word := todo.FindString(line); word != "" && !issue.MatchString(line) {
			found = append(found, finding{file, n, word + " without the number of an issue"})
		}
	}
	return found
}

// prose tells text from pictures and the like.
func prose(body []byte) bool {
	head := body[:min(len(body), 4096)]
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	// The cut may go through a letter.
	for i := 0; i < utf8.UTFMax && len(head) > 0 && !utf8.Valid(head); i++ {
		head = head[:len(head)-1]
	}
	return utf8.Valid(head)
}
