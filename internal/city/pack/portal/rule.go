package portal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/topic"
)

// since is the first day of every rule: before the first message observed.
const since = "2020-01-01"

// seen is what was observed of a topic in one district, or all over the city.
type seen struct{ executor, coordinator, controller string }

// tally counts who was observed, over all districts.
type tally map[string]int

// most is who was observed most; of equals the first in the alphabet.
func (t tally) most() string {
	best := ""
	for _, id := range slices.Sorted(maps.Keys(t)) {
		if best == "" || t[id] > t[best] {
			best = id
		}
	}
	return best
}

// observed is everything that was seen of routing.
type observed struct {
	cells                              map[topic.ID]map[string]*seen // by topic, then district id
	executors, coordinators, overseers map[topic.ID]tally            // topic 0: any
	unknown                            map[string]int                // names that no organisation has
}

// routeTable turns what was observed into rules.
type routeTable struct {
	b        *build
	o        *observed
	byName   map[string]string            // district id by name
	ofKind   map[string]map[string]string // organisation by kind in the source and district name
	rows     [][]string
	analogy  int
	fallback []string
}

func (b *build) observe() (*observed, map[string]string, error) {
	o := &observed{
		cells: map[topic.ID]map[string]*seen{}, unknown: map[string]int{},
		executors: map[topic.ID]tally{}, coordinators: map[topic.ID]tally{}, overseers: map[topic.ID]tally{},
	}
	byName := map[string]string{}
	for _, d := range b.districts {
		byName[d.name] = d.id
	}
	routed, err := readTable(b.shared, "ourspb/routing_observed.tsv", "reason_id", "district", "n", "modal_executor")
	if err != nil {
		return nil, nil, err
	}
	controlled, err := readTable(b.shared, "ourspb/control_observed.tsv", "reason_id", "district", "n", "controller", "coordinator")
	if err != nil {
		return nil, nil, err
	}
	for _, r := range slices.Concat(routed, controlled) {
		n, err := r.number("reason_id")
		if err != nil {
			return nil, nil, err
		}
		id, district := topic.ID(n), byName[r.text("district")]
		if district == "" {
			return nil, nil, fmt.Errorf("%s:%d: district %q is not on the map", r.file, r.line, r.text("district"))
		}
		if o.cells[id] == nil {
			o.cells[id] = map[string]*seen{}
		}
		if o.cells[id][district] == nil {
			o.cells[id][district] = &seen{}
		}
		cell, times := o.cells[id][district], max(r.count("n"), 1)
		o.take(b, r, "modal_executor", &cell.executor, o.executors, id, times)
		o.take(b, r, "coordinator", &cell.coordinator, o.coordinators, id, times)
		o.take(b, r, "controller", &cell.controller, o.overseers, id, times)
	}
	return o, byName, nil
}

// take notes one body of one row, where the table has that column.
func (o *observed) take(b *build, r record, column string, to *string, tallies map[topic.ID]tally, id topic.ID, times int) {
	name := r.text(column)
	if name == "" {
		return
	}
	who := b.organisations.find(name)
	if who == "" {
		o.unknown[name]++
		return
	}
	*to = who
	for _, key := range []topic.ID{id, 0} {
		if tallies[key] == nil {
			tallies[key] = tally{}
		}
		tallies[key][who] += times
	}
}

func (b *build) writeRoutes() error {
	o, byName, err := b.observe()
	if err != nil {
		return err
	}
	t := routeTable{b: b, o: o, byName: byName, ofKind: map[string]map[string]string{}}
	for _, id := range slices.Sorted(maps.Keys(b.organisations.byID)) {
		body := b.organisations.byID[id]
		if body.district == "" || body.source != "housing_agency" && body.source != "district_administration" {
			continue
		}
		if t.ofKind[body.source] == nil {
			t.ofKind[body.source] = map[string]string{}
		}
		t.ofKind[body.source][body.district] = id
	}
	for _, id := range slices.Sorted(maps.Keys(o.cells)) {
		t.topic(id)
	}
	for _, unseen := range b.topics {
		if o.cells[unseen.id] == nil && t.inspector(unseen.id) != "" {
			t.topic(unseen.id)
		}
	}
	t.everything()
	t.tell()
	return b.WriteTable("routing.csv", []string{
		"id", "topic", "area", "house", "executor", "coordinator", "controller", "note.ru", "valid_from",
	}, t.rows)
}

