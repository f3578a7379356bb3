package resident_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorod/internal/city/resident"
	"gorod/internal/platform/locale"
)

func TestEveryRefusalHasItsWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	phrases, err := locale.Shipped()
	must(t, err)
	others := []string{resident.CodeAsked, resident.LinkAsked, resident.ConsentWithdrawn, resident.PersonErased, resident.SweepJob, resident.SenderJob}
	sources, err := filepath.Glob("*.go")
	must(t, err)
	key, found := regexp.MustCompile(`"(resident\.[a-z_]+)"`), 0
	for _, source := range sources {
		body, err := os.ReadFile(source)
		must(t, err)
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		for _, m := range key.FindAllStringSubmatch(string(body), -1) {
			if slices.Contains(others, m[1]) {
				continue
			}
			found++
			for _, lang := range locale.Langs() {
				if !phrases.Has(lang, m[1]) {
					t.Errorf("%s: %s lacks %s", source, lang, m[1])
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d phrases were found", found)
	}
}
