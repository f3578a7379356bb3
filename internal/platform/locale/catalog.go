package locale

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed catalog/*/*.toml
var shipped embed.FS

// Catalog holds the phrases of all languages. It never changes once loaded and
// may be used by many goroutines.
type Catalog struct {
	phrases map[Lang]map[string]phrase
}

// Shipped loads the phrases that are built into the program.
func Shipped() (*Catalog, error) {
	files, err := fs.Sub(shipped, "catalog")
	if err != nil {
		return nil, fmt.Errorf("open shipped phrases: %w", err)
	}
	return Load(files)
}

// Load reads <language>/<area>.toml below files. The error joins everything
// that is wrong, each with file and key: text that is no TOML, a language
// without plural rules, a placeholder that is none of {0} to {9}, a plural form
// that is missing or that the language does not have, a value that is no text.
func Load(files fs.FS) (*Catalog, error) {
	names, err := fs.Glob(files, "*/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list phrases: %w", err)
	}
	c := &Catalog{phrases: map[Lang]map[string]phrase{}}
	var wrong []error
	for _, name := range names {
		wrong = append(wrong, c.loadFile(files, name)...)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Catalog) loadFile(files fs.FS, name string) []error {
	lang := Lang(path.Dir(name))
	if !slices.Contains(Langs(), lang) {
		return []error{fmt.Errorf("read phrases %s: language %q has no plural rules here", name, lang)}
	}
	var tree map[string]any
	if _, err := toml.DecodeFS(files, name, &tree); err != nil {
		return []error{fmt.Errorf("read phrases %s: %w", name, err)}
	}
	if c.phrases[lang] == nil {
		c.phrases[lang] = map[string]phrase{}
	}
	area := strings.TrimSuffix(path.Base(name), ".toml")
	r := reader{lang: lang, file: name, into: c.phrases[lang]}
	r.table(area, tree)
	return r.wrong
}

// reader collects the phrases of one file and what is wrong with them.
type reader struct {
	lang  Lang
	file  string
	into  map[string]phrase
	wrong []error
}

func (r *reader) fail(key, format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Errorf("phrase %s in %s: %s", key, r.file, fmt.Sprintf(format, args...)))
}

// table reads a table of the file, which is either a phrase with plural forms
// or a group of phrases.
func (r *reader) table(key string, table map[string]any) {
	forms := 0
	for name := range table {
		if isForm(name) {
			forms++
		}
	}
	if forms > 0 && forms == len(table) {
		r.plural(key, table)
		return
	}
	if _, counted := table[string(one)]; counted {
		r.fail(key, "has the form %q beside keys that are no plural forms", one)
		return
	}
	for name, value := range table {
		r.value(key+"."+name, value)
	}
}

func (r *reader) value(key string, value any) {
	switch v := value.(type) {
	case string:
		r.into[key] = phrase{forms: map[form]pattern{other: r.pattern(key, v)}}
	case map[string]any:
		r.table(key, v)
	default:
		r.fail(key, "is %T, not text or a table of plural forms", value)
	}
}

func (r *reader) plural(key string, table map[string]any) {
	needed, allowed := formsOf(r.lang)
	p := phrase{plural: true, forms: map[form]pattern{}}
	for name, value := range table {
		s, isText := value.(string)
		switch {
		case !isText:
			r.fail(key+"."+name, "is %T, not text", value)
		case !slices.Contains(needed, form(name)) && !slices.Contains(allowed, form(name)):
			r.fail(key, "has the plural form %q, which %s does not have", name, r.lang)
		default:
			p.forms[form(name)] = r.pattern(key+"."+name, s)
		}
	}
	for _, name := range needed {
		if _, ok := table[string(name)]; !ok {
			r.fail(key, "lacks the plural form %q", name)
		}
	}
	if _, ok := p.forms[other]; !ok {
		// «1,5 дня» is said like «2 дня».
		p.forms[other] = p.forms[few]
	}
	r.into[key] = p
}

func (r *reader) pattern(key, s string) pattern {
	if strings.TrimSpace(s) == "" {
		r.fail(key, "is empty")
	}
	p, err := parsePattern(s)
	if err != nil {
		r.fail(key, "%v", err)
	}
	return p
}

// T says the phrase in the language: whole numbers among the arguments are
// grouped, the first of them chooses the plural form, fractions get the
// language's decimal mark, times and durations are written by DateFull and
// Duration. Years, house numbers and ids are not amounts: pass them as strings.
//
// A phrase that the language lacks is said in Russian; one that Russian lacks
// too comes back as its key in brackets, ⟦problem.oops⟧.
func (c *Catalog) T(lang Lang, key string, args ...any) string {
	for _, l := range []Lang{lang, RU} {
		if p, ok := c.phrases[l][key]; ok {
			return p.say(l, args)
		}
	}
	return "⟦" + key + "⟧"
}

// Has tells whether the language itself has the phrase. Where it has not, T
// answers in Russian, and the page marks that text with lang="ru".
func (c *Catalog) Has(lang Lang, key string) bool {
	_, ok := c.phrases[lang][key]
	return ok
}

// Keys lists the keys of all languages, sorted, each once.
func (c *Catalog) Keys() []string {
	var keys []string
	for _, phrases := range c.phrases {
		for key := range phrases {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Gaps lists, sorted by key, what keeps the languages from saying the same: a
// phrase that one of them lacks, and a phrase whose arguments differ from the
// Russian ones. The shipped catalogue has none.
func (c *Catalog) Gaps() []string {
	var gaps []string
	for _, key := range c.Keys() {
		for _, lang := range Langs() {
			if !c.Has(lang, key) {
				gaps = append(gaps, fmt.Sprintf("%s: missing in %s", key, lang))
			} else if c.Has(RU, key) && !slices.Equal(c.phrases[lang][key].args(), c.phrases[RU][key].args()) {
				gaps = append(gaps, fmt.Sprintf("%s: %s shows arguments %v, %s shows %v",
					key, RU, c.phrases[RU][key].args(), lang, c.phrases[lang][key].args()))
			}
		}
	}
	return gaps
}