// here is the body that does in a district what another does elsewhere: its
// own agency or administration; a body of the whole city itself; "" where the
// other is of one district and has no counterpart.
func (t *routeTable) here(who, district string) string {
	body := t.b.organisations.byID[who]
	if body == nil {
		return ""
	}
	if peers, ok := t.ofKind[body.source]; ok && body.district != "" {
		return peers[district]
	}
	if body.district != "" && body.district != district {
		return ""
	}
	return who
}

// topic writes the rules of a topic: a district each, then the whole city.
func (t *routeTable) topic(id topic.ID) {
	executor, coordinator, overseer := t.o.executors[id].most(), t.o.coordinators[id].most(), t.o.overseers[id].most()
	districts := t.b.districts
	if t.inspector(id) != "" {
		districts = nil // one body of the whole city
	}
	for _, d := range districts {
		s := seen{}
		if cell := t.o.cells[id][d.id]; cell != nil {
			s = *cell
		}
		was := s
		s.executor = cmp.Or(s.executor, t.here(executor, d.name), t.administration(d.name))
		s.coordinator = cmp.Or(s.coordinator, t.here(coordinator, d.name))
		s.controller = cmp.Or(s.controller, t.here(overseer, d.name))
		if s.executor == "" {
			continue
		}
		note := "По сообщениям 2020–2021 годов."
		if was != s {
			note = "По сообщениям 2020–2021 годов из других районов."
			t.analogy++
		}
		t.row(int64(id)*1000+t.number(d.id), strconv.FormatInt(int64(id), 10), d.id, s, note)
	}
	if inspector := t.inspector(id); inspector != "" {
		t.row(int64(id)*1000, strconv.FormatInt(int64(id), 10), "*", seen{inspector, inspector, overseer},
			"Подделку голосования разбирает жилищная инспекция: управляющая компания здесь сторона спора.")
		return
	}
	if executor == "" {
		return
	}
	// Whatever lies in no district goes to who is asked most.
	t.row(int64(id)*1000, strconv.FormatInt(int64(id), 10), "*", seen{executor, coordinator, overseer}, "По сообщениям 2020–2021 годов, чаще всего.")
}

// inspector is who gets what a managing company itself is a party to, wherever it
// was sent before: the housing inspectorate (ЖК РФ, article 20). "" for other topics.
func (t *routeTable) inspector(id topic.ID) string {
	const falsifiedVote, name = 110, "Государственная жилищная инспекция Санкт-Петербурга"
	if id != falsifiedVote {
		return ""
	}
	return t.b.organisations.find(name)
}

func (t *routeTable) administration(district string) string {
	return t.ofKind["district_administration"][district]
}

// number is the district's id as a number; ids of districts stay below 1000.
func (t *routeTable) number(district string) int64 {
	n, err := strconv.ParseInt(district, 10, 64)
	if err != nil || n <= 0 || n > 999 {
		return numberOf(district)%900 + 100
	}
	return n
}

// everything writes the rules for topics that were never observed: the
// district's administration.
func (t *routeTable) everything() {
	const id = 900_000_000 // above all topics
	overseer := t.o.overseers[0].most()
	for _, d := range t.b.districts {
		if who := t.administration(d.name); who != "" {
			t.row(id+t.number(d.id), "*", d.id, seen{who, who, who}, "Если правила точнее нет, разбирается администрация района.")
		}
	}
	if executor := t.o.executors[0].most(); executor != "" {
		t.row(id, "*", "*", seen{executor, t.o.coordinators[0].most(), overseer}, "Если правила точнее нет.")
	}
	for _, topic := range t.b.topics {
		if _, ok := t.o.cells[topic.id]; !ok && topic.open {
			t.fallback = append(t.fallback, strconv.FormatInt(int64(topic.id), 10))
		}
	}
}

func (t *routeTable) row(id int64, topic, area string, s seen, note string) {
	t.rows = append(t.rows, []string{strconv.FormatInt(id, 10), topic, area, "*", s.executor, s.coordinator, s.controller, note, since})
}

