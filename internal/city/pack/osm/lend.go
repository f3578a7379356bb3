package osm

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"gorod/internal/city/pack"
)

// lender is the pack from which texts and topics are borrowed.
type lender struct {
	fsys  fs.FS
	pack  *pack.Pack
	phone string // of its dispatcher
	swap  *strings.Replacer
	own   []string // what would give the lender away
}

// emergency is the number for every emergency in Russia and in Europe.
const emergency = "112"

func openLender(fsys fs.FS) (*lender, error) {
	p, report := pack.Read(fsys)
	if err := report.Err(); err != nil {
		return nil, fmt.Errorf("read the pack that lends texts: %w", err)
	}
	l := &lender{fsys: fsys, pack: p, phone: p.City.Settings.Dispatcher, own: []string{".example", "Заречн", "Zarechn"}}
	pairs := []string{
		"администрации города Заречного", "администрации города",
		"the Zarechny City Administration", "the city administration",
	}
	if l.phone != "" {
		pairs = append(pairs, l.phone, emergency)
	}
	l.swap = strings.NewReplacer(pairs...)
	return l, nil
}

// linkOut is a link of Markdown to the lender's invented host: its words stay.
var linkOut = regexp.MustCompile(`\[([^\]]*)\]\(https://[^)]*\.example[^)]*\)`)

// borrow gives a text with the lender's town replaced; ok is false where
// something of the town is left.
func (l *lender) borrow(text string) (string, bool) {
	text = l.swap.Replace(linkOut.ReplaceAllString(text, "$1"))
	for _, word := range l.own {
		if strings.Contains(text, word) {
			return "", false
		}
	}
	return text, true
}

// lentTable says how a table is borrowed.
type lentTable struct {
	file string
	// keep, which may be nil, tells whether a cell makes sense here. A cell that
	// does not is emptied where empty is set; else its row is left out.
	keep  func(column, cell string) bool
	empty bool
}

// lentTables are what no map knows. Numbers of the lender's dispatcher become
// the emergency number where it is about an emergency, and go elsewhere.
func (l *lender) lentTables() []lentTable {
	calls := func(_, cell string) bool { return l.phone == "" || !strings.Contains(cell, l.phone) }
	urgent := func(column, cell string) bool {
		lower := strings.ToLower(cell)
		return calls(column, cell) || slices.ContainsFunc([]string{"аварийн", "авари", "emergency", "диспетчер", "dispatcher"},
			func(word string) bool { return strings.Contains(lower, word) })
	}
	return []lentTable{
		{"topics.csv", urgent, true}, {"terms.csv", nil, false}, {"clauses.csv", urgent, false}, {"next_steps.csv", calls, false},
		{"templates.csv", calls, false}, {"examples.csv", nil, false}, {"fields.csv", nil, false}, {"outage_topics.csv", nil, false},
	}
}

// writeTexts borrows topics, terms, texts and calendars.
func (b *build) writeTexts() error {
	var left []string
	for _, t := range b.lender.lentTables() {
		said, err := b.lendTable(t)
		if err != nil {
			return fmt.Errorf("borrow %s: %w", t.file, err)
		}
		if said != "" {
			left = append(left, said)
		}
	}
	for _, t := range b.lender.pack.Texts {
		body, ok := b.lender.borrow(t.Body)
		if !ok || t.Name == "about" {
			continue // written below
		}
		if err := b.Write("texts/"+t.Name+"."+t.Lang+".md", []byte(body)); err != nil {
			return err
		}
	}
	if err := b.writeAbout(); err != nil {
		return err
	}
	years, err := b.lendCalendars()
	if err != nil {
		return err
	}
	b.note("Topics, terms and texts", "Topics with their examples and terms, clauses of refusal, next steps, templates of answers, the rules and "+
		"the consents are borrowed from the pack "+b.lender.pack.City.Key+" inside the program. They are not the city's own words: have them read. "+
		"Telephones of emergency crews became "+emergency+"; links to the site for appeals are gone.", left...)
	b.note("Calendars", "The calendar of Russia for "+strings.Join(years, ", ")+". Days in other years are unknown, and so are dates that depend on them.")
	return nil
}

