package view_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pairs are all combinations of tokens that the style sheets draw: text on its
// ground needs 4.5:1, borders of inputs, marks and focus need 3:1 (WCAG 2.1,
// 1.4.3 and 1.4.11).
var pairs = []struct {
	fore, back string
	least      float64
}{
	{"ink", "paper", 4.5}, {"ink", "ground", 4.5}, {"ink", "neva-soft", 4.5}, {"ink", "amber-soft", 4.5},
	{"ink", "red-soft", 4.5}, {"ink", "green-soft", 4.5},
	{"muted", "paper", 4.5}, {"muted", "ground", 4.5}, {"muted", "neva-soft", 4.5},
	{"neva", "paper", 4.5}, {"neva", "ground", 4.5}, {"neva", "neva-soft", 4.5}, {"neva", "amber-soft", 4.5},
	{"neva", "green-soft", 4.5}, {"neva", "red-soft", 4.5},
	{"on-neva", "neva", 4.5}, {"on-red", "red", 4.5},
	{"amber", "amber-soft", 4.5}, {"amber", "paper", 4.5},
	{"red", "red-soft", 4.5}, {"red", "paper", 4.5},
	{"green", "green-soft", 4.5}, {"green", "paper", 4.5},
	{"edge", "paper", 3}, {"edge", "ground", 3},
	{"focus", "focus-edge", 3}, // the two rings: one of them is seen on any ground
}

var (
	block = regexp.MustCompile(`(?s)([^{}]+)\{([^{}]*)\}`)
	token = regexp.MustCompile(`--([a-z-]+):\s*(#[0-9a-f]{6}|var\(--[a-z-]+\))`)
)

// schemes reads the colours of every theme from the style sheets themselves.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{"light": {}, "dark": {}, "black": {}, "white": {}, "blue": {}, "brown": {}}
	read := func(name string) string {
		css, err := os.ReadFile(filepath.Join("..", "asset", "css", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(css)
	}
	light, dark, found := strings.Cut(read("tokens.css"), "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("tokens.css has no dark theme")
	}
	set := func(name, css string) {
		for _, m := range token.FindAllStringSubmatch(css, -1) {
			all[name][m[1]] = m[2]
		}
	}
	set("light", light)
	set("dark", dark)
	for _, m := range block.FindAllStringSubmatch(read("lowvision.css"), -1) {
		for _, name := range []string{"black", "white", "blue", "brown"} {
			selector := strings.TrimSpace(m[1])
			if strings.HasSuffix(selector, ":root[data-colors]") || strings.HasSuffix(selector, fmt.Sprintf(":root[data-colors=%q]", name)) {
				set(name, m[2])
			}
		}
	}
	return all
}

func resolve(colours map[string]string, name string) string {
	v := colours[name]
	if inner, ok := strings.CutPrefix(v, "var(--"); ok {
		return resolve(colours, strings.TrimSuffix(inner, ")"))
	}
	return v
}

// luminance is that of WCAG 2.1, relative to white.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		t.Fatalf("colour %q: %v", hex, err)
	}
	part := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestEveryPairOfColoursCanBeRead(t *testing.T) {
	t.Parallel()
	for name, colours := range schemes(t) {
		for _, p := range pairs {
			got := contrast(t, resolve(colours, p.fore), resolve(colours, p.back))
			if got < p.least {
				t.Errorf("%s: %s on %s has %.2f:1, needs %.1f:1", name, p.fore, p.back, got, p.least)
			}
		}
	}
}

func TestContrastIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#ffffff", "#ffffff", 1}} {
		if got := contrast(t, c.a, c.b); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s on %s: %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}
