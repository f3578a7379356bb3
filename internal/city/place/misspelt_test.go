package place

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"gorod/internal/platform/geo"
)

var write = flag.Bool("write", false, "write testdata/misspelt.csv anew")

// misspelt is a query that somebody may type, and the house that is meant.
type misspelt struct {
	query string
	house HouseID
	rule  string
}

// register is a city as the tests of the search need it.
type register struct {
	town    string
	houses  []House
	streets []Street
	areas   *areas
}

func (r register) index() (*addresses, *areaNames) {
	b := builder{town: words(r.town), byStreet: map[streetKey]*collected{}}
	b.add(r.houses)
	x := b.build(r.streets)
	return x, x.namesOf(r.areas)
}

// table reads a CSV file with a header.
func table(tb testing.TB, file string) []map[string]string {
	tb.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		fields := map[string]string{}
		for i, name := range rows[0] {
			fields[name] = row[i]
		}
		list = append(list, fields)
	}
	return list
}

func number64(tb testing.TB, s string) int64 {
	tb.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func inventedTown(tb testing.TB) register {
	tb.Helper()
	const pack = "../../../packs/zarechny/"
	r := register{town: "Заречный", areas: &areas{byID: map[AreaID]int{}}}
	for _, row := range table(tb, pack+"houses.csv") {
		r.houses = append(r.houses, House{ID: HouseID(number64(tb, row["id"])), Street: row["kind"] + ". " + row["street"], Number: row["house"], Building: row["building"],
			Structure: row["structure"], Letter: row["letter"], Address: row["address"], Settlement: row["settlement"], District: AreaID(row["district"])})
	}
	for _, row := range table(tb, pack+"streets.csv") {
		r.streets = append(r.streets, Street{ID: number64(tb, row["id"]), Name: map[string]string{"ru": row["name.ru"], "en": row["name.en"]}, Kind: row["kind"], Aliases: strings.Split(row["aliases"], ";")})
	}
	for i, name := range []string{"Заречье", "Центр", "Фабричный", "Слобода"} {
		id := AreaID([]string{"zarechye", "centre", "fabrichny", "sloboda"}[i])
		r.areas.byID[id] = i
		r.areas.list = append(r.areas.list, Area{ID: id, Name: map[string]string{"ru": name}})
	}
	return r
}

// realCity reads houses that were collected from the portal of St. Petersburg.
func realCity(tb testing.TB) (r register, folder string) {
	tb.Helper()
	data := os.Getenv("GOROD_DATA")
	if data == "" {
		data = "../../../../shared/data"
	}
	folder = filepath.Join(data, "geo")
	if _, err := os.Stat(filepath.Join(folder, "spb_houses.csv")); err != nil {
		tb.Skipf("SKIPPED: no houses of St. Petersburg in %s; set GOROD_DATA to the folder of real data", folder)
	}
	r = register{town: "Санкт-Петербург", areas: &areas{byID: map[AreaID]int{}}}
	for _, row := range table(tb, filepath.Join(folder, "spb_houses.csv")) {
		lat, err1 := strconv.ParseFloat(row["lat"], 64)
		lon, err2 := strconv.ParseFloat(row["lon"], 64)
		if err1 != nil || err2 != nil {
			tb.Fatal(err1, err2)
		}
		district := AreaID(row["district_id"])
		if _, ok := r.areas.byID[district]; !ok {
			r.areas.byID[district] = len(r.areas.list)
			r.areas.list = append(r.areas.list, Area{ID: district, Name: map[string]string{"ru": row["district"]}})
		}
		r.houses = append(r.houses, House{ID: HouseID(number64(tb, row["building_id"])), Street: row["street"], Number: row["house"], Building: row["corpus"], Structure: row["stroenie"],
			Letter: row["litera"], Address: row["address"], Settlement: row["settlement"], District: district, Point: geo.Point{Lat: lat, Lon: lon}})
	}
	return r, folder
}

// speller makes queries for houses by rules.
type speller struct {
	*rand.Rand
	areas *areas
	// others are the settlements that have a street of this name, beside the first.
	many map[string]map[string]bool
	twin map[string]int
}

// simple is a street as people type it, without kind and the clarification in
// brackets; kind is spelt out.
func simple(street string) (name, kind string) {
	var own []string
	for _, part := range strings.Fields(strings.ReplaceAll(street, ".", ". ")) {
		if k := kindOf(strings.ToLower(strings.TrimSuffix(part, "."))); k != "" && kind == "" {
			kind = k
			continue
		}
		own = append(own, part)
	}
	return strings.ReplaceAll(strings.Join(own, " "), "В. О.", "В.О."), kind
}

// longest is where the longest word of a name begins and ends, in letters.
func longest(name []rune) (from, to int) {
	start := 0
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != ' ' && name[i] != '-' && name[i] != '.' {
			continue
		}
		if i-start > to-from {
			from, to = start, i
		}
		start = i + 1
	}
	return from, to
}

