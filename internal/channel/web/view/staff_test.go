package view_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gorod/internal/channel/web/view"
	"gorod/internal/platform/locale"
)

// staffCodes are the codes that a template turns into a phrase by itself, with
// the values that the structs promise.
var staffCodes = map[string]string{
	"mark":         "building near free",
	"mask":         "phone email name flat plate document",
	"outcome":      "done planned refused not_ours",
	"channel":      "web phone_app operator bot api",
	"group":        "late today tomorrow week later review answered",
	"control":      "late soon disputed returned redirected",
	"control_none": "late soon disputed returned redirected",
	"desk":         "moderation answers work coordination control people organisations jobs audit pack outbox",
	"desk_about":   "people organisations jobs audit pack outbox",
	"part":         "topics areas houses objects organisations routing terms calendar examples templates texts",
	"sent":         "sms email push",
}

func TestEveryCodeOfAStaffPageHasItsPhrase(t *testing.T) {
	t.Parallel()
	catalog, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for area, codes := range staffCodes {
		for code := range strings.FieldsSeq(codes) {
			for _, lang := range locale.Langs() {
				if key := "staff." + area + "_" + code; !catalog.Has(lang, key) {
					t.Errorf("%s is missing in %s", key, lang)
				}
			}
		}
	}
}

// A second click, and a click on what has changed meanwhile, must be harmless:
// both are decided by what the form sends along.
func TestEveryStaffFormThatChangesSomethingSendsItsKeyAndVersion(t *testing.T) {
	t.Parallel()
	forms := 0
	for name, doc := range staffDocs(t) {
		for n := range doc.Descendants() {
			if n.Data != "form" || !strings.EqualFold(valueOf(n, "method"), "post") {
				continue
			}
			forms++
			for _, input := range []string{"key", "version"} {
				if !holds(n, "input", input) {
					t.Errorf("%s: the form to %s sends no %s", name, valueOf(n, "action"), input)
				}
			}
		}
	}
	if forms < 50 {
		t.Errorf("only %d forms were looked at", forms)
	}
}

// Enter in a field presses the first button of its form: a search beside a
// verdict must be a form of its own.
func TestEnterInASearchNeverGivesAVerdict(t *testing.T) {
	t.Parallel()
	for name, doc := range staffDocs(t) {
		for n := range doc.Descendants() {
			if n.Data == "form" && valueOf(n, "method") == "post" && holdsType(n, "search") {
				t.Errorf("%s: the form to %s has a search in it", name, valueOf(n, "action"))
			}
		}
	}
}

func TestTopicsPastTheNinthHaveNoKey(t *testing.T) {
	t.Parallel()
	numbered := view.ModerationMessage{Topics: make([]view.ModerationTopic, 11)}.Numbered()
	if numbered[0].Key != "1" || numbered[8].Key != "9" || numbered[9].Key != "" || numbered[10].Place != 10 {
		t.Errorf("keys are %q, %q, %q", numbered[0].Key, numbered[8].Key, numbered[9].Key)
	}
}

func TestAdministrationIsListedApartFromWork(t *testing.T) {
	t.Parallel()
	home := view.StaffHomePage{Desks: []view.StaffDesk{{Name: "work"}, {Name: "audit", Private: true}}}
	if work, admin := home.Work(), home.Admin(); len(work) != 1 || work[0].Name != "work" || len(admin) != 1 || admin[0].Name != "audit" {
		t.Errorf("work %v, administration %v", work, admin)
	}
}

// staffDocs are all stories of the staff's pages, parsed.
func staffDocs(t *testing.T) map[string]*html.Node {
	t.Helper()
	r := renderer(t)
	docs := map[string]*html.Node{}
	for _, s := range view.Stories() {
		if !strings.HasPrefix(s.Page.Template(), "staff/") {
			continue
		}
		var page bytes.Buffer
		if err := r.Render(&page, s.Page); err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(&page)
		if err != nil {
			t.Fatal(err)
		}
		docs[s.Name+"/"+s.State] = doc
	}
	return docs
}

func valueOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func holds(form *html.Node, tag, name string) bool {
	for n := range form.Descendants() {
		if n.Data == tag && valueOf(n, "name") == name && valueOf(n, "value") != "" {
			return true
		}
	}
	return false
}

func holdsType(form *html.Node, kind string) bool {
	for n := range form.Descendants() {
		if n.Data == "input" && valueOf(n, "type") == kind {
			return true
		}
	}
	return false
}
