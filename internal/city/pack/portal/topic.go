package portal

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/topic"
)

// topicRow is a topic with what the rules need of it.
type topicRow struct {
	id       topic.ID
	category topic.ID
	object   topic.ID
	open     bool
}

// window is the season in the portal's own words.
var window = regexp.MustCompile(`[cс] (\d{1,2}) (\p{L}+) (\d{4}) г\. по (\d{1,2}) (\p{L}+) (\d{4}) г`)

func months() []string {
	return []string{
		"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
	}
}

// season reads a window of one season; an old one that ran for years is none.
func season(message string) (from, to topic.Day, ok bool) {
	m := window.FindStringSubmatch(message)
	if m == nil {
		return "", "", false
	}
	first, second := slices.Index(months(), m[2])+1, slices.Index(months(), m[5])+1
	start, _ := strconv.Atoi(m[3])
	end, _ := strconv.Atoi(m[6])
	if first == 0 || second == 0 || end-start > 1 {
		return "", "", false
	}
	day := func(d string, month int) topic.Day {
		n, _ := strconv.Atoi(d)
		return topic.Day(fmt.Sprintf("%02d-%02d", month, n))
	}
	return day(m[1], first), day(m[4], second), true
}

// seasonText explains a season in both languages.
func seasonText(from, to topic.Day) (ru, en string) {
	a, errA := time.Parse("2006-01-02", "2024-"+string(from))
	z, errZ := time.Parse("2006-01-02", "2024-"+string(to))
	if errA != nil || errZ != nil {
		return "", ""
	}
	say := func(t time.Time) string { return fmt.Sprintf("%d %s", t.Day(), months()[t.Month()-1]) }
	return fmt.Sprintf("Принимаем с %s по %s.", say(a), say(z)), fmt.Sprintf("Open from %s to %s.", a.Format("2 January"), z.Format("2 January"))
}

// widgets are the portal's ways to mark a place (domain.md 1.2).
func widget(code string) (topic.Widget, bool) {
	switch code {
	case "1":
		return topic.OnBuilding, true
	case "2":
		return topic.FreePoint, true
	case "4", "5":
		return topic.NearBuilding, true
	}
	return "", false
}

// extras turns «stairs:text:req;floor:text:opt» into «stairs!;floor», and adds the
// lender's own fields of the topic; a statement about a meeting needs the flat.
func extras(fields string, own []topic.Extra) string {
	var list []string
	if len(own) > 0 && !strings.Contains(fields, "apartment") {
		list = append(list, "apartment!")
	}
	for part := range strings.SplitSeq(fields, ";") {
		name, how, _ := strings.Cut(part, ":")
		if name == "" {
			continue
		}
		if strings.HasSuffix(how, "req") {
			name += "!"
		}
		list = append(list, name)
	}
	for _, e := range own {
		name := e.Name
		if e.Required {
			name += "!"
		}
		list = append(list, name)
	}
	return strings.Join(list, ";")
}

// writeFields writes the own fields that the lent topics ask for.
func (b *build) writeFields() error {
	known := map[string]topic.Extra{}
	for _, t := range b.lender.topics {
		for _, e := range t.OwnFields() {
			known[e.Name] = e
		}
	}
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		e := known[name]
		var values, ru, en []string
		for _, c := range e.Choices {
			values, ru, en = append(values, c.Value), append(ru, c.Label["ru"]), append(en, c.Label["en"])
		}
		rows = append(rows, []string{e.Name, string(e.Kind), e.Label["ru"], e.Label["en"], e.Hint["ru"], e.Hint["en"],
			strings.Join(values, ";"), strings.Join(ru, ";"), strings.Join(en, ";")})
	}
	return b.WriteTable("fields.csv", []string{"id", "kind", "label.ru", "label.en", "hint.ru", "hint.en", "choices", "choices.ru", "choices.en"}, rows)
}

