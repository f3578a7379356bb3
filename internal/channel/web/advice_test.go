package web

import (
	"os"
	"slices"
	"strings"
	"testing"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/pack"
	zarechny "gorod/packs"
)

func TestTwoProblemsOfATextArePartedWithoutLosingAWord(t *testing.T) {
	t.Parallel()
	first, rest, ok := halves("Во дворе третий день не горит фонарь. И ещё на дороге у дома глубокая яма, пробили колесо")
	if !ok || first != "Во дворе третий день не горит фонарь." || rest != "На дороге у дома глубокая яма, пробили колесо" {
		t.Errorf("%v: %q and %q", ok, first, rest)
	}
	if first, rest, ok := halves(darkLamp); ok {
		t.Errorf("one problem was parted: %q and %q", first, rest)
	}
}

const darkLamp = "Во дворе третий день не горит фонарь"

func FuzzHalves(f *testing.F) {
	for _, seed := range []string{"", "1) яма на дороге у дома 2) не горит фонарь во дворе", "и ещё", "\xff\xfe и ещё", "а также также"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, words string) {
		first, rest, ok := halves(words)
		if ok && (first == "" || rest == "") {
			t.Errorf("%q became %q and %q", words, first, rest)
		}
	})
}

func TestATelephoneNumberInASentenceCanBeCalled(t *testing.T) {
	t.Parallel()
	numbers := []string{"112", "2-10-04"}
	for sentence, want := range map[string][]view.Piece{
		"Звоните 2-10-04 или 112.": {{Text: "Звоните "}, {Text: "2-10-04", Call: true}, {Text: " или "}, {Text: "112", Call: true}, {Text: "."}},
		"В доме 1125 квартир":      {{Text: "В доме 1125 квартир"}},
		"":                         nil,
	} {
		if got := pieces(sentence, numbers); !slices.Equal(got, want) {
			t.Errorf("%q: %v", sentence, got)
		}
	}
}

func TestEveryObjectOfTheShippedTreeHasAPictureOfItsOwn(t *testing.T) {
	t.Parallel()
	p, report := pack.Read(zarechny.Zarechny())
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, topic := range p.Topics {
		name := topic.ObjectName["ru"]
		icon := iconOf(topic.ObjectName)
		if icon == noIcon {
			t.Errorf("«%s» has none", name)
		}
		if other, ok := known[icon]; ok && other != name {
			t.Errorf("«%s» and «%s» share %s", name, other, icon)
		}
		known[icon] = name
		if !strings.Contains(objectsSheet(t), `id="`+icon+`"`) {
			t.Errorf("%s is not in the sheet", icon)
		}
	}
	if len(known) != 17 {
		t.Errorf("%d pictures", len(known))
	}
}

func TestAnObjectOfAnotherCityIsKnownByItsWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Многоквартирный дом": "house", "Дворовая территория": "yard", "Дороги и тротуары": "street", "Метеостанция": noIcon} {
		if got := iconOf(map[string]string{"ru": name}); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func objectsSheet(t *testing.T) string {
	t.Helper()
	sheet, err := os.ReadFile("asset/objects.svg")
	if err != nil {
		t.Fatal(err)
	}
	return string(sheet)
}
