package evaluate

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"gorod/internal/city/topic"
	"gorod/internal/platform/locale"
)

// sample is a report with everything in it.
func sample() Report {
	var list []verdict
	w := &witness{}
	for i := range 90 {
		v := told(topic.ID(10+i%15), topic.ID(10+i%13), float64(i)/100)
		v.at, v.words = at(1+i%28, 9, 0), i%30
		v.object, v.taken = w.ObjectOf(v.topic), w.ObjectOf(v.first)
		list = append(list, v)
	}
	list[3].first, list[3].taken, list[3].p, list[3].place = 0, 0, 0, 0
	e := exam{model: w, know: Question, list: list, asked: 30, offList: 2, scoring: 1e8, context: 1e7, keeping: 1e6, remembered: 100}
	return e.report()
}

func drawn(t *testing.T, p Page) string {
	t.Helper()
	var b strings.Builder
	if err := p.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestThePageIsWholeInBothLanguages(t *testing.T) {
	t.Parallel()
	cat, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locale.Langs() {
		p := Page{Report: sample(), Lang: lang, Model: "city.model", Messages: "march.ndjson.gz", History: "winter.ndjson.gz",
			Topic: func(id topic.ID) string { return map[topic.ID]string{10: `Яма & "люк" <b>`}[id] }}
		page := drawn(t, p)
		for _, want := range []string{"city.model", "march.ndjson.gz", "winter.ndjson.gz", cat.T(lang, "evaluate.weeks"), "<svg", "Яма &amp; &#34;люк&#34; &lt;b&gt;"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: %q is missing", lang, want)
			}
		}
		if strings.Contains(page, "evaluate.") || strings.Contains(page, "<no value>") || strings.Contains(page, "ZgotmplZ") {
			t.Errorf("%s: a phrase or value is missing", lang)
		}
		wellFormed(t, page)
	}
}

// wellFormed reads the page as a browser that forgives nothing.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestThePageAsksNobodyForAnything(t *testing.T) {
	t.Parallel()
	page := drawn(t, Page{Report: sample(), Lang: locale.RU})
	for _, bad := range []string{"<script", "http:", "https:", "src=", "@import", "url(", " style=", "onload"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(page)
	if style == nil {
		t.Fatal("no style sheet")
	}
	sum := sha256.Sum256([]byte(style[1]))
	if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(strings.ReplaceAll(page, "&#43;", "+"), "sha256-"+hash) {
		t.Error("the policy does not allow the style sheet that the page has")
	}
}

func TestAReportOfOneMessageIsDrawn(t *testing.T) {
	t.Parallel()
	page := drawn(t, Page{Report: reportOf(told(10, 10, 1)), Lang: locale.EN})
	if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") || !strings.Contains(page, "No mistakes.") {
		t.Error(page)
	}
}
