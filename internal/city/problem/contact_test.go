package problem_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// withoutAccount sends a message as a guest and opens its follow link.
func withoutAccount(t *testing.T, town *problemtest.Town, m problem.Send) (resident.Who, problem.Receipt) {
	t.Helper()
	ctx := context.Background()
	sent, err := town.Do(ctx, problemtest.Guest, problem.Order{Command: m, Key: town.Key()})
	must(t, err)
	who := problemtest.Guest
	must(t, town.DB.View(ctx, func(tx *sqldb.Tx) error {
		who, err = town.Follow(tx, who, sent.Secret)
		return err
	}))
	return who, sent
}

func contactOf(t *testing.T, town *problemtest.Town, key int64) (c problem.Contact) {
	t.Helper()
	must(t, town.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		c, err = town.ContactIn(tx, problemtest.City, key)
		return err
	}))
	return c
}

func TestAContactCanBeLeftAndChangedAfterwards(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		author, sent := withoutAccount(t, town, problemtest.Message())
		town.Give(t, author, sent.Problem, problem.GiveContact{Contact: problem.Contact{Phone: "8 (921) 345-67-89", Language: "ru", Apartment: "7"}})
		if c := contactOf(t, town, sent.Problem); !reflect.DeepEqual(c, problem.Contact{Phone: "+79213456789", Language: "ru"}) {
			t.Errorf("kept %+v", c)
		}
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		town.Give(t, problemtest.Boris, sent.Problem, problem.Join{Key: problem.JoinKey(problemtest.Boris, "")})
		town.Give(t, author, sent.Problem, problem.GiveContact{Contact: problem.Contact{Email: " Anna@Example.org ", Language: "en"}})
		if c := contactOf(t, town, sent.Problem); !reflect.DeepEqual(c, problem.Contact{Email: "anna@example.org", Language: "en"}) {
			t.Errorf("then %+v", c)
		}
		sees := func(who resident.Who) (n int) {
			for _, e := range card(t, town, who, sent.Number).Feed {
				if d, ok := e.Data.(problem.ContactGiven); ok {
					n++
					if d.Email == d.Phone {
						t.Errorf("the entry says %+v", d)
					}
				}
			}
			return n
		}
		if sees(author) != 2 || sees(problemtest.Moderator) != 2 || sees(problemtest.Boris) != 0 || sees(problemtest.Guest) != 0 {
			t.Errorf("author sees %d, staff %d, who joined %d, everyone %d", sees(author), sees(problemtest.Moderator), sees(problemtest.Boris), sees(problemtest.Guest))
		}
		clean(t, town, 1)
	})
}

func TestOnlyTheAuthorLeavesAContactWhileThereMayBeNews(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		give := problem.GiveContact{Contact: problem.Contact{Email: "anna@example.org"}}
		author, sent := withoutAccount(t, town, problemtest.Message())
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		for _, who := range []resident.Who{problemtest.Guest, problemtest.Boris, problemtest.Moderator, problemtest.Electrican} {
			if err := town.Refused(t, who, sent.Problem, give); !errors.Is(err, fault.Denied) {
				t.Errorf("%+v: %v", who, err)
			}
		}
		_, other := withoutAccount(t, town, problemtest.Message())
		if err := town.Refused(t, author, other.Problem, give); !errors.Is(err, fault.Missing) {
			t.Errorf("the link of another problem: %v", err)
		}
		for range 10 {
			town.Give(t, author, sent.Problem, give)
		}
		if err := town.Refused(t, author, sent.Problem, give); !errors.Is(err, fault.Limited) {
			t.Errorf("the eleventh address: %v", err)
		}
		mine := town.Answered(t) // Anna's, by her account
		town.Give(t, problemtest.Anna, mine, give)
		town.Give(t, problemtest.Anna, mine, problem.Confirm{})
		if err := town.Refused(t, problemtest.Anna, mine, give); !errors.Is(err, fault.Closed) {
			t.Errorf("after the end: %v", err)
		}
		town.Give(t, author, sent.Problem, problem.Erase{})
		if c := contactOf(t, town, sent.Problem); !c.Blank() {
			t.Errorf("after the erasure %+v", c)
		}
		if _, err := town.Do(context.Background(), resident.Machine(problemtest.City), problem.Order{Problem: sent.Problem, Command: give}); !errors.Is(err, fault.Closed) {
			t.Errorf("a contact after the erasure: %v", err)
		}
	})
}

func TestWhatIsWrongWithAContactIsSaidAtItsField(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		author, sent := withoutAccount(t, town, problemtest.Message())
		for _, c := range []struct {
			contact       problem.Contact
			field, phrase string
		}{
			{problem.Contact{Email: "anna.example.org"}, "email", "resident.email_wrong"},
			{problem.Contact{Phone: "12", Email: "anna@example.org"}, "phone", "resident.phone_wrong"},
			{problem.Contact{Phone: "  ", Name: "Анна"}, "contact", "problem.contact_missing"},
		} {
			err := town.Refused(t, author, sent.Problem, problem.GiveContact{Contact: c.contact})
			f := fault.Of(err)
			if f == nil || len(f.Fields) != 1 || f.Fields[0].Name != c.field || f.Fields[0].Phrase != c.phrase {
				t.Errorf("%+v: %v", c.contact, err)
			}
		}
	})
}

func TestWhatTheTopicAskedForOutlivesAChangedContact(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		m := problemtest.Message()
		m.Topic, m.Contact = problemtest.Private, problem.Contact{Phone: "+79210000001", Apartment: "12"}
		m.Place = place.Draft{Mark: place.OnBuilding, House: problemtest.House, Point: problemtest.Square}
		author, sent := withoutAccount(t, town, m)
		town.Give(t, author, sent.Problem, problem.GiveContact{Contact: problem.Contact{Email: "anna@example.org"}})
		if c := contactOf(t, town, sent.Problem); c.Phone != "+79210000001" || c.Apartment != "12" || c.Email != "anna@example.org" {
			t.Errorf("kept %+v", c)
		}
	})
}
