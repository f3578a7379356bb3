package resident_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/see"
)

func TestPhonesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]see.Phone{
		"8 (921) 345-67-89":          "+79213456789",
		"+7 921 345 67 89":           "+79213456789",
		"79213456789":                "+79213456789",
		"921 345 67 89":              "+79213456789",
		"+7\u00a0921\u2011345-67-89": "+79213456789",
		"+44 20 7946 0958":           "+442079460958",
		"":                           "",
		"2-10-11":                    "",
		"112":                        "",
		"+7 921 345":                 "",
		"8 921 345 67 89 0":          "",
		"+79213456789, +79210000000": "",
		"позвоните мне":              "",
		"+0 921 345 67 89":           "",
	} {
		got, err := resident.ParsePhone(typed)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", typed, string(got), err, string(want))
		}
	}
}

func TestEmailsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]see.Email{
		" Anna@Zarechny.Example ":                      "anna@zarechny.example",
		"anna+city@zarechny.example":                   "anna+city@zarechny.example",
		"anna@почта.рф":                                "anna@xn--80a1acny.xn--p1ai",
		"anna":                                         "",
		"anna@localhost":                               "",
		"@zarechny.example":                            "",
		"Anna <anna@zarechny.example>":                 "",
		"a@b.example,c@d.example":                      "",
		"a@b.example\r\nBcc: c@d.example":              "",
		"анна@zarechny.example":                        "",
		strings.Repeat("a", 250) + "@zarechny.example": "",
	} {
		got, err := resident.ParseEmail(typed)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", typed, string(got), err, string(want))
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	f.Add("8 (921) 345-67-89")
	f.Add("+442079460958")
	f.Fuzz(func(t *testing.T, typed string) {
		phone, err := resident.ParsePhone(typed)
		if err != nil {
			return
		}
		again, err := resident.ParsePhone(string(phone))
		if err != nil || again != phone {
			t.Errorf("%q became %q, and that %q, %v", typed, string(phone), string(again), err)
		}
	})
}

func FuzzParseEmail(f *testing.F) {
	f.Add("anna@почта.рф")
	f.Add("A@B.example")
	f.Add("0@0.\x84")
	f.Fuzz(func(t *testing.T, typed string) {
		email, err := resident.ParseEmail(typed)
		if err != nil {
			return
		}
		if strings.ContainsAny(string(email), "\r\n<>, ") {
			t.Errorf("%q became %q", typed, string(email))
		}
		again, err := resident.ParseEmail(string(email))
		if err != nil || again != email {
			t.Errorf("%q became %q, and that %q, %v", typed, string(email), string(again), err)
		}
	})
}

func TestALogShowsNeitherPhoneNorEmail(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := resident.Person{Phone: "+79213456789", Email: "anna@zarechny.example"}
	slog.New(slog.NewTextHandler(&out, nil)).Info("person", "call", p.Phone, "write", p.Email)
	if s := out.String(); strings.Contains(s, "345") || strings.Contains(s, "anna") {
		t.Error(s)
	}
}

func TestADraftSaysEverythingThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	row := residenttest.PackPerson("Vera!", resident.Executor, "king")
	row.Name, row.Email, row.Org = " ", "vera", ""
	err := row.Check()
	var fields []string
	for _, field := range fault.Of(err).Fields {
		fields = append(fields, field.Name)
	}
	if got := strings.Join(fields, " "); got != "name login email roles organisation" {
		t.Errorf("fields %s", got)
	}
	if err := residenttest.PackPerson("vera", resident.Moderator).Check(); err != nil {
		t.Errorf("a good row: %v", err)
	}
}

func TestTheClassOfAProgramTellsLittle(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                   "Firefox, Windows",
		"Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 Chrome/130.0.0.0 YaBrowser/24.10 Mobile Safari/537.36": "Яндекс Браузер, Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1":       "Safari, iPhone",
		"curl/8.5.0": "",
	} {
		if got := resident.AgentClass(agent); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAShortKeyStopsTheProgram(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a service was made with a guessable key")
		}
	}()
	resident.New(resident.Service{Key: []byte("short")})
}

func kindIs(t *testing.T, err error, kind fault.Kind, phrase string) {
	t.Helper()
	f := fault.Of(err)
	if !errors.Is(err, kind) || f == nil || f.Phrase != phrase {
		t.Errorf("got %v, want %s %s", err, kind, phrase)
	}
}