// inWord changes the longest word of a name; "" where it is too short.
func (s speller) inWord(name string, least int, change func(word []rune) []rune) string {
	letters := []rune(name)
	from, to := longest(letters)
	if to-from < least {
		return ""
	}
	changed := change(slices.Clone(letters[from:to]))
	if changed == nil || string(changed) == string(letters[from:to]) {
		return ""
	}
	return string(slices.Concat(letters[:from], changed, letters[to:]))
}

// slip is a slip of the hand; the first letter, at which people look, stays.
func (s speller) slip(kind string) func([]rune) []rune {
	return func(w []rune) []rune {
		at := 1 + s.IntN(len(w)-2)
		switch kind {
		case "swapped":
			w[at], w[at+1] = w[at+1], w[at]
		case "left out":
			return slices.Delete(w, at, at+1)
		case "put in":
			return slices.Insert(w, at, []rune("аеиоурнтсл")[s.IntN(10)])
		case "doubled":
			return slices.Insert(w, at, w[at])
		case "undoubled":
			for i := 1; i < len(w); i++ {
				if w[i] == w[i-1] {
					return slices.Delete(w, i, i+1)
				}
			}
			return nil
		case "soft sign":
			if i := slices.Index(w, 'ь'); i >= 0 {
				return slices.Delete(w, i, i+1)
			}
			return nil
		case "vowel":
			for i := at; i < len(w)-1; i++ {
				if j := strings.IndexRune("оаеи", w[i]); j >= 0 {
					w[i] = []rune("аоие")[j/2]
					return w
				}
			}
			return nil
		case "neighbour":
			for _, row := range []string{"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"} {
				keys := []rune(row)
				if i := slices.Index(keys, w[at]); i >= 0 {
					w[at] = keys[max(1, i)-1+2*(1-min(1, i))]
					return w
				}
			}
			return nil
		}
		return w
	}
}

// toLatin writes a name as passports do.
func toLatin(s string) string {
	return strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "yo", "ж", "zh", "з", "z", "и", "i", "й", "y", "к", "k", "л", "l", "м", "m", "н", "n",
		"о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "kh", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "shch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya").Replace(strings.ToLower(s))
}

// onLatinKeys is what appears when the keyboard was left in Latin letters.
func onLatinKeys(s string) string {
	latin, cyrillic := []rune("qwertyuiop[]asdfghjkl;'zxcvbnm,.`"), []rune("йцукенгшщзхъфывапролджэячсмитьбюё")
	return strings.Map(func(r rune) rune {
		if i := slices.Index(cyrillic, r); i >= 0 {
			return latin[i]
		}
		return r
	}, strings.ToLower(s))
}

var shortKinds = map[string]string{"улица": "ул", "проспект": "пр-т", "набережная": "наб", "переулок": "пер", "площадь": "пл", "шоссе": "ш", "бульвар": "б-р", "линия": "лин", "дорога": "дор", "аллея": "ал"}

// short and long are the two ways to write the number of a house.
func short(h House) string {
	n := h.Number
	if h.Building != "" {
		n += "к" + h.Building
	}
	if h.Structure != "" {
		n += " стр " + h.Structure
	}
	if h.Letter != "" {
		n += "лит" + h.Letter
	}
	return n
}

func long(h House) string {
	n := "дом " + h.Number
	for _, part := range [][2]string{{"корпус", h.Building}, {"строение", h.Structure}, {"литера", h.Letter}} {
		if part[1] != "" {
			n += ", " + part[0] + " " + part[1]
		}
	}
	return n
}

// spell makes a query for a house by a rule; "" where the rule says nothing of
// its street.
func (s speller) spell(h House, rule string) string {
	name, kind := simple(h.Street)
	n := short(h)
	at := func(changed string) string {
		if changed == "" {
			return ""
		}
		return changed + " " + n
	}
	switch rule {
	case "as in the register":
		return h.Street + ", " + long(h)
	case "without kind":
		return at(name)
	case "short kind behind":
		return at(name + " " + shortKinds[kind])
	case "short kind before":
		return at(shortKinds[kind] + ". " + name)
	case "number first":
		return h.Number + " " + name + " " + strings.TrimPrefix(n, h.Number)
	case "all shortened":
		return strings.ReplaceAll(shortKinds[kind]+"."+name+",д."+h.Number+strings.TrimPrefix(n, h.Number), "лит", ",лит.")
	case "with flat":
		return h.Street + " " + long(h) + ", кв. " + strconv.Itoa(1+s.IntN(200))
	case "capitals":
		return strings.ToUpper(name + " " + long(h))
	case "cut off":
		return at(s.inWord(name, 6, func(w []rune) []rune { return w[:len(w)-2] }))
	case "other layout":
		return onLatinKeys(name) + " " + strings.ReplaceAll(onLatinKeys(n), " ", "")
	case "latin letters":
		return at(toLatin(name))
	case "two slips":
		return at(s.inWord(name, 9, func(w []rune) []rune { return s.slip("neighbour")(s.slip("swapped")(w)) }))
	case "kind glued":
		if kind == "" {
			return ""
		}
		return at(kind + strings.ReplaceAll(name, " ", " "))
	case "kind mistyped":
		if utf8.RuneCountInString(kind) < 5 {
			return ""
		}
		k := []rune(kind)
		return at(string(slices.Delete(k, 2, 3)) + " " + name)
	case "with district":
		if i, ok := s.areas.byID[h.District]; ok {
			return name + " " + n + ", " + s.areas.list[i].Name["ru"] + " район"
		}
		return ""
	}
	return at(s.inWord(name, 5, s.slip(rule)))
}

