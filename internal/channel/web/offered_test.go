package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/platform/sqldb"
)

const (
	holeAgain = "провалился асфальт, выбоина у дома, колесо попало в яму"
	darkAgain = "не горит фонарь, нет света на улице, фонарь погас"
)

// TestTheRecordSaysWhatItsAuthorSaw changes the text after the proposals were
// shown: those are recorded, not what the new text would have been offered.
func TestTheRecordSaysWhatItsAuthorSaw(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		d.learned()
		guest := d.Guest()
		form, seen := shownFor(t, guest, darkAgain)
		form.Set("text", holeAgain)
		if a := d.recordOf(t, guest, form); offeredIn(a) != seen || a.Model == 0 {
			t.Errorf("recorded %+v, shown %s", a, seen)
		}
	})
}

func TestAnOfferThatWeDidNotSignIsNotRecorded(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		d.learned()
		for _, forged := range []string{"", "1 271:0.9900", "1 271:0.9900.AAAAAAAAAAAAAAAAAAAAAA"} {
			guest := d.Guest()
			form, _ := shownFor(t, guest, darkAgain)
			form.Set("offered", forged)
			if a := d.recordOf(t, guest, form); len(a.Offered) != 0 {
				t.Errorf("%q is recorded as %v", forged, a.Offered)
			}
		}
		guest := d.Guest()
		form, seen := shownFor(t, guest, darkAgain)
		form.Del("offered") // a program that has no page
		if a := d.recordOf(t, guest, form); offeredIn(a) != seen {
			t.Errorf("recorded %v, the text is offered %s", a.Offered, seen)
		}
	})
}

// shownFor is the form with what is proposed for a text, and those topics.
func shownFor(t *testing.T, v *webtest.Visitor, said string) (form webtest.Form, seen string) {
	t.Helper()
	form = typedAtSpot(t, v, said)
	form.Del("topic")
	form.Del("manual")
	form.Set("step", "find_topic")
	page := v.PostFiles("/report", form, darkLamp(t)).Is(http.StatusOK)
	form = page.Form("form[data-report]")
	for _, word := range strings.Fields(form.Get("offered"))[1:] {
		id, _, _ := strings.Cut(word, ":")
		seen += id + " "
	}
	if first := page.Attr("[data-suggest] input[name=topic]", "value"); !strings.HasPrefix(seen, first+" ") {
		t.Fatalf("the form carries %q, the page shows %s first", form.Get("offered"), first)
	}
	form.Set("topic", lampTopic)
	form.Set("step", "send")
	return form, seen
}

// recordOf sends the form, asked about a likely repetition or not, and reads
// what is kept of its proposals.
func (d *desks) recordOf(t *testing.T, v *webtest.Visitor, form webtest.Form) suggest.Audit {
	t.Helper()
	page := v.PostFiles("/report", form)
	if page.Status == http.StatusOK {
		carried := form.Get("offered")
		form = page.Form("form[data-report]")
		form.Set("offered", carried)
		form.Set("step", "send")
		page = v.PostFiles("/report", form)
	}
	number, err := strconv.ParseInt(strings.TrimPrefix(page.To(), "/sent/"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	card, err := d.Problems.Find(ctx, resident.Machine(d.Here.ID), number)
	if err != nil {
		t.Fatal(err)
	}
	var audit suggest.Audit
	err = d.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		audit, _, err = d.Suggest.AuditIn(tx, d.Here.ID, card.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return audit
}

func offeredIn(a suggest.Audit) (list string) {
	for _, o := range a.Offered {
		list += fmt.Sprint(o.Topic, " ")
	}
	return list
}