func (t *routeTable) tell() {
	var items []string
	for _, name := range slices.Sorted(maps.Keys(t.o.unknown)) {
		items = append(items, fmt.Sprintf("no such organisation: %s, %d rules", name, t.o.unknown[name]))
	}
	t.b.note("Routing", fmt.Sprintf("%d rules; topic and district decide. In %d of them somebody was not observed in that district and is the "+
		"same kind of body as elsewhere, or the body of the whole city. Managing companies were not observed as executors: a housing agency "+
		"passes a message on.", len(t.rows), t.analogy), items...)
	t.b.note("Open topics that were never observed", "They go to the administration of the district.", strings.Join(t.fallback, ", "))
}

// writeTerms: the working days that occurred most; the median of all topics
// for those that were not observed.
func (b *build) writeTerms() error {
	list, err := readTable(b.shared, "ourspb/sla_observed.tsv", "reason_id", "n", "modal_working_days_from_acceptance", "share")
	if err != nil {
		return err
	}
	known := map[topic.ID]bool{}
	for _, t := range b.topics {
		known[t.id] = true
	}
	var rows [][]string
	var doubtful []string
	var all []int64
	have := map[topic.ID]bool{}
	for _, r := range list {
		n, err := r.number("reason_id")
		if err != nil {
			return err
		}
		days, err := r.number("modal_working_days_from_acceptance")
		if err != nil {
			return err
		}
		if !known[topic.ID(n)] || days <= 0 {
			doubtful = append(doubtful, fmt.Sprintf("%d: %d working days, left out", n, days))
			continue
		}
		all = append(all, days)
		have[topic.ID(n)] = true
		if r.count("n") < 5 {
			doubtful = append(doubtful, fmt.Sprintf("%d: %d working days, seen %d times", n, days, r.count("n")))
		}
		rows = append(rows, term(r.text("reason_id"), "processing", days))
	}
	usual := int64(15)
	if len(all) > 0 {
		slices.Sort(all)
		usual = all[len(all)/2]
	}
	rows = append([][]string{term("*", "moderation", 1), term("*", "review", 1), term("*", "processing", usual)}, rows...)
	var lacking []string
	for _, t := range b.topics {
		if t.open && !have[t.id] {
			lacking = append(lacking, strconv.FormatInt(int64(t.id), 10))
		}
	}
	b.note("Terms", fmt.Sprintf("%d topics have the number of working days from acceptance to the expected answer that occurred most in 2020–2021. "+
		"One working day for moderation and one for the review of the answer are defaults; part of the latter may be in the observed days already.",
		len(have)), doubtful...)
	b.note("Open topics without an observed term", fmt.Sprintf("They get %d working days, the median of the others.", usual), strings.Join(lacking, ", "))
	return b.WriteTable("terms.csv", []string{"topic", "stage", "amount", "unit", "valid_from"}, rows)
}

func term(topic, stage string, days int64) []string {
	return []string{topic, stage, strconv.FormatInt(days, 10), "wd", since}
}

// writePeople makes an account for each role, so that the pack can be tried:
// the files hold no person.
func (b *build) writePeople() error {
	o, _, err := b.observe()
	if err != nil {
		return err
	}
	var rows [][]string
	add := func(login, name, role, organisation string) {
		rows = append(rows, []string{login, name, role, organisation, name, "", "", "", "", login})
	}
	add("moderator-1", "Модератор 1", "moderator", "")
	add("moderator-2", "Модератор 2", "moderator", "")
	add("operator-1", "Оператор 004", "operator", "")
	add("analyst-1", "Аналитик", "analyst", "")
	add("admin", "Администратор", "administrator", "")
	add("people-1", "Народный контролёр", "people_controller", "")
	if who := o.coordinators[0].most(); who != "" {
		add("coordinator-1", "Координатор", "coordinator", who)
	}
	if who := o.overseers[0].most(); who != "" {
		add("controller-1", "Контролёр", "controller", who)
	}
	most := slices.SortedFunc(maps.Keys(o.executors[0]), func(a, c string) int {
		return cmp.Or(cmp.Compare(o.executors[0][c], o.executors[0][a]), cmp.Compare(a, c))
	})
	for i, who := range most[:min(len(most), 3)] {
		add(fmt.Sprintf("executor-%d", i+1), fmt.Sprintf("Исполнитель %d", i+1), "executor", who)
	}
	b.note("Staff", "The files hold no person. An account for each role is made so that the pack can be tried: "+
		"replace people.csv before anybody works with it.")
	return b.WriteTable("people.csv", []string{
		"id", "name", "roles", "organisation", "position.ru", "position.en", "phone", "email", "areas", "login",
	}, rows)
}
