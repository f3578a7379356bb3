package osm

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/paulmach/orb"

	"gorod/internal/platform/geo"
)

// streetKinds are the words that name a kind of street, and how addresses
// shorten them. The long word stands in names of OpenStreetMap.
func streetKinds() map[string]string {
	return map[string]string{
		"улица": "ул", "ул": "ул", "проспект": "пр", "пр": "пр", "переулок": "пер", "пер": "пер", "набережная": "наб", "наб": "наб",
		"площадь": "пл", "пл": "пл", "бульвар": "б-р", "шоссе": "ш", "проезд": "проезд", "аллея": "аллея", "тупик": "тупик", "линия": "линия",
		"дорога": "дор", "дорожка": "дорожка", "квартал": "кв-л", "тракт": "тракт", "спуск": "спуск", "съезд": "съезд", "микрорайон": "мкр",
	}
}

// splitStreet parts a name from its kind: «улица Ленина» is Ленина, ул. Where
// the kind stands in the middle («Большой проспект П.С.») the name stays whole
// and has no kind.
func splitStreet(name string) (plain, kind string) {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name, ""
	}
	kinds := streetKinds()
	for _, i := range []int{0, len(words) - 1} {
		if short, ok := kinds[strings.TrimSuffix(strings.ToLower(words[i]), ".")]; ok {
			return strings.Join(slices.Delete(words, i, i+1), " "), short
		}
	}
	return name, ""
}

// spelt is a street as addresses have it: «ул. Ленина», «аллея Славы», «15-я
// линия».
func spelt(plain, kind string) string {
	switch {
	case kind == "":
		return plain
	case slices.Contains([]string{"проезд", "аллея", "тупик", "линия", "дорожка", "тракт", "спуск", "съезд"}, kind):
		for _, ending := range []string{"ая", "яя", "ый", "ий", "ой", "ое", "ее", "-я", "-й"} {
			if strings.HasSuffix(plain, ending) {
				return plain + " " + kind
			}
		}
		return kind + " " + plain
	case strings.Contains(kind, "-"): // б-р, кв-л
		return kind + " " + plain
	}
	return kind + ". " + plain
}

// streetKey is what makes a street one: the name in its settlement, "" the city
// itself.
type streetKey struct{ plain, kind, settlement string }

// street is a row of the table of streets.
type street struct {
	id      int64
	name    string // with its settlement, where the name occurs in several
	en      string
	aliases []string
}

// otherNames are the tags that hold what people call a street too.
func otherNames() []string { return []string{"alt_name", "old_name", "short_name", "loc_name"} }

// readStreets collects the named streets of the city by name and settlement.
func (b *build) readStreets() {
	b.streets = map[streetKey]*street{}
	for _, way := range b.hold.ways {
		name := way.tags.any("name:ru", "name")
		if name == "" || roadClass(way.tags) == "" {
			continue
		}
		line, _ := b.hold.line(way)
		if len(line) == 0 {
			continue
		}
		middle := line[len(line)/2]
		if !b.inCity(middle) && !b.inCity(line[0]) && !b.inCity(line[len(line)-1]) {
			continue
		}
		s := b.enterStreet(name, b.settlementAt(middle), way.tags.get("name:en"))
		for _, key := range otherNames() {
			for alias := range strings.SplitSeq(way.tags.get(key), ";") {
				if alias = strings.TrimSpace(alias); alias != "" && alias != name && !slices.Contains(s.aliases, alias) {
					s.aliases = append(s.aliases, alias)
				}
			}
		}
	}
}

// enterStreet finds a street or adds it.
func (b *build) enterStreet(name, settlement, en string) *street {
	plain, kind := splitStreet(name)
	key := streetKey{plain, kind, settlement}
	s := b.streets[key]
	if s == nil {
		s = &street{name: plain}
		b.streets[key] = s
	}
	s.en = cmp.Or(s.en, englishStreet(en))
	return s
}

