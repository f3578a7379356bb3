package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
)

// sendTable answers with a table, its first row the names of the columns for
// programs. A cell that a spreadsheet would take for a formula gets an
// apostrophe before it, so that nothing that somebody typed is carried out;
// numbers stay numbers.
func sendTable(w http.ResponseWriter, name string, rows [][]string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	out := csv.NewWriter(w)
	cells := make([]string, 0, 16)
	for _, row := range rows {
		cells = cells[:0]
		for _, cell := range row {
			cells = append(cells, plainCell(cell))
		}
		if err := out.Write(cells); err != nil {
			return nil // who left does not read it
		}
	}
	out.Flush()
	return nil
}

func plainCell(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil && cell[0] == '-' {
		return cell
	}
	return "'" + cell
}

// countCell is a count; below zero it is unknown and the cell empty.
func countCell(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}
