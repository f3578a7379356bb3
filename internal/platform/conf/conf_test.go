package conf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const planted = "p1anted-secret-p1anted-secret-p1anted"

// write puts a settings file into the test's folder.
func write(t *testing.T, body string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "gorod.toml")
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func load(t *testing.T, body string, environ ...string) *Settings {
	t.Helper()
	s, err := Load(write(t, body), environ)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func printed(t *testing.T, s *Settings) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWithoutAnySettingItServesOnSQLiteInData(t *testing.T) {
	t.Parallel()
	s := load(t, "")
	if s.Database != filepath.Join("data", "gorod.db") || s.Listen != "127.0.0.1:8080" || s.PublicURL != "http://127.0.0.1:8080" || s.Demo {
		t.Errorf("settings are %+v", s)
	}
	if s.Log.Format != "auto" || s.Log.Level != "info" || s.Workers != 2 || s.Mail.TLS != "starttls" {
		t.Errorf("settings are %+v", s)
	}
}

func TestTheFileGoesBeforeTheDefaultAndTheEnvironmentBeforeTheFile(t *testing.T) {
	t.Parallel()
	s := load(t, "listen = ':9000'\nworkers = 4\n[log]\nlevel = 'debug'\n", "GOROD_WORKERS=8", "HOME=/nowhere")
	if s.Listen != ":9000" || s.Workers != 8 || s.Log.Level != "debug" || s.PublicURL != "http://localhost:9000" {
		t.Errorf("settings are %+v", s)
	}
	table := printed(t, s)
	for key, origin := range map[string]string{"listen": "file ", "workers": "environment GOROD_WORKERS", "data": "default"} {
		found := false
		for line := range strings.Lines(table) {
			if f := strings.Fields(line); f[0] == key && strings.Contains(line, origin) {
				found = true
			}
		}
		if !found {
			t.Errorf("%s does not come from %s in\n%s", key, origin, table)
		}
	}
}

func TestAFlagGoesBeforeAllAndIsNamedAsTheOrigin(t *testing.T) {
	t.Parallel()
	s, err := Load(write(t, "listen = ':9000'"), []string{"GOROD_LISTEN=:9001"}, Flag{"listen", ":9002", "flag --listen"})
	if err != nil || s.Listen != ":9002" || s.PublicURL != "http://localhost:9002" {
		t.Fatalf("settings are %+v, error %v", s, err)
	}
	if table := printed(t, s); !strings.Contains(table, "flag --listen") || strings.Contains(table, "GOROD_LISTEN") {
		t.Errorf("the origin is wrong in\n%s", table)
	}
	if _, err := Load("", nil, Flag{"listen", "somewhere", "flag --listen"}); err == nil || !strings.Contains(err.Error(), "listen (flag --listen)") {
		t.Errorf("error is %v", err)
	}
}

func TestTheDataLieBesideTheDatabaseThatIsNamed(t *testing.T) {
	t.Parallel()
	there := filepath.Join("some", "where")
	for name, c := range map[string]struct{ body, want string }{
		"a file":          {"database = '" + filepath.ToSlash(there) + "/town.db'", there},
		"a file here":     {"database = 'town.db'", "."},
		"a server":        {"database = 'postgres://u@h/n'", "data"},
		"a folder and it": {"data = 'mine'\ndatabase = 'there/town.db'", "mine"},
	} {
		s := load(t, c.body)
		if s.Data != c.want || !strings.Contains(printed(t, s), c.want) {
			t.Errorf("%s: data is %q, want %q", name, s.Data, c.want)
		}
	}
}

func TestAnEmptyVariableIsNotSet(t *testing.T) {
	t.Parallel()
	if s := load(t, "data = 'here'", "GOROD_DATA="); s.Data != "here" {
		t.Errorf("data is %q", s.Data)
	}
}

func TestTheEnvironmentNamesTheFile(t *testing.T) {
	t.Parallel()
	file := write(t, "data = 'there'")
	s, err := Load("", []string{"GOROD_CONFIG=" + file})
	if err != nil || s.Data != "there" {
		t.Errorf("settings %+v, error %v", s, err)
	}
	if _, err := Load("", []string{"GOROD_CONFIG=" + file + ".not"}); err == nil {
		t.Error("a file that was named and is not there was passed over")
	}
}

func TestVariablesOfTestsAreNoSettings(t *testing.T) {
	t.Parallel()
	load(t, "", "GOROD_TEST_POSTGRES=postgres://x", "GOROD_DUMP=1", "GOROD_SHARED=/x")
}

func TestAnUnknownKeyNamesTheNearest(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, body, environ, want string }{
		{"in the file", "mail.smpt = 'x:1'", "", "mail.smpt is no setting; the nearest is mail.smtp"},
		{"below a table", "[log]\nformt = 'json'", "", "log.formt is no setting; the nearest is log.format"},
		{"in the environment", "", "GOROD_DATABSE=x", "GOROD_DATABSE in the environment is no setting; the nearest is GOROD_DATABASE"},
		{"a value where a table is", "mail = 'x'", "", "mail is no setting; the nearest is "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(write(t, c.body), []string{c.environ})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Load(write(t, "listen = 'nowhere'\nunknown = 1\nworkers = 1.5\n"), []string{"GOROD_DEMO=perhaps", "GOROD_LOG_LEVLE=x"})
	if err == nil {
		t.Fatal("nothing was found wrong")
	}
	for _, key := range []string{"listen", "unknown", "workers", "demo", "GOROD_LOG_LEVLE"} {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("%s is not in: %v", key, err)
		}
	}
}

func TestABadValueIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"listen without a port":         "listen = 'localhost'",
		"listen on port 70000":          "listen = ':70000'",
		"public_url without a scheme":   "public_url = 'gorod.example'",
		"public_url with a path":        "public_url = 'https://gorod.example/city'",
		"public_url of another kind":    "public_url = 'ftp://gorod.example'",
		"a proxy that is no network":    "trusted_proxies = ['10.0.0.0/8', 'proxy']",
		"no data folder":                "data = ' '",
		"a database of another make":    "database = 'mysql://u@h/n'",
		"a server without a database":   "database = 'postgres://u@h'",
		"demo that is no yes or no":     "demo = 'perhaps'",
		"a short secret key":            "secret_key = 'short'",
		"no workers":                    "workers = 0",
		"a list of numbers":             "trusted_proxies = [1]",
		"a date":                        "data = 2026-01-01",
		"smtp without a host":           "mail.smtp = ':25'",
		"from without an at":            "mail.from = 'gorod'",
		"from with a line break":        "mail.from = \"a@b\\r\\nBcc: c@d\"",
		"an unknown tls":                "mail.tls = 'ssl'",
		"an sms gateway of no web":      "sms.gateway = 'sms.example'",
		"an unknown log format":         "log.format = 'xml'",
		"an unknown log level":          "log.level = 'loud'",
		"smtp without from":             "mail.smtp = 'mail.example:587'",
		"a user without a password":     "mail.user = 'gorod'",
		"open text over the net":        "mail = {smtp = 'mail.example:25', from = 'a@b', tls = 'none'}",
		"a token without a gateway":     "sms.token = 'x'",
		"a file that is no TOML":        "listen = ",
		"a key that is there two times": "data = 'a'\ndata = 'b'",
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s, err := Load(write(t, body), nil); err == nil {
				t.Errorf("%s was taken: %+v", body, s)
			}
		})
	}
}