// englishStreet drops the kind from an English name: the Russian name has none.
func englishStreet(en string) string {
	words := strings.Fields(en)
	if len(words) < 2 {
		return en
	}
	switch strings.ToLower(words[len(words)-1]) {
	case "street", "avenue", "lane", "embankment", "square", "boulevard", "highway", "alley", "road", "ulitsa", "prospekt", "pereulok",
		"passage", "drive":
		return strings.Join(words[:len(words)-1], " ")
	}
	return en
}

func (b *build) writeStreets() error {
	keys := slices.SortedFunc(maps.Keys(b.streets), func(a, c streetKey) int {
		return cmp.Or(cmp.Compare(a.plain, c.plain), cmp.Compare(a.kind, c.kind), cmp.Compare(a.settlement, c.settlement))
	})
	var rows [][]string
	taken := map[int64]bool{}
	missing := 0
	for _, key := range keys {
		s := b.streets[key]
		if key.settlement != "" {
			s.name = fmt.Sprintf("%s (%s)", key.plain, key.settlement)
		}
		if s.id = numberOf(s.name + "\x00" + key.kind); taken[s.id] {
			for taken[s.id] {
				s.id++
			}
		}
		taken[s.id] = true
		if s.en == "" {
			s.en = transliterate(key.plain)
			missing++
		}
		if key.settlement != "" {
			s.en = fmt.Sprintf("%s (%s)", s.en, b.settlementInEnglish(key.settlement))
		}
		slices.Sort(s.aliases)
		rows = append(rows, []string{fmt.Sprint(s.id), s.name, s.en, key.kind, strings.Join(s.aliases, ";")})
	}
	b.note("Streets", fmt.Sprintf("%d streets. %d have no English name and are transliterated.", len(rows), missing))
	return b.WriteTable("streets.csv", []string{"id", "name.ru", "name.en", "kind", "aliases"}, rows)
}

// numberOf makes a number of a name: 40 bits of FNV-1a, above zero.
func numberOf(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return int64(h.Sum64()>>24) | 1
}

// makeSettlements prepares the places within the city that are not the city: a
// village that it swallowed has streets of its own.
func (b *build) makeSettlements() {
	var shapes []geo.Shape
	for _, c := range b.boundaries {
		if c.rank == 0 || c == b.city || c.rank > b.city.rank || c.name() == b.city.name() || c.size > wholeShare*b.city.size {
			continue
		}
		p, ok := pointInside(c.shape)
		if ok && b.inCity(p) {
			b.settlements = append(b.settlements, c)
			shapes = append(shapes, c.shape)
		}
	}
	b.settlementIndex = geo.NewIndex(shapes)
}

// settlementAt names the smallest settlement that holds a point, "" none but
// the city.
func (b *build) settlementAt(p orb.Point) string {
	best := -1
	for _, i := range b.settlementIndex.At(geo.Point{Lat: p[1], Lon: p[0]}) {
		if best < 0 || b.settlements[i].size < b.settlements[best].size {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	return b.settlements[best].name()
}

// settlementInEnglish is the name of a settlement in English.
func (b *build) settlementInEnglish(name string) string {
	for _, c := range b.settlements {
		if en := c.tags.get("name:en"); en != "" && c.name() == name {
			return en
		}
	}
	return transliterate(name)
}

func (b *build) inCity(p orb.Point) bool {
	return len(b.border.At(geo.Point{Lat: p[1], Lon: p[0]})) > 0
}

// transliterate writes a Russian name in Latin letters, as signs of streets and
// passports do.
func transliterate(name string) string {
	latin := strings.NewReplacer(
		"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "yo", "ж", "zh", "з", "z", "и", "i", "й", "y", "к", "k",
		"л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "kh", "ц", "ts",
		"ч", "ch", "ш", "sh", "щ", "shch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya", "№", "No.")
	var out strings.Builder
	for _, r := range name {
		small := latin.Replace(string(unicode.ToLower(r)))
		if unicode.IsUpper(r) && small != "" {
			runes := []rune(small)
			small = string(unicode.ToUpper(runes[0])) + string(runes[1:])
		}
		out.WriteString(small)
	}
	return out.String()
}
