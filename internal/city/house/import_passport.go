package house

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/place"
	"gorod/internal/platform/text"
)

// same tells whether two passports say the same.
func same(a, b Passport) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// passports collects what a file tells, a passport a house.
type passports struct {
	how       PassportImport
	reg       *register
	districts map[place.AreaID][]string
	report    *Report
	list      []Passport
	at        map[place.HouseID]int
	line      map[place.HouseID]int
	communal  map[place.HouseID]map[string]bool
}

// readPassports reads a file of passports and finds its houses. What is wrong is
// in the report.
func readPassports(how PassportImport, in io.Reader, reg *register, districts map[place.AreaID][]string, report *Report) []Passport {
	p := &passports{how: how, reg: reg, districts: districts, report: report,
		at: map[place.HouseID]int{}, line: map[place.HouseID]int{}, communal: map[place.HouseID]map[string]bool{}}
	buffered := bufio.NewReader(in)
	if how.Format == "" {
		how.Format = "csv"
		head, _ := buffered.Peek(64) // a short file is short
		if strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff")), "<") {
			how.Format = "xml"
		}
	}
	switch how.Format {
	case "csv":
		p.csv(buffered)
	case "xml":
		p.xml(buffered)
	default:
		report.add(Trouble{Reason: "house.no_format", Args: []any{how.Format}, Fatal: true})
	}
	for house, flats := range p.communal {
		p.list[p.at[house]].CommunalFlats = len(flats)
	}
	report.Houses = len(p.list)
	return p.list
}

func (p *passports) csv(in io.Reader) {
	t := openTable(in, p.report, known{"id": {"house", "house_id"}, "address": {"адрес"}, "street": {"улица", "addr_street"}, "number": {"дом"},
		"building": {"корпус", "corpus"}, "letter": {"литера", "litera"}, "structure": {"строение", "stroenie"}, "district": {"район", "addr_district"},
		"built_year": {"data_buildingdate", "год постройки"}, "area_total": {"data_buildingarea", "общая площадь"}})
	if t == nil {
		return
	}
	if !hasAll(t.column, []string{"id"}) && !hasAll(t.column, []string{"address"}) && !hasAll(t.column, []string{"street", "number"}) {
		p.report.add(Trouble{Line: t.line, Reason: "house.no_columns", Args: []any{"id, address, street + number"}, Fatal: true})
		return
	}
	for t.next() {
		p.row(t.line, t.cell, func(field string) int {
			if i, ok := t.column[strings.ReplaceAll(field, "_", " ")]; ok {
				return i + 1
			}
			return 0
		})
	}
}

// row takes one row, of a table or of XML.
func (p *passports) row(line int, cell func(string) string, column func(string) int) {
	p.report.Rows++
	p.report.Addresses++
	house, why, shown := p.house(cell)
	if why != "" {
		p.report.add(Trouble{Line: line, Reason: why, Args: []any{text.Excerpt(shown, 200)}})
		return
	}
	p.report.Matched++
	if flat := cell("comm_num"); flat != "" {
		if p.communal[house] == nil {
			p.communal[house] = map[string]bool{}
		}
		p.communal[house][text.Fold(flat)] = true
	}
	passport, wrong := ReadPassport(house, cell)
	for _, w := range wrong {
		p.report.add(Trouble{Line: line, Column: column(w.Field), Field: w.Field, Reason: w.Reason, Args: w.Args})
	}
	passport.Source, passport.AsOf = cmp.Or(passport.Source, p.how.Source), cmp.Or(passport.AsOf, p.how.AsOf)
	first, twice := p.at[house]
	switch {
	case !twice:
		p.at[house], p.line[house] = len(p.list), line
		p.list = append(p.list, passport)
	case cell("comm_num") == "" && !same(p.list[first], passport):
		p.report.add(Trouble{Line: line, Reason: "house.passport_twice", Args: []any{p.line[house], text.Excerpt(shown, 200)}})
	}
}

// house finds the one house of a row: by its key, else by its address.
func (p *passports) house(cell func(string) string) (house place.HouseID, why, shown string) {
	if key := cell("id"); key != "" {
		n, err := strconv.ParseInt(key, 10, 64)
		if _, ok := p.reg.find(place.HouseID(n)); err != nil || !ok {
			return 0, "house.miss_key", key
		}
		return place.HouseID(n), "", key
	}
	s, shown := p.address(cell)
	if s.Street == "" || len(s.Spans) != 1 || s.Spans[0].To > 0 {
		return 0, "house.miss_read", shown
	}
	found, missed := p.reg.match(s, p.districts)
	switch {
	case len(missed) > 0:
		return 0, missed[0].Why, shown
	case len(found) != 1:
		return 0, "house.miss_several", shown
	}
	return found[0], "", shown
}

func (p *passports) address(cell func(string) string) (Stretch, string) {
	list := cell("address")
	if street := cell("street"); street != "" && cell("number") != "" {
		list = street + ", д. " + cell("number")
		for _, part := range []struct{ column, word string }{{"building", " корп. "}, {"structure", " стр. "}, {"letter", " лит. "}} {
			if v := cell(part.column); !blank(v) {
				list += part.word + v
			}
		}
	}
	found, _ := ParseAddresses(list)
	if len(found) != 1 {
		return Stretch{}, list
	}
	if d := area(cell("district")); d != "" {
		found[0].District = d
	}
	return found[0], list
}

// maxValue bounds one value of XML, in bytes; maxDepth how deep elements stand.
const (
	maxValue = 4096
	maxDepth = 16
)

// xml reads the open data set passports_houses (domain.md 6.3): a row is an
// element of that name, its values are the elements in it.
func (p *passports) xml(in io.Reader) {
	decoder := xml.NewDecoder(io.LimitReader(in, MaxFile))
	var row map[string]string
	var name string
	depth, from, rows := 0, 0, 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, column := decoder.InputPos()
		if err != nil {
			p.report.add(Trouble{Line: line, Column: column, Reason: "house.bad_xml", Args: []any{err.Error()}, Fatal: true})
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				p.report.add(Trouble{Line: line, Column: column, Reason: "house.bad_xml", Args: []any{"too deep"}, Fatal: true})
				return
			}
			name = t.Name.Local
			if slices.Contains([]string{"passports_houses", "passport_house", "row"}, name) && len(row) < 3 {
				// The element round all rows may have the name of one.
				row, from = map[string]string{}, line
			}
		case xml.CharData:
			if row != nil && name != "" && len(row[name])+len(t) <= maxValue && len(row) < 200 {
				row[name] += string(t)
			}
		case xml.EndElement:
			depth--
			name = ""
			if row != nil && slices.Contains([]string{"passports_houses", "passport_house", "row"}, t.Name.Local) {
				if row["address"] != "" || row["addr_street"] != "" || row["id"] != "" {
					rows++
					p.xmlRow(from, row)
				}
				row = nil
			}
		}
	}
	if rows == 0 {
		p.report.add(Trouble{Reason: "house.no_rows", Fatal: true})
	}
}

func (p *passports) xmlRow(line int, row map[string]string) {
	others := map[string]string{"built_year": "data_buildingdate", "area_total": "data_buildingarea", "street": "addr_street",
		"district": "addr_district", "number": "addr_house", "building": "addr_building", "letter": "addr_letter"}
	p.row(line, func(name string) string {
		return strings.TrimSpace(cmp.Or(row[name], row[others[name]]))
	}, func(string) int { return 0 })
}
