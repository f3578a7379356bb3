package resident

import (
	"strings"
	"testing"
	"time"
)

func TestCodesAreThoseOfTheStandard(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890") // RFC 6238, appendix B: the last six of eight digits
	for unix, code := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"} {
		step, used, err := fits(secret, code, time.Unix(unix, 0), 0)
		if step != unix/30 || used || err != nil {
			t.Errorf("%s at %d: step %d, used %v, %v", code, unix, step, used, err)
		}
	}
}

func TestACodeIsGoodAStepBeforeAndAfterAndNoLonger(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890")
	made := time.Unix(1234567890, 0) // the first second of a step
	for after, want := range map[time.Duration]bool{
		-31 * time.Second: false, -30 * time.Second: true, -time.Second: true, 0: true, 29 * time.Second: true,
		59 * time.Second: true, 60 * time.Second: false,
	} {
		step, _, err := fits(secret, "005924", made.Add(after), 0)
		if (step != 0) != want || err != nil {
			t.Errorf("%v later: step %d, %v", after, step, err)
		}
	}
	step := stepOf(made)
	if got, used, _ := fits(secret, "005924", made, step); got != 0 || !used {
		t.Errorf("a used code gives step %d, used %v", got, used)
	}
	if got, used, _ := fits(secret, "000000", made, step); got != 0 || used {
		t.Errorf("a wrong code gives step %d, used %v", got, used)
	}
}

func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	const recovery = "0123456789abcdef"
	for typed, want := range map[string][2]string{
		"123456":                            {"123456", ""},
		" 123 456 ":                         {"123456", ""},
		"12345o":                            {"123450", ""},
		"12345":                             {},
		"1234567":                           {},
		"":                                  {},
		"٣٤٥٦٧٨":                            {},
		recovery:                            {"", recovery},
		"0123-4567-89AB-CDEF":               {"", recovery},
		"O1234567 89ab–cdef":                {"", recovery},
		"olil-4567-89ab-cdef":               {"", "0111456789abcdef"},
		"0123-4567-89ab-cdeu":               {}, // no U in the alphabet
		"0123-4567-89ab-cde":                {},
		strings.Repeat(" ", 101) + "123456": {},
	} {
		app, code := typedCode(typed)
		if app != want[0] || code != want[1] {
			t.Errorf("%q is read as %q, %q", typed, app, code)
		}
	}
}

func TestRecoveryCodesBelongToOnePersonAndOneForm(t *testing.T) {
	t.Parallel()
	k := keys{[]byte(strings.Repeat("k", 32))}
	other := keys{[]byte(strings.Repeat("o", 32))}
	seen := map[string]bool{}
	for _, codes := range [][]string{
		k.recovery(1, 7, "form"), k.recovery(2, 7, "form"), k.recovery(1, 8, "form"), k.recovery(1, 7, "form2"), other.recovery(1, 7, "form"),
	} {
		for _, c := range codes {
			if _, read := typedCode(grouped(c, "-")); read != c || len(c) != 16 || seen[c] {
				t.Errorf("code %q is read as %q, seen before: %v", c, read, seen[c])
			}
			seen[c] = true
		}
	}
	if len(seen) != 5*recoveryCodes {
		t.Errorf("%d codes", len(seen))
	}
}

func TestAnAppIsToldSecretCityAndPerson(t *testing.T) {
	t.Parallel()
	e := enrolment([]byte("12345678901234567890"), "Верхний: Заречный", "vera", 1)
	if e.Secret.Reveal() != "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" {
		t.Errorf("secret %s", e.Secret.Reveal())
	}
	uri := e.URI.Reveal()
	if !strings.HasPrefix(uri, "otpauth://totp/%D0%92") || !strings.Contains(uri, ":vera?") || strings.ContainsAny(uri, "+ ") ||
		!strings.Contains(uri, "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") || strings.Count(uri, ":") != 2 {
		t.Errorf("address %s", uri)
	}
}

func TestWhoMustHaveASecondFactor(t *testing.T) {
	t.Parallel()
	admin, both := []Role{Administrator}, []Role{Moderator, Administrator}
	for _, c := range []struct {
		name   string
		policy Policy
		roles  []Role
		want   bool
	}{
		{"nothing is said", Policy{}, admin, false},
		{"offered", PolicyOf("offered", nil), admin, false},
		{"off", PolicyOf("off", []string{"administrator"}), admin, false},
		{"required of all", PolicyOf("required", nil), admin, true},
		{"required of the role", PolicyOf("required", []string{"administrator"}), both, true},
		{"required of another role", PolicyOf("required", []string{"moderator"}), admin, false},
		{"without a role there is nothing to guard", PolicyOf("required", nil), nil, false},
	} {
		if got := c.policy.Requires(c.roles); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func FuzzWhatIsTypedAsACodeIsDigitsOrLetters(f *testing.F) {
	for _, s := range []string{"123456", "0123-4567-89ab-cdef", "", "\xff\xfe", "１２３４５６", "ооо111"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		app, recovery := typedCode(typed)
		if app != "" && recovery != "" {
			t.Fatalf("%q is both %q and %q", typed, app, recovery)
		}
		if len(app) != 0 && (len(app) != secondDigits || strings.Trim(app, "0123456789") != "") {
			t.Fatalf("%q gives the code %q", typed, app)
		}
		if len(recovery) != 0 && (len(recovery) != 16 || strings.Trim(recovery, readable) != "") {
			t.Fatalf("%q gives the recovery code %q", typed, recovery)
		}
	})
}

func FuzzAStoredSecretIsOpenedOrRefused(f *testing.F) {
	k := keys{[]byte(strings.Repeat("k", 32))}
	good, err := k.seal("second", 1, 7, "12345678901234567890", []byte("0123456789abcdef"))
	if err != nil {
		f.Fatal(err)
	}
	short, err := k.seal("second", 1, 7, "1234", []byte("0123456789abcdef"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(short)
	f.Add("00")
	f.Fuzz(func(t *testing.T, sealed string) {
		secret, err := k.secondSecret(1, 7, sealed)
		if err == nil && (len(secret) != secondBytes || !strings.EqualFold(sealed, good)) {
			t.Fatalf("%q opened as %q", sealed, secret)
		}
	})
}
