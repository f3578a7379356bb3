package place

import (
	"strings"
	"testing"
	"time"
)

// FuzzSearch types anything at an index: nothing may break or take long, no house
// may come twice, none may be there that is not in the register.
func FuzzSearch(f *testing.F) {
	b := builder{town: words("Заречный"), byStreet: map[streetKey]*collected{}}
	for i, street := range []string{"17-я линия В.О.", "Садовая улица", "", "Набережная улица", "1", "!", "улица Первого Мая"} {
		b.add([]House{
			{ID: HouseID(2*i + 1), Street: street, Number: "1/21", Letter: "А", Address: "г. Заречный, " + street, District: "west"},
			{ID: HouseID(2*i + 2), Street: street, Number: "9-11", Building: "3", Structure: "|", Settlement: "Посёлок"},
		})
	}
	x := b.build([]Street{{ID: 1, Name: map[string]string{"ru": "Садовая"}, Kind: "ул", Aliases: []string{"", "Сад"}}})
	near := x.namesOf(&areas{list: []Area{{ID: "west", Name: map[string]string{"ru": "Западный"}}}, byID: map[AreaID]int{"west": 0}})
	for _, seed := range []string{"садовая 1/21 лит А", "17 линия 1", "к", "12к3", "10литБ", "лит", "пр-т пр-т пр-т", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "а", "", "|", "д д д",
		"cfljdfz 1", "sadovaya 9", "садвая 9-11", "улицасадовая", "западный садовая 11", "1 мая 9", "садовая 99999999999999999999", "\xd0",
		strings.Repeat("садовая ", 1300), strings.Repeat("9", 10_000), strings.Repeat("-/,. ", 2000), strings.Repeat("ф", 10_000), strings.Repeat("б,", 5000)} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, query string, limit int) {
		began := time.Now()
		picks := x.find(query, limit, near)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
		if len(picks) > max(limit, 0) {
			t.Errorf("%d houses, %d were asked for", len(picks), limit)
		}
		seen := map[HouseID]bool{}
		for _, p := range picks {
			id := x.ids[p.house]
			if seen[id] || id < 1 || id > 14 {
				t.Errorf("house %d", id)
			}
			seen[id] = true
		}
	})
}
