package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

type hereCommand struct {
	File string `arg:"" help:"Table with the columns lat and lon (CSV); - for standard input."`
	Out  string `help:"Where to write; standard output otherwise." placeholder:"FILE" type:"path"`
}

// Run tells what is at each point of a table: its areas, the nearest house and how
// far it is, and what kind of place it is. It reads and writes line by line. Rows
// that have no point are named by line and left out; then it ends with 1.
func (c *hereCommand) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error {
		in, out := io.Reader(os.Stdin), con.out
		if c.File != "-" {
			f, err := os.Open(c.File)
			if err != nil {
				return fmt.Errorf("open table of points: %w", err)
			}
			defer f.Close()
			in = f
		}
		ask, err := a.Places.Everywhere(con.ctx, city.ID)
		if err != nil {
			return err
		}
		if c.Out == "" {
			return tellHere(con, in, out, ask)
		}
		f, err := os.Create(c.Out)
		if err != nil {
			return fmt.Errorf("write what is where: %w", err)
		}
		return errors.Join(tellHere(con, in, f, ask), f.Close())
	})
}

// tellHere writes a row for each row with a point: all its own columns, then what
// is there.
func tellHere(con *console, in io.Reader, out io.Writer, ask func(geo.Point) place.Spot) error {
	reader := csv.NewReader(in)
	reader.FieldsPerRecord, reader.ReuseRecord = -1, true
	header, err := reader.Read()
	if err != nil {
		return fmt.Errorf("read header: %w", err)
	}
	columns := map[string]int{}
	for i, name := range header {
		columns[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	lat, okLat := columns["lat"]
	lon, okLon := columns["lon"]
	if !okLat || !okLon {
		return fmt.Errorf("the table needs the columns lat and lon; it has %s", strings.Join(header, ", "))
	}
	writer := csv.NewWriter(out)
	width := len(header)
	record := append(append([]string{}, header...), "inside", "municipality", "district", "house", "address", "metres", "kind", "name", "street")
	if err := writer.Write(record); err != nil {
		return err
	}
	bad := badRows{out: con.err}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var at *csv.ParseError
			if !errors.As(err, &at) {
				return fmt.Errorf("read table of points: %w", err)
			}
			bad.add(at.Line, at.Err.Error())
			continue
		}
		line, _ := reader.FieldPos(0)
		p, wrong := pointOfRow(row, width, lat, lon)
		if wrong != "" {
			bad.add(line, wrong)
			continue
		}
		record = append(record[:0], row...)
		if err := writer.Write(append(record, wordsOf(ask(p))...)); err != nil {
			return fmt.Errorf("write what is where: %w", err)
		}
		if err := con.ctx.Err(); err != nil {
			return err
		}
	}
	writer.Flush()
	return errors.Join(writer.Error(), bad.err())
}

// pointOfRow reads the point of a row, or says why it has none.
func pointOfRow(row []string, width, lat, lon int) (p geo.Point, wrong string) {
	if len(row) != width {
		return p, fmt.Sprintf("%d columns, the header has %d", len(row), width)
	}
	var err error
	if p.Lat, err = strconv.ParseFloat(strings.TrimSpace(row[lat]), 64); err != nil {
		return p, fmt.Sprintf("lat is %.40q, no number", row[lat])
	}
	if p.Lon, err = strconv.ParseFloat(strings.TrimSpace(row[lon]), 64); err != nil {
		return p, fmt.Sprintf("lon is %.40q, no number", row[lon])
	}
	if !p.Valid() {
		return p, fmt.Sprintf("%g, %g is not on the earth", p.Lat, p.Lon)
	}
	return p, ""
}

func wordsOf(s place.Spot) []string {
	if !s.Inside {
		return []string{"0", "", "", "", "", "", "", "", ""}
	}
	var municipality, district string
	for _, a := range s.Areas {
		switch a.Kind {
		case place.Municipality:
			municipality = string(a.ID)
		case place.District:
			district = string(a.ID)
		}
	}
	house, metres := "", ""
	if s.House != 0 {
		house, metres = strconv.FormatInt(int64(s.House), 10), strconv.FormatFloat(s.Metres, 'f', 0, 64)
	}
	return []string{"1", municipality, district, house, s.Address, metres, string(s.Lie.Ground), s.Lie.Name, s.Lie.Street}
}

// badRows names the first rows that could not be read, and counts the rest.
type badRows struct {
	out io.Writer
	n   int
}

const shownBadRows = 20

func (b *badRows) add(line int, why string) {
	if b.n++; b.n <= shownBadRows {
		fmt.Fprintf(b.out, "line %d: %s\n", line, why)
	}
}

func (b *badRows) err() error {
	if b.n == 0 {
		return nil
	}
	if b.n > shownBadRows {
		fmt.Fprintf(b.out, "… and %d more\n", b.n-shownBadRows)
	}
	return fmt.Errorf("%d rows have no point and were left out", b.n)
}
