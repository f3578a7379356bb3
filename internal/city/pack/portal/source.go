package portal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"gorod/internal/city/pack/folder"
)

// record is a row of a source by the names of its columns.
type record struct {
	file   string
	line   int
	column map[string]int
	values []string
}

func (r record) text(column string) string {
	i, ok := r.column[column]
	if !ok || i >= len(r.values) {
		return ""
	}
	return strings.Join(strings.Fields(r.values[i]), " ")
}

func (r record) number(column string) (int64, error) {
	n, err := strconv.ParseInt(r.text(column), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s:%d: %s is %q, no whole number", r.file, r.line, column, r.text(column))
	}
	return n, nil
}

// count is a number that may be missing.
func (r record) count(column string) int {
	n, err := strconv.Atoi(r.text(column))
	if err != nil {
		return 0
	}
	return n
}

// readTable reads a table whose header must have some columns: tab separated
// where the file is called so, with quotes as in CSV.
func readTable(shared fs.FS, file string, columns ...string) ([]record, error) {
	data, err := fs.ReadFile(shared, file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	if strings.HasSuffix(file, ".tsv") {
		reader.Comma = '\t'
	}
	header, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("read header of %s: %w", file, err)
	}
	column := map[string]int{}
	for i, name := range header {
		column[name] = i
	}
	for _, name := range columns {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("read %s: column %s is missing", file, name)
		}
	}
	var list []record
	for {
		values, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		line, _ := reader.FieldPos(0)
		if len(values) != len(header) {
			return nil, fmt.Errorf("read %s:%d: %d columns, the header has %d", file, line, len(values), len(header))
		}
		list = append(list, record{file, line, column, values})
	}
}

// shape is a feature whose geometry is passed on as it stands.
type shape = folder.Feature

// textOf gives a property as text, a whole number without a fraction.
func textOf(s shape, property string) string {
	switch v := s.Properties[property].(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func readShapes(shared fs.FS, file string) ([]shape, error) {
	data, err := fs.ReadFile(shared, file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	var collection struct {
		Features []shape `json:"features"`
	}
	if err := json.Unmarshal(data, &collection); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return collection.Features, nil
}