// lendTable passes a table on cell by cell and says what was left out.
func (b *build) lendTable(t lentTable) (said string, err error) {
	data, err := fs.ReadFile(b.lender.fsys, t.file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil // it is optional: the lender is checked
	}
	if err != nil {
		return "", err
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(records) == 0 {
		return "", fmt.Errorf("no table: %w", err)
	}
	var rows [][]string
	rowsLeft, cellsLeft := 0, 0
	for _, record := range records[1:] {
		whole := true
		for i, cell := range record {
			lent, ok := b.lender.borrow(cell)
			if ok && (t.keep == nil || t.keep(records[0][i], cell)) {
				record[i] = lent
				continue
			}
			record[i] = ""
			cellsLeft++
			whole = t.empty && whole
		}
		if !whole {
			rowsLeft++
			continue
		}
		rows = append(rows, record)
	}
	if rowsLeft > 0 {
		said = fmt.Sprintf("%s: %d rows left out, for they speak of the lender's town", t.file, rowsLeft)
	} else if cellsLeft > 0 {
		said = fmt.Sprintf("%s: %d texts emptied, for they speak of the lender's town", t.file, cellsLeft)
	}
	return said, b.WriteTable(t.file, records[0], rows)
}

func (b *build) lendCalendars() (years []string, err error) {
	files, err := fs.Glob(b.lender.fsys, "calendar/*.xml")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		data, err := fs.ReadFile(b.lender.fsys, file)
		if err != nil {
			return nil, err
		}
		if err := b.Write(file, data); err != nil {
			return nil, err
		}
		years = append(years, strings.TrimSuffix(path.Base(file), ".xml"))
	}
	return years, nil
}

// writeAbout writes the page about the city: where its map comes from, and that
// the rest is not the city's own yet.
func (b *build) writeAbout() error {
	for lang, text := range map[string]string{
		"ru": "# " + b.name["ru"] + "\n\nЗдесь жители рассказывают, что в городе нужно починить, и видят, кто за это отвечает и к какому дню.\n\n" +
			"Карта, границы, улицы и дома взяты из OpenStreetMap: © участники OpenStreetMap, лицензия ODbL 1.0, " +
			"https://www.openstreetmap.org/copyright. Нашли ошибку в адресе? Её можно исправить на самой карте.\n\n" +
			"Темы, сроки и правила пока общие: город поправит их под себя.\n",
		"en": "# " + b.name["en"] + "\n\nResidents say here what has to be mended in the city, and see who answers for it and by which day.\n\n" +
			"Map, boundaries, streets and houses are from OpenStreetMap: © OpenStreetMap contributors, ODbL 1.0, " +
			"https://www.openstreetmap.org/copyright. A wrong address? It can be mended on the map itself.\n\n" +
			"Topics, terms and rules are general ones so far; the city will make them its own.\n",
	} {
		if err := b.Write("texts/about."+lang+".md", []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// adminID is the one organisation of a pack made from a map.
const adminID = "adm"

// writeStaff enters the city's administration for everything, and an account
// for each role: a map knows neither responsibilities nor people.
func (b *build) writeStaff() error {
	err := b.WriteTable("organisations.csv", []string{"id", "kind", "name.ru", "name.en", "short.ru", "short.en"},
		[][]string{{adminID, "authority", "Городская администрация", "City administration", "Администрация", "Administration"}})
	if err != nil {
		return err
	}
	err = b.WriteTable("routing.csv", []string{"id", "topic", "area", "house", "executor", "coordinator", "controller", "note.ru", "note.en"},
		[][]string{{"1", "*", "*", "*", adminID, adminID, adminID, "Пока не написано точнее, отвечает городская администрация.",
			"Until something better is written, the city administration answers."}})
	if err != nil {
		return err
	}
	var rows [][]string
	for _, p := range [][3]string{
		{"moderator-1", "Модератор", "moderator"}, {"coordinator-1", "Координатор", "coordinator"}, {"executor-1", "Исполнитель", "executor"},
		{"controller-1", "Контролёр", "controller"}, {"operator-1", "Оператор", "operator"}, {"analyst-1", "Аналитик", "analyst"},
		{"admin", "Администратор", "administrator"}, {"people-1", "Народный контролёр", "people_controller"},
	} {
		organisation := ""
		if slices.Contains([]string{"coordinator", "executor", "controller"}, p[2]) {
			organisation = adminID
		}
		rows = append(rows, []string{p[0], p[1], p[2], organisation, p[1], strings.ReplaceAll(p[2], "_", " "), p[0]})
	}
	b.note("Organisations and staff", "A map knows no responsibilities: «Городская администрация» is executor, coordinator and controller of every "+
		"topic everywhere. An account for each role is made so that the pack can be tried. Replace organisations.csv, routing.csv and people.csv "+
		"before anybody works with them.")
	return b.WriteTable("people.csv", []string{"id", "name", "roles", "organisation", "position.ru", "position.en", "login"}, rows)
}