func TestAGoodValueIsTaken(t *testing.T) {
	t.Parallel()
	s := load(t, `
listen = "[::]:443"
public_url = "https://gorod.example/"
trusted_proxies = ["10.1.2.3/8", "::1"]
database = "postgres://u:p@a,b/gorod?target_session_attrs=read-write"
demo = true
secret_key = "`+planted+`"
[mail]
smtp = "localhost:25"
from = "city@gorod.example"
tls = "none"
[sms]
gateway = "https://sms.example/send"
token = "t"
from = "Gorod"
`)
	if s.PublicURL != "https://gorod.example" || !s.Demo || s.SecretKey.Reveal() != planted || s.SMS.Token.Reveal() != "t" {
		t.Errorf("settings are %+v", s)
	}
	if got := fmt.Sprint(s.TrustedProxies); got != "[10.0.0.0/8 ::1/128]" {
		t.Errorf("proxies are %s", got)
	}
}

func TestASecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	s := load(t, "secret_key = '"+planted+"'\n[mail]\nsmtp='m.example:587'\nfrom='a@b'\nuser='u'\npassword='"+planted+"'\n",
		"GOROD_SMS_GATEWAY=https://u:"+planted+"@sms.example/send?key="+planted, "GOROD_SMS_TOKEN="+planted,
		"GOROD_METRICS_TOKEN="+planted, "GOROD_DATABASE=postgres://gorod:"+planted+"@db.example/gorod?password="+planted)
	table := printed(t, s)
	all := table + fmt.Sprintf("%v %+v %#v", s.SecretKey, s.Mail, s.Metrics)
	if strings.Contains(all, planted) {
		t.Errorf("a secret is in\n%s", all)
	}
	for _, want := range []string{"@db.example/gorod", "@sms.example/send", "•••"} {
		if !strings.Contains(table, want) {
			t.Errorf("%s is not in\n%s", want, table)
		}
	}
}

