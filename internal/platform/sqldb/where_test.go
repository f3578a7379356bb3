package sqldb_test

import (
	"reflect"
	"testing"

	"gorod/internal/platform/sqldb"
)

func TestConditionsNumberTheirArgumentsAsTheyCome(t *testing.T) {
	t.Parallel()
	w := &sqldb.Where{}
	w.Add("city = %s", 1)
	sqldb.In(w, "status", []string{"work", "interim"})
	sqldb.In(w, "district", []string(nil))
	w.Add("(due, id) > (%s, %s)", 10, 20)
	w.Add("cell BETWEEN " + w.Arg(30) + " AND " + w.Arg(40))
	want := "city = $1 AND status IN ($2, $3) AND (due, id) > ($4, $5) AND cell BETWEEN $6 AND $7"
	if w.SQL() != want {
		t.Errorf("conditions %q", w.SQL())
	}
	if args := []any{1, "work", "interim", 10, 20, 30, 40}; !reflect.DeepEqual(w.Args(), args) {
		t.Errorf("arguments %v", w.Args())
	}
}