func bit(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// topicTable collects the rows and what was not the city's own.
type topicTable struct {
	b                                            *build
	observed                                     map[string]bool
	objects, categories                          map[string]string // English names by id
	paths                                        map[string]bool   // plain paths that the tree has
	knownObjects, knownCategories                map[string]topic.ID
	rows                                         [][]string
	untranslated, seasons, evidence, flags, hand []string
}

func (b *build) writeTopics() error {
	list, err := readTable(b.shared, "ourspb/classifier.tsv", "city_object_id", "city_object", "category_id", "category", "reason_id", "reason",
		"wizard_widget", "image_required", "is_public", "is_esia_required", "is_season", "additional_fields", "help_text", "season_message")
	if err != nil {
		return err
	}
	t := topicTable{b: b, observed: map[string]bool{}, objects: map[string]string{}, categories: map[string]string{},
		paths: map[string]bool{}, knownObjects: map[string]topic.ID{}, knownCategories: map[string]topic.ID{}}
	routed, err := readTable(b.shared, "ourspb/routing_observed.tsv", "reason_id")
	if err != nil {
		return err
	}
	for _, r := range routed {
		t.observed[r.text("reason_id")] = true
	}
	for _, l := range b.lender.pack.Topics {
		t.objects[strconv.FormatInt(int64(l.Object), 10)] = l.ObjectName["en"]
		t.categories[strconv.FormatInt(int64(l.Category), 10)] = l.CategoryName["en"]
	}
	for _, r := range list {
		if err := t.add(r); err != nil {
			return err
		}
	}
	t.retired()
	t.tell()
	return b.WriteTable("topics.csv", []string{
		"id", "object_id", "object.ru", "object.en", "category_id", "category.ru", "category.en", "name.ru", "name.en", "widget", "evidence",
		"help.ru", "help.en", "public", "open", "season_from", "season_to", "season.ru", "season.en", "extra", "esia", "proposal", "interim",
		"extension", "replaced_by", "synonyms.ru", "first.ru", "first.en", "frequency", "objects",
	}, t.rows)
}

func (t *topicTable) add(r record) error {
	var ids [3]topic.ID
	for i, column := range []string{"reason_id", "category_id", "city_object_id"} {
		n, err := r.number(column)
		if err != nil {
			return err
		}
		ids[i] = topic.ID(n)
	}
	how, ok := widget(r.text("wizard_widget"))
	if !ok {
		return fmt.Errorf("%s:%d: wizard_widget %q is not known", r.file, r.line, r.text("wizard_widget"))
	}
	id := r.text("reason_id")
	open := r.text("is_public") == "True"
	t.b.topics = append(t.b.topics, topicRow{ids[0], ids[1], ids[2], open})
	t.enter(r, ids)
	lent, known := t.b.lender.topics[ids[0]]
	names := t.lend(lent.Name)
	if names["en"] == "" {
		t.untranslated = append(t.untranslated, id)
	}
	from, to := t.season(r, lent, open)
	seasonRU, seasonEN := seasonText(from, to)
	help, first, synonyms := t.lend(lent.Help), t.lend(lent.First), t.lend(lent.Synonyms)
	helpRU := r.text("help_text")
	if helpRU == "" {
		helpRU = help["ru"]
	}
	if !known {
		t.flags = append(t.flags, id)
	}
	if open && strings.Contains(r.text("reason"), "(искл.)") {
		t.hand = append(t.hand, id+": its name says that it is retired, its flag that it is open")
	}
	t.rows = append(t.rows, []string{
		id, r.text("city_object_id"), r.text("city_object"), t.objects[r.text("city_object_id")],
		r.text("category_id"), r.text("category"), t.categories[r.text("category_id")], r.text("reason"), names["en"],
		string(how), string(t.evidenceOf(r, lent)), helpRU, help["en"], bit(len(lent.OwnFields()) == 0 && (open || t.observed[id])), bit(open),
		string(from), string(to), seasonRU, seasonEN, extras(r.text("additional_fields"), lent.OwnFields()), bit(r.text("is_esia_required") == "True"),
		bit(lent.Proposal), bit(!known || lent.Interim), bit(!known || lent.Extension), "", synonyms["ru"], first["ru"], first["en"],
		string(lent.Frequency), strings.Join(kindsOfTopic(ids[0]), ";"),
	})
	return nil
}

// enter notes the path of a topic, for histories that name it.
func (t *topicTable) enter(r record, ids [3]topic.ID) {
	object, category := r.text("city_object"), r.text("category")
	t.paths[history.Plain(object+"/"+category+"/"+r.text("reason"))] = true
	t.knownObjects[history.Plain(object)] = ids[2]
	t.knownCategories[history.Plain(object+"/"+category)] = ids[1]
}

// lend borrows a text of the lender's topic, nothing where it does not fit.
func (t *topicTable) lend(names topic.Name) map[string]string {
	borrowed, _ := t.b.lender.borrowNames(names)
	return borrowed
}

// evidenceOf: the portal says whether something must be attached, the lender
// what.
func (t *topicTable) evidenceOf(r record, lent topic.Topic) topic.Evidence {
	if r.text("image_required") != "True" {
		return topic.NoEvidence
	}
	if lent.Evidence != "" && lent.Evidence != topic.NoEvidence {
		return lent.Evidence
	}
	t.evidence = append(t.evidence, r.text("reason_id"))
	return topic.Photo
}

// season is the portal's own window, else the lender's. Only an open topic
// that the portal calls seasonal has one.
func (t *topicTable) season(r record, lent topic.Topic, open bool) (from, to topic.Day) {
	if !open || r.text("is_season") == "" {
		return "", ""
	}
	if from, to, ok := season(r.text("season_message")); ok {
		return from, to
	}
	said := string(lent.SeasonFrom) + " to " + string(lent.SeasonTo)
	if lent.SeasonFrom == "" {
		said = "all year"
	}
	t.seasons = append(t.seasons, r.text("reason_id")+": "+said)
	return lent.SeasonFrom, lent.SeasonTo
}

func (t *topicTable) tell() {
	b := t.b
	b.note("Topics", fmt.Sprintf("%d topics under the portal's reason_id, with its names, flags, widgets and help. English names and help, synonyms, "+
		"what to do first, the kind of evidence and the flags proposal, interim and extension are borrowed: the portal does not publish them. "+
		"A topic that was observed in published messages is public even where it is closed.", len(t.rows)))
	b.note("Topics without an English name", "Shown in Russian.", strings.Join(t.untranslated, ", "))
	b.note("Seasons that the portal does not date", "Borrowed.", t.seasons...)
	b.note("Topics with evidence of an unknown kind", "A photo is asked for.", strings.Join(t.evidence, ", "))
	b.note("Topics without flags", "Interim answers and extensions are allowed, they are no proposals.", strings.Join(t.flags, ", "))
	b.note("Topics to look at", "Nothing was changed.", t.hand...)
}
