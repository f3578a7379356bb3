package osm

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"gorod/internal/platform/geo"
)

// cityID is what a city may be called in addresses of pages.
var cityID = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// checkZone refuses a missing or unknown time zone before anything is read.
func checkZone(zone string) error {
	if zone == "" {
		return errors.New("a map does not say the time zone: give it with --zone, for example --zone Europe/Moscow " +
			"(Europe/Kaliningrad, Europe/Samara, Asia/Yekaterinburg, Asia/Omsk, Asia/Krasnoyarsk, Asia/Irkutsk, Asia/Yakutsk, " +
			"Asia/Vladivostok, Asia/Magadan, Asia/Kamchatka)")
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return fmt.Errorf("there is no time zone %q; they are named like Europe/Moscow", zone)
	}
	return nil
}

// legal are words of boundaries that are no part of a city's name.
var legal = regexp.MustCompile(`(?i)^(городской округ|муниципальный округ|муниципальное образование|городское поселение|город|г\.)\s+|\s+(городской округ|муниципальный округ|городское поселение)$`)

// nameCity names the city and its key.
func (b *build) nameCity() error {
	b.name = b.names(b.city.tags)
	for range 2 {
		b.name["ru"] = strings.Trim(legal.ReplaceAllString(b.name["ru"], ""), " «»\"")
	}
	if b.city.tags.get("name:en") == "" {
		b.name["en"] = transliterate(b.name["ru"])
	}
	if b.options.ID == "" {
		b.options.ID = slug(b.name["en"])
	}
	if !cityID.MatchString(b.options.ID) {
		return fmt.Errorf("the key of the city %q is to be small Latin letters, digits and dashes; give one with --id", b.options.ID)
	}
	b.cityInAddresses = b.name["ru"]
	if b.city.rank >= 3 {
		b.cityInAddresses = "г. " + b.cityInAddresses
	}
	return nil
}

// slug is a name as a key.
func slug(name string) string {
	var s strings.Builder
	for _, r := range strings.ToLower(transliterate(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			s.WriteRune(r)
		case s.Len() > 0 && !strings.HasSuffix(s.String(), "-"):
			s.WriteByte('-')
		}
	}
	text := s.String()
	return strings.Trim(text[:min(len(text), 40)], "-")
}

// margin is how far the bounds go beyond the areas, in degrees.
const margin = 0.005

// setBounds makes the box that holds all areas.
func (b *build) setBounds() {
	box := b.city.shape.Bounds()
	for _, a := range b.areas {
		o := a.shape.Bounds()
		box.Min = geo.Point{Lat: min(box.Min.Lat, o.Min.Lat), Lon: min(box.Min.Lon, o.Min.Lon)}
		box.Max = geo.Point{Lat: max(box.Max.Lat, o.Max.Lat), Lon: max(box.Max.Lon, o.Max.Lon)}
	}
	down := func(v, least float64) float64 { return max(math.Floor((v-margin)*1000)/1000, least) }
	up := func(v, most float64) float64 { return min(math.Ceil((v+margin)*1000)/1000, most) }
	b.box = geo.Box{
		Min: geo.Point{Lat: down(box.Min.Lat, -90), Lon: down(box.Min.Lon, -180)},
		Max: geo.Point{Lat: up(box.Max.Lat, 90), Lon: up(box.Max.Lon, 180)},
	}
}

// middle is the median of the houses: where the city really is.
func (b *build) middle() geo.Point {
	if len(b.houses) == 0 {
		p, _ := pointInside(b.city.shape)
		return point(p)
	}
	var lat, lon []float64
	for _, h := range b.houses {
		lat, lon = append(lat, h.at[1]), append(lon, h.at[0])
	}
	slices.Sort(lat)
	slices.Sort(lon)
	return geo.Point{Lat: lat[len(lat)/2], Lon: lon[len(lon)/2]}
}

func (b *build) writeCity() error {
	center := b.middle()
	// What was lent speaks of no dispatcher and no site for appeals.
	text := fmt.Sprintf(`# Made by gorod pack osm. See REPORT.md.
id = %q
zone = %q
languages = ["ru", "en"]
main_language = "ru"
bounds = [%.3f, %.3f, %.3f, %.3f]
center = [%.5f, %.5f]

[name]
ru = %q
en = %q

[phones]
emergency = %q
dispatcher = %q

[limits]
messages_per_day = 10
messages_per_address = 300
auto_close_days = 20
ask_before_close_days = 3
question_days = 5
repeat_days = 30
photos = 10
photo_mb = 15
refuse_repeats = false

[sign_in]
sms = true
email = true

[map.attribution]
ru = "© участники OpenStreetMap, ODbL 1.0"
en = "© OpenStreetMap contributors, ODbL 1.0"
`, b.options.ID, b.options.Zone, b.box.Min.Lon, b.box.Min.Lat, b.box.Max.Lon, b.box.Max.Lat, center.Lon, center.Lat,
		plainText(b.name["ru"]), plainText(cmp.Or(b.name["en"], b.name["ru"])), emergency, emergency)
	b.note("City", "Key, zone, telephones, limits, days and ways to sign in are not on a map: they are given, or defaults of this program. "+
		"There is no site for appeals and no dispatcher but "+emergency+".")
	return b.Write("city.toml", []byte(text))
}

// plainText is a name without what a line of TOML does not take.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return -1
		}
		return r
	}, s)
}
