package house

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// said writes down what was understood, in short.
func said(found []Stretch, left []string) string {
	var parts []string
	for _, s := range found {
		var b strings.Builder
		if s.District != "" {
			fmt.Fprintf(&b, "[%s] ", s.District)
		}
		if s.Town != "" {
			fmt.Fprintf(&b, "{%s} ", s.Town)
		}
		b.WriteString(s.Street)
		if s.Whole {
			b.WriteString(" *")
		}
		for _, h := range s.Spans {
			b.WriteByte(' ')
			if h.Except {
				b.WriteByte('!')
			}
			if h.To > 0 {
				fmt.Fprintf(&b, "%d..%d%s", h.From, h.To, []string{"", "e", "o"}[h.Parity])
				continue
			}
			b.WriteString(h.Number)
			for mark, value := range map[string]string{"к": h.Building} {
				if value != "" {
					b.WriteString(mark + value)
				}
			}
			if h.Structure != "" {
				b.WriteString("с" + h.Structure)
			}
			if h.Letter != "" {
				b.WriteString("л" + h.Letter)
			}
		}
		parts = append(parts, b.String())
	}
	for _, l := range left {
		parts = append(parts, "? "+l)
	}
	return strings.Join(parts, "; ")
}

func TestListsOfAddressesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	cases, err := os.ReadFile("testdata/addresses.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(cases)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		list, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("no => in %q", line)
		}
		n++
		if got := said(ParseAddresses(list)); got != strings.TrimSpace(want) {
			t.Errorf("%s\n got %s\nwant %s", list, got, want)
		}
	}
	if n < 60 {
		t.Errorf("%d lines, fewer than 60", n)
	}
}
