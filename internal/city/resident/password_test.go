package resident

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func cheap() *hasher { return newHasher(Argon{Memory: 64, Passes: 1, Lanes: 1}) }

func TestAHashIsAPHCTextAndOpensWithItsPassword(t *testing.T) {
	t.Parallel()
	h := cheap()
	phc, err := h.hash(context.Background(), "тихая река 1612", []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$") {
		t.Errorf("stored as %s", phc)
	}
	for password, want := range map[string]bool{
		"тихая река 1612":  true,
		"тихая река 1613":  false,
		"":                 false,
		"тихая река 1612 ": false,
	} {
		if ok, old, err := h.verify(context.Background(), password, phc); ok != want || old || err != nil {
			t.Errorf("%q: %v, %v, %v", password, ok, old, err)
		}
	}
}

func TestTheSameLetterTypedOnAnotherMachineOpens(t *testing.T) {
	t.Parallel()
	h := cheap()
	phc, err := h.hash(context.Background(), "мой город стоит", []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	decomposed := strings.ReplaceAll("мой город стоит", "й", "и\u0306")
	if ok, _, err := h.verify(context.Background(), decomposed, phc); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestAHashOfAnotherCostIsRecognisedAsOld(t *testing.T) {
	t.Parallel()
	phc, err := cheap().hash(context.Background(), "тихая река 1612", []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	ok, old, err := newHasher(Argon{Memory: 128, Passes: 1, Lanes: 1}).verify(context.Background(), "тихая река 1612", phc)
	if !ok || !old || err != nil {
		t.Errorf("%v, %v, %v", ok, old, err)
	}
}

func TestNothingMatchesAMissingHash(t *testing.T) {
	t.Parallel()
	if ok, _, err := cheap().verify(context.Background(), "", ""); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestEasyPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"одиннадцать":               "resident.password_short",
		"двенадцатьбб":              "",
		"aaaaaaaaaaaaaaaa":          "resident.password_plain",
		"Moderator-1-2026":          "resident.password_login",
		strings.Repeat("абвгд", 52): "resident.password_long",
		"тихая река 1612":           "",
		"\xff\xfeпять букв и ещё":   "resident.password_long",
	} {
		got := ""
		if err := checkPassword(password, Person{Login: "moderator-1"}); err != nil {
			got = strings.TrimPrefix(strings.Split(err.Error(), " [")[0], "invalid: ")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY")
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY")
	f.Add("$argon2i$v=19$m=64,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, phc string) {
		h, err := parsePHC(phc)
		if err != nil {
			return
		}
		if h.cost.Memory > 1<<20 || h.cost.Passes > 100 {
			t.Errorf("%q would cost %+v", phc, h.cost)
		}
		if h.String() != phc {
			t.Errorf("%q is written back as %q", phc, h.String())
		}
	})
}

func TestAnAddressHasOnePseudonymAndIsNotInIt(t *testing.T) {
	t.Parallel()
	k := keys{[]byte("0123456789abcdef0123456789abcdef")}
	same := [][2]string{
		{"203.0.113.7", "::ffff:203.0.113.7"},
		{"2001:db8:1:2::3", "2001:db8:1:2:ffff::9"},
	}
	for _, pair := range same {
		if a, b := k.pseudonym(pair[0]), k.pseudonym(pair[1]); a != b || a == "" || strings.Contains(a, "203") {
			t.Errorf("%v: %q and %q", pair, a, b)
		}
	}
	if k.pseudonym("203.0.113.7") == k.pseudonym("203.0.113.8") || k.pseudonym("2001:db8:1:2::3") == k.pseudonym("2001:db8:1:3::3") {
		t.Error("two homes have one pseudonym")
	}
	if other := (keys{[]byte("another key, another pseudonym!!")}); other.pseudonym("203.0.113.7") == k.pseudonym("203.0.113.7") {
		t.Error("the key does not matter")
	}
	if k.pseudonym("") != "" {
		t.Error("no address has a pseudonym")
	}
}

func TestASealedCodeOpensOnlyWhereItBelongs(t *testing.T) {
	t.Parallel()
	k := keys{[]byte("0123456789abcdef0123456789abcdef")}
	sealed, err := k.seal("letter", 1, 7, "123456", []byte("0123456789abcdef"))
	if err != nil || strings.Contains(sealed, "123456") {
		t.Fatalf("%s, %v", sealed, err)
	}
	if plain, err := k.unseal("letter", 1, 7, sealed); plain.Reveal() != "123456" || err != nil {
		t.Errorf("%q, %v", plain.Reveal(), err)
	}
	other := keys{[]byte("another key, another pseudonym!!")}
	for name, open := range map[string]func() error{
		"another city":  func() error { _, err := k.unseal("letter", 2, 7, sealed); return err },
		"another entry": func() error { _, err := k.unseal("letter", 1, 8, sealed); return err },
		"another use":   func() error { _, err := k.unseal("second", 1, 7, sealed); return err },
		"another key":   func() error { _, err := other.unseal("letter", 1, 7, sealed); return err },
		"a cut text":    func() error { _, err := k.unseal("letter", 1, 7, sealed[:10]); return err },
		"no hex":        func() error { _, err := k.unseal("letter", 1, 7, "жжжж"); return err },
	} {
		if open() == nil {
			t.Errorf("%s opens it", name)
		}
	}
}

func TestAMissingHashWaitsForTheSameSeat(t *testing.T) {
	t.Parallel()
	h := cheap()
	phc, err := h.hash(context.Background(), "тихая река 1612", []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	for range atOnce {
		h.seats <- struct{}{}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, stored := range []string{phc, ""} {
		if _, _, err := h.verify(gone, "тихая река 1612", stored); !errors.Is(err, context.Canceled) {
			t.Errorf("%q: %v", stored, err)
		}
	}
}
