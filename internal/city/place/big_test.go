package place

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/platform/geo"
)

// BigCity invents a city for benchmarks: streets with names of the usual kinds,
// every seventh in one of twenty suburbs, houses with their buildings, letters
// and corners.
func BigCity(houses, streets int) []House {
	random := rand.New(rand.NewPCG(3, uint64(houses)))
	pick := func(list string) string { all := strings.Fields(list); return all[random.IntN(len(all))] }
	root := func() string {
		return pick("Бер Вол Гор Дуб Зел Ива Кам Луг Мор Нов Озер Пес Реч Сос Тих Уст Хол Цвет Шир Ясн") +
			pick("ез ог ад ен ин ов ар ол ум ель ист ун") + pick("б в г д к л м н п р с т")
	}
	var list []House
	for i := range streets {
		var name string
		switch random.IntN(10) {
		case 0, 1, 2, 3:
			name = root() + pick("ская овая ная инская") + " улица"
		case 4, 5:
			name = "улица " + pick("Академика Генерала Маршала Ивана Петра Николая Веры Марии Братьев") + " " + root() + pick("ова ева ина ских")
		case 6:
			name = root() + pick("ский овый ный") + " " + pick("переулок проспект бульвар проезд")
		case 7:
			name = strconv.Itoa(1+random.IntN(20)) + "-я " + root() + "ская улица"
		case 8:
			name = pick("Большая Малая Средняя Новая Старая Верхняя Нижняя") + " " + root() + "ская улица"
		default:
			name = pick("набережная площадь аллея") + " " + root() + pick("ов ев ин") + "ой"
		}
		town := "Город"
		if random.IntN(7) == 0 {
			town = "посёлок " + []string{"Бережки", "Вишнёвка", "Горки", "Дубрава", "Ельник"}[i%5] + strings.Repeat("-2", i/5%4/3)
		}
		// Streets lie over an area that grows with the city.
		wide := math.Sqrt(float64(houses) / 1000)
		from := geo.Point{Lat: 58 + wide*random.Float64()/100, Lon: 36 + wide*random.Float64()/50}
		for j := range houses/streets + min(1, max(0, houses%streets-i)) {
			h := House{ID: HouseID(len(list) + 1), Street: name, Number: strconv.Itoa(1 + j/2), Settlement: town, District: AreaID([]string{"west", "east"}[i%2]),
				Point: geo.Point{Lat: from.Lat + float64(j)/9000, Lon: from.Lon + float64(i%7*j)/20000}}
			if j%2 == 1 {
				h.Building = strconv.Itoa(1 + random.IntN(3))
			}
			if j%3 == 0 {
				h.Letter = "А"
			}
			if j%11 == 0 {
				h.Number += "/" + strconv.Itoa(1+random.IntN(90))
			}
			h.Address = fmt.Sprintf("г. Город, %s, %s", name, long(h))
			if town != "Город" {
				h.Address = fmt.Sprintf("%s, %s, %s", town, name, long(h))
			}
			list = append(list, h)
		}
	}
	return list
}

// AsTyped gives queries of every rule for houses, each letter by letter as a form
// asks while it is typed, in no order.
func AsTyped(houses []House, most int) []string {
	var list []string
	for _, m := range spellAll(register{houses: houses, areas: &areas{byID: map[AreaID]int{}}}, 30) {
		letters := []rune(m.query)
		for i := 2; i <= len(letters); i++ {
			list = append(list, string(letters[:i]))
		}
	}
	random := rand.New(rand.NewPCG(5, 6))
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return slices.Clip(list[:min(most, len(list))])
}
