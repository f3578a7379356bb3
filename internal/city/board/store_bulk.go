package board

import (
	"strings"

	"gorod/internal/platform/sqldb"
)

// factColumns are the columns of insertFact, in the order of known.args.
func factColumns() []string {
	_, list, _ := strings.Cut(insertFact, "(")
	list, _, _ = strings.Cut(list, ")")
	columns := strings.Split(list, ",")
	for i, c := range columns {
		columns[i] = strings.TrimSpace(c)
	}
	return columns
}

// loadStems writes the searched words of many problems.
func loadStems(tx *sqldb.Tx, keys []int64, stems []string) error {
	if len(keys) == 0 {
		return nil
	}
	if tx.Engine() == sqldb.Postgres {
		_, err := tx.Exec(`
			INSERT INTO board_search (problem, words)
			SELECT key, to_tsvector('simple', stems) FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[])) AS sent (key, stems)`, keys, stems)
		return err
	}
	rows := make([][]any, len(keys))
	for i, key := range keys {
		rows[i] = []any{key, stems[i]}
	}
	return tx.CopyIn("board_search", []string{"rowid", "stems"}, rows)
}
