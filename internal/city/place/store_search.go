package place

import (
	"fmt"
	"strings"

	"gorod/internal/platform/sqldb"
)

// readHousesOf reads houses by their ids, in one question.
func readHousesOf(tx *sqldb.Tx, city, version int64, ids []HouseID) (map[HouseID]House, error) {
	houses := make(map[HouseID]House, len(ids))
	if len(ids) == 0 {
		return houses, nil
	}
	var marks strings.Builder
	args := []any{city, version}
	for i, id := range ids {
		if i > 0 {
			marks.WriteByte(',')
		}
		args = append(args, int64(id))
		fmt.Fprintf(&marks, "$%d", len(args))
	}
	list, err := sqldb.List(tx, scanHouse, `
		SELECT `+houseColumns+`
		FROM house
		WHERE city = $1 AND version = $2 AND id IN (`+marks.String()+`)`, args...)
	for _, h := range list {
		houses[h.ID] = h
	}
	return houses, err
}
