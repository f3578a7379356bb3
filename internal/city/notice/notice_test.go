package notice

import (
	"testing"
	"time"

	"gorod/internal/platform/locale"
)

func TestEveryKindHasItsWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	phrases, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Kind]bool{}
	for _, event := range Events() {
		for _, interim := range []bool{false, true} {
			kind := kindOf(event, interim)
			seen[kind] = true
			for _, to := range []part{asAuthor, asJoined, asWatcher} {
				for _, piece := range []string{".subject", ".text", ".sms"} {
					for _, lang := range locale.Langs() {
						if key := "notice." + phraseOf(kind, event, to) + piece; !phrases.Has(lang, key) {
							t.Errorf("%s lacks %s", lang, key)
						}
					}
				}
			}
		}
	}
	for _, k := range Kinds() {
		if !seen[k] {
			t.Errorf("no event is %s", k)
		}
	}
}

func TestQuietHoursEndInTheMorningOfTheCity(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("MSK", 3*3600)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }
	night := Settings{QuietFrom: 22 * 60, QuietTo: 8 * 60}
	nap := Settings{QuietFrom: 13 * 60, QuietTo: 14*60 + 30}
	none := Settings{QuietFrom: 60, QuietTo: 60}
	for _, c := range []struct {
		name      string
		set       Settings
		now, want time.Time
	}{
		{"in the evening", night, at(20, 21, 59), at(20, 21, 59)},
		{"before midnight", night, at(20, 22, 0), at(21, 8, 0)},
		{"after midnight", night, at(21, 0, 5), at(21, 8, 0)},
		{"in the morning", night, at(21, 8, 0), at(21, 8, 0)},
		{"in a nap", nap, at(20, 13, 10), at(20, 14, 30)},
		{"after a nap", nap, at(20, 14, 30), at(20, 14, 30)},
		{"no quiet hours", none, at(20, 1, 0), at(20, 1, 0)},
		{"from another zone", night, at(20, 23, 0).UTC(), at(21, 8, 0)},
	} {
		if got := c.set.after(c.now, zone); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestALetterIsWrittenInALanguageThatTheProgramSpeaks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reader, main string
		want         locale.Lang
	}{
		{"en", "ru", locale.EN}, {"tt", "en", locale.EN}, {"", "ru", locale.RU}, {"tt", "tt", locale.RU},
	} {
		if got := speak(nil, Town{Main: c.main}, c.reader).lang; got != c.want {
			t.Errorf("%q in a city of %q: %s", c.reader, c.main, got)
		}
	}
}
