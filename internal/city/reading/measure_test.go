package reading_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/reading"
)

// TestMeasure counts, and shows some of, what is found in the recorded messages
// of a portal (the shape that gorod replay reads), for a person to judge:
//
//	GOROD_MESSAGES=problems.ndjson.gz go test -v -run TestMeasure ./internal/city/reading
func TestMeasure(t *testing.T) {
	path := os.Getenv("GOROD_MESSAGES")
	if path == "" {
		t.Skip("GOROD_MESSAGES names no file")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	hits, n, took := collect(t, unpacked)
	t.Logf("%d texts, %v each", n, took/time.Duration(max(n, 1)))
	// Always the same sample.
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	for _, kind := range slices.Sorted(maps.Keys(hits)) {
		list := hits[kind]
		t.Logf("%s: %d", kind, len(list))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, line := range list[:min(len(list), 100)] {
			t.Logf("%s\t%s", kind, line)
		}
	}
}

// collect reads all texts and gives what was found by kind.
func collect(t *testing.T, from io.Reader) (hits map[string][]string, n int, took time.Duration) {
	t.Helper()
	hits = map[string][]string{}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var p struct {
			Events []struct{ T, Body string } `json:"events"`
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Events {
			if e.Body == "" || e.T != "petition" && e.T != "answer" {
				continue
			}
			n++
			start := time.Now()
			found := reading.Read(e.Body)
			took += time.Since(start)
			add := func(kind string, from, to int) {
				kind = e.T + " " + kind
				hits[kind] = append(hits[kind], around(e.Body, from, to))
			}
			for _, s := range append(found.Personal, found.Obscene...) {
				add(string(s.Kind), s.Start, s.End)
			}
			for _, d := range found.Danger {
				add("danger "+string(d.Kind), d.Start, d.End)
			}
			if len(found.Parts) > 0 {
				add("parts", found.Parts[1].Start, found.Parts[1].End)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return hits, n, took
}

// around shows a piece of a text with what stands about it.
func around(s string, from, to int) string {
	const about = 120
	line := s[max(0, from-about):from] + "⟦" + s[from:to] + "⟧" + s[to:min(len(s), to+about)]
	return strings.ToValidUTF8(strings.ReplaceAll(line, "\n", " ⏎ "), "")
}
