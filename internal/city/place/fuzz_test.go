package place

import "testing"

// FuzzFind types anything at an index: nothing may break, no house may come
// twice, none may be there that is not in the register.
func FuzzFind(f *testing.F) {
	b := builder{town: words("Заречный"), byStreet: map[streetKey]*collected{}}
	for i, street := range []string{"17-я линия В.О.", "Садовая улица", "", "Набережная улица", "1", "!"} {
		b.add([]House{
			{ID: HouseID(2*i + 1), Street: street, Number: "1/21", Letter: "А", Address: "г. Заречный, " + street},
			{ID: HouseID(2*i + 2), Street: street, Number: "", Building: "3", Structure: "|", Settlement: "Посёлок"},
		})
	}
	x := b.build([]Street{{ID: 1, Name: map[string]string{"ru": "Садовая"}, Kind: "ул", Aliases: []string{"", "Сад"}}})
	for _, seed := range []string{"садовая 1/21 лит А", "17 линия 1", "к", "12к3", "10литБ", "лит", "пр-т пр-т пр-т", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "а", "", "|", "д д д"} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, query string, limit int) {
		picks := x.find(query, limit)
		if len(picks) > max(limit, 0) {
			t.Errorf("%d houses, %d were asked for", len(picks), limit)
		}
		seen := map[HouseID]bool{}
		for _, p := range picks {
			id := x.ids[p.house]
			if seen[id] || id < 1 || id > 12 {
				t.Errorf("house %d", id)
			}
			seen[id] = true
		}
	})
}