// rules are all that spell knows.
func rules() []string {
	return []string{"as in the register", "without kind", "short kind behind", "short kind before", "number first", "all shortened", "with flat", "capitals", "cut off", "other layout",
		"latin letters", "two slips", "kind glued", "kind mistyped", "with district", "swapped", "left out", "put in", "doubled", "undoubled", "soft sign", "vowel", "neighbour"}
}

// spellAll makes so many queries for each rule. A street that several
// settlements have is typed with its settlement, as one must; houses with one
// address cannot be told apart by typing and are left out.
func spellAll(r register, each int) []misspelt {
	s := speller{rand.New(rand.NewPCG(4, 2026)), r.areas, map[string]map[string]bool{}, map[string]int{}}
	for _, h := range r.houses {
		name, _ := simple(h.Street)
		if s.many[name] == nil {
			s.many[name] = map[string]bool{}
		}
		s.many[name][h.Settlement+"|"+h.Street] = true
		s.twin[h.Address]++
	}
	var list []misspelt
	for _, rule := range rules() {
		for made, tries := 0, 0; made < each && tries < 400*each; tries++ {
			h := r.houses[s.IntN(len(r.houses))]
			name, _ := simple(h.Street)
			if s.twin[h.Address] > 1 || len(s.many[name]) > 1 {
				continue
			}
			if q := s.spell(h, rule); q != "" {
				list = append(list, misspelt{q, h.ID, rule})
				made++
			}
		}
	}
	return list
}

// share tells, by rule, how many of a hundred houses come first and among five.
func share(x *addresses, near *areaNames, list []misspelt, show func(m misspelt, got []pick)) (first, five float64, byRule map[string][3]int) {
	byRule = map[string][3]int{}
	for _, m := range list {
		got := x.find(m.query, 5, near)
		n := byRule[m.rule]
		n[2]++
		at := slices.IndexFunc(got, func(p pick) bool { return x.ids[p.house] == m.house })
		if at == 0 {
			first++
			n[0]++
		} else {
			show(m, got)
		}
		if at >= 0 {
			five++
			n[1]++
		}
		byRule[m.rule] = n
	}
	return 100 * first / float64(len(list)), 100 * five / float64(len(list)), byRule
}

func told(list []misspelt) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"query", "house", "rule"}}
	for _, m := range list {
		rows = append(rows, []string{m.query, fmt.Sprint(m.house), m.rule})
	}
	if err := w.WriteAll(rows); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const misspeltFile = "testdata/misspelt.csv"

func TestPublishedQueriesAreWhatTheRulesMake(t *testing.T) {
	t.Parallel()
	made := spellAll(inventedTown(t), 25)
	if *write {
		if err := os.WriteFile(misspeltFile, told(made), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(misspeltFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, told(made)) {
		t.Errorf("%s is not what the rules make: go test ./internal/city/place -run Published -write", misspeltFile)
	}
	if len(made) < 500 {
		t.Errorf("%d queries", len(made))
	}
}

func report(t *testing.T, byRule map[string][3]int) {
	t.Helper()
	for _, rule := range slices.Sorted(maps.Keys(byRule)) {
		n := byRule[rule]
		t.Logf("%-20s first %5.1f %%, among five %5.1f %% of %d", rule, 100*float64(n[0])/float64(n[2]), 100*float64(n[1])/float64(n[2]), n[2])
	}
}

func TestMisspeltQueriesFindTheirHouse(t *testing.T) {
	t.Parallel()
	var list []misspelt
	for _, row := range table(t, misspeltFile) {
		list = append(list, misspelt{row["query"], HouseID(number64(t, row["house"])), row["rule"]})
	}
	town := inventedTown(t)
	x, near := town.index()
	first, five, byRule := share(x, near, list, func(m misspelt, got []pick) { t.Log(tell(town, x, m, got)) })
	report(t, byRule)
	t.Logf("of %d: first %.1f %%, among five %.1f %%", len(list), first, five)
	if first < leastFirst || five < leastFive {
		t.Errorf("first %.1f %%, among five %.1f %%: less than %v and %v", first, five, leastFirst, leastFive)
	}
}

// What the search of the invented town reached; it may only get better.
const (
	leastFirst = 99.5
	leastFive  = 99.5
)

// tell shows a query that went wrong.
func tell(r register, x *addresses, m misspelt, got []pick) string {
	address := func(id HouseID) string {
		return r.houses[slices.IndexFunc(r.houses, func(h House) bool { return h.ID == id })].Address
	}
	s := fmt.Sprintf("%s: %q is %s, found", m.rule, m.query, address(m.house))
	for _, p := range got {
		s += fmt.Sprintf(" · %s (%s %v %d)", address(x.ids[p.house]), p.fit, p.guessed, p.score)
	}
	return s
}