func TestASecretIsInNoError(t *testing.T) {
	t.Parallel()
	short := "p1anted"
	cases := map[string]string{
		"no TOML after the key":  "secret_key = " + short,
		"an open text":           "secret_key = '" + short,
		"two times":              "secret_key = '" + short + "'\nsecret_key = '" + short + "'",
		"too short":              "secret_key = '" + short + "'",
		"a list":                 "secret_key = [['" + short + "']]",
		"a database of no kind":  "database = 'mysql://u:" + short + "@h/n'",
		"a database of no shape": "database = 'postgres://u:" + short + "@[/n'",
		"a gateway of no kind":   "sms.gateway = 'ftp://u:" + short + "@h'",
		"mail as an address":     "mail.smtp = 'smtp://u:" + short + "@h:587'",
		"mail with a password":   "mail.smtp = 'u:" + short + "@h'",
		"mail with a user":       "mail.smtp = '" + short + "@h:587'",
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(write(t, body), nil)
			if err == nil || strings.Contains(err.Error(), short) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestANumberTooLongForTOMLIsNotQuoted(t *testing.T) {
	t.Parallel()
	const digits = "99999999999999999999991"
	_, err := Load(write(t, "[sms]\ntoken = "+digits), nil)
	if err == nil || strings.Contains(err.Error(), digits) || !strings.Contains(err.Error(), "line 2, near sms.token") {
		t.Errorf("error is %v", err)
	}
}

func TestTheTableOfOptionsIsWhole(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, o := range options() {
		if o.help == "" || o.set == nil || o.key == "" {
			t.Errorf("%s lacks a help or a reader", o.key)
		}
		if other, taken := names[o.variable()]; taken {
			t.Errorf("%s and %s are both %s", o.key, other, o.variable())
		}
		names[o.variable()] = o.key
		if err := o.set(&Settings{}, o.def); err != nil {
			t.Errorf("the default of %s is refused: %v", o.key, err)
		}
		for _, word := range []string{"password", "token", "secret"} {
			if strings.Contains(o.key, word) && !o.secret {
				t.Errorf("%s is not masked", o.key)
			}
		}
	}
}

func TestTheExampleNamesEverySettingAndIsValid(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Example(&b); err != nil {
		t.Fatal(err)
	}
	var body strings.Builder
	for line := range strings.Lines(b.String()) {
		for _, o := range options() {
			if strings.HasPrefix(line, "# "+o.key+" = ") {
				line = strings.TrimPrefix(line, "# ")
			}
		}
		body.WriteString(line)
	}
	s := load(t, body.String())
	if n := strings.Count(printed(t, s), "file "); n != len(options()) {
		t.Errorf("%d settings of %d are in the example", n, len(options()))
	}
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	f.Add("listen = ':1'")
	f.Add("[mail]\nsmtp = 'a:1'")
	f.Add("mail.smtp = [1, {a = 2}]")
	f.Add("data = 2026-01-01T00:00:00Z")
	f.Fuzz(func(t *testing.T, body string) {
		values, errs := parseFile("gorod.toml", body)
		for _, o := range options() {
			if v, ok := values[o.key]; ok {
				if err := o.set(&Settings{}, v.text); err != nil {
					errs = append(errs, err)
				}
				o.shown(v.text)
			}
		}
	})
}

func TestGorodTomlInTheFolderIsReadUnasked(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("gorod.toml", []byte("data = 'mine'"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load("", nil)
	if err != nil || s.Data != "mine" {
		t.Errorf("settings %+v, error %v", s, err)
	}
}
