package conf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
)

const (
	prefix      = "GOROD_"
	defaultFile = "gorod.toml"
)

// value is a text and where it was found.
type value struct{ text, from string }

// Flag is a setting that the command line gives; it goes before all others.
type Flag struct {
	Key  string // of the setting: database
	Text string
	From string // how a person gave it: flag --db
}

// Load reads the settings: the file named by file, else by GOROD_CONFIG, else
// ./gorod.toml if there is one; then environ, lines of NAME=value as os.Environ
// gives them; then the flags. An empty variable counts as not set. The error
// tells everything that is wrong.
func Load(file string, environ []string, flags ...Flag) (*Settings, error) {
	env := variables(environ)
	found := map[string]value{}
	var errs []error
	for _, read := range []func() (map[string]value, []error){
		func() (map[string]value, []error) { return readFile(file, env[prefix+"CONFIG"]) },
		func() (map[string]value, []error) { return readEnvironment(env) },
	} {
		values, wrong := read()
		errs = append(errs, wrong...)
		for key, v := range values {
			found[key] = v
		}
	}
	for _, f := range flags {
		found[f.Key] = value{f.Text, f.From}
	}
	s := &Settings{}
	for _, o := range options() {
		v, ok := found[o.key]
		if !ok {
			v = value{o.def, "default"}
		}
		if err := o.set(s, v.text); err != nil {
			errs = append(errs, fmt.Errorf("%s (%s): %w", o.key, v.from, err))
		}
		s.origins = append(s.origins, origin{o.key, o.shown(v.text), v.from})
	}
	if len(errs) == 0 {
		errs = s.check()
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("settings: %w", errors.Join(errs...))
	}
	s.derive()
	s.showDerived()
	return s, nil
}

// showDerived prints a value that follows from others instead of an empty one.
func (s *Settings) showDerived() {
	derived := map[string]string{"data": s.Data, "database": s.Database, "public_url": s.PublicURL}
	for i, o := range s.origins {
		if text := derived[o.key]; o.value == "" && text != "" {
			s.origins[i].value = text
		}
	}
}

func variables(environ []string) map[string]string {
	env := map[string]string{}
	for _, line := range environ {
		if name, text, ok := strings.Cut(line, "="); ok && text != "" && strings.HasPrefix(name, prefix) {
			env[name] = text
		}
	}
	return env
}

// beside tells the variables that are no settings: the place of the file and
// what the tests and tools of the project are told.
func beside(name string) bool {
	switch name {
	case prefix + "CONFIG", prefix + "DUMP", prefix + "SHARED":
		return true
	}
	return strings.HasPrefix(name, prefix+"TEST_")
}

func readEnvironment(env map[string]string) (map[string]value, []error) {
	byName := map[string]option{}
	var names []string
	for _, o := range options() {
		byName[o.variable()] = o
		names = append(names, o.variable())
	}
	values := map[string]value{}
	var errs []error
	for _, name := range sorted(env) {
		o, ok := byName[name]
		switch {
		case ok:
			values[o.key] = value{env[name], "environment " + name}
		case !beside(name):
			errs = append(errs, fmt.Errorf("%s in the environment is no setting; the nearest is %s", name, nearest(name, names)))
		}
	}
	return values, errs
}

func readFile(named, fromEnv string) (map[string]value, []error) {
	file := named
	if file == "" {
		file = fromEnv
	}
	must := file != ""
	if !must {
		file = defaultFile
	}
	body, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return nil, nil
	}
	if err != nil {
		return nil, []error{fmt.Errorf("read settings: %w", err)}
	}
	return parseFile(file, string(body))
}

// parseFile reads TOML; mail.smtp may be written with a dot or below [mail].
func parseFile(file, body string) (map[string]value, []error) {
	var tree map[string]any
	if _, err := toml.Decode(body, &tree); err != nil {
		return nil, []error{fmt.Errorf("%s: %w", file, whereOnly(err))}
	}
	flat := map[string]any{}
	flatten("", tree, flat)
	var keys []string
	known := map[string]bool{}
	for _, o := range options() {
		keys = append(keys, o.key)
		known[o.key] = true
	}
	values := map[string]value{}
	var errs []error
	for _, key := range sorted(flat) {
		if !known[key] {
			errs = append(errs, fmt.Errorf("%s: %s is no setting; the nearest is %s", file, key, nearest(key, keys)))
			continue
		}
		text, err := scalar(flat[key])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s (file %s): %w", key, file, err))
			continue
		}
		values[key] = value{text, "file " + file}
	}
	return values, errs
}

// whereOnly is a mistake of TOML without the words of the file around it,
// which may be a secret.
func whereOnly(err error) error {
	var at toml.ParseError
	if !errors.As(err, &at) {
		return errors.New("is no TOML")
	}
	if at.LastKey != "" {
		return fmt.Errorf("line %d, near %s: this is no TOML", at.Position.Line, at.LastKey)
	}
	return fmt.Errorf("line %d: this is no TOML", at.Position.Line)
}

func flatten(path string, tree, into map[string]any) {
	for name, v := range tree {
		key := name
		if path != "" {
			key = path + "." + name
		}
		if below, ok := v.(map[string]any); ok {
			flatten(key, below, into)
			continue
		}
		into[key] = v
	}
}

// scalar gives the text of a value, a list as its parts with commas.
func scalar(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64, bool:
		return fmt.Sprint(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			text, ok := part.(string)
			if !ok {
				return "", errors.New("is a list of something else than texts")
			}
			parts[i] = text
		}
		return strings.Join(parts, ", "), nil
	}
	return "", errors.New("is neither a text, a number, true nor false")
}

// nearest finds the name that takes the fewest changes of letters.
func nearest(name string, names []string) string {
	best, least := "", 1<<30
	for _, other := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(other)); d < least {
			best, least = other, d
		}
	}
	return best
}

// distance counts the letters to change, add or drop (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
