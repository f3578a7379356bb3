package web

import (
	"strings"

	"gorod/internal/platform/text"
)

// icons say which picture of objects.svg stands for which first level of a
// tree. A city calls its objects as it likes, so they are known by the beginnings
// of words in any of its languages; the first that fits is taken, and an object
// that no line fits gets the pin of a place.
var icons = [...]struct{ icon, words string }{
	{"stop", "останов stop"},
	{"bus", "транспорт автобус трамва метро bus transport tram"},
	{"business", "коммерческ делов commercial business"},
	{"site", "строит site construction"},
	{"flat", "кварт flat apartment"},
	{"sign", "реклам вывес sign advert"},
	{"cemetery", "кладбищ cemeter"},
	{"shop", "торгов магазин рынок shop market"},
	{"institution", "учрежден школ больниц поликлин institution school hospital"},
	{"bridge", "мост набережн bridge"},
	{"water", "водн водоем река реки озер пруд пляж water river lake"},
	{"yard", "двор детск yard playground"},
	{"park", "парк сад сквер бульвар лесопарк park garden forest"},
	{"street", "улиц дорог проезд тротуар street road"},
	{"city", "территори город общегород grounds city"},
	{"structure", "сооружен памятник structure monument"},
	{"house", "дом здани подъезд house building"},
}

// noIcon is the picture of an object that nothing is known of.
const noIcon = "place"

// iconOf is the picture of an object by its names in all languages.
func iconOf(names map[string]string) string {
	var said []string
	for _, name := range names {
		said = append(said, text.Tokens(name)...)
	}
	for _, line := range icons {
		for begin := range strings.FieldsSeq(line.words) {
			for _, word := range said {
				if strings.HasPrefix(word, begin) {
					return line.icon
				}
			}
		}
	}
	return noIcon
}

// iconURL is where the picture is served; "" where the front end was not built.
func (s *Server) iconURL(icon string) string {
	sheet := s.assets.URL("objects.svg")
	if sheet == "" || icon == "" {
		return ""
	}
	return sheet + "#" + icon
}
