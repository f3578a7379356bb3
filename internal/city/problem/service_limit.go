package problem

import (
	"fmt"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Sender stands for a person without an account in the limits of a day. The
// device is the person, as far as anybody can tell; an address may be a whole
// mobile operator, so it has a bound of its own, far higher. What is empty is
// not counted.
type Sender struct {
	Device  string // a name that the channel gave to the browser or the program
	Address string // a pseudonym of the network address
}

// counted is somebody under whom messages are counted, and how many of a day
// they may send; 0: as many as they like.
type counted struct {
	sender string
	perDay int
}

// countedAs lists under whom a message counts: the account, else the device and
// the address. The city's own messages count nowhere.
func countedAs(who resident.Who, from Sender, city place.Settings) []counted {
	switch {
	case who.System:
		return nil
	case who.ID != 0:
		return []counted{{fmt.Sprintf("p:%d", who.ID), city.MessagesPerDay}}
	}
	var list []counted
	if from.Device != "" {
		list = append(list, counted{"d:" + from.Device, city.MessagesPerDay})
	}
	if from.Address != "" {
		list = append(list, counted{"a:" + from.Address, city.MessagesPerAddress})
	}
	return list
}

// countSender notes a message of a day.
func countSender(tx *sqldb.Tx, who resident.Who, from Sender) error {
	for _, c := range countedAs(who, from, place.Settings{}) {
		key, err := tx.NewID()
		if err != nil {
			return err
		}
		if err := insertSent(tx, who.City, c.sender, key); err != nil {
			return fmt.Errorf("count message: %w", err)
		}
	}
	return nil
}

// checkLimit refuses the eleventh message of a person in 24 hours (domain.md
// 1.7; a setting of the city), and what an address sends beyond its own bound.
func checkLimit(tx *sqldb.Tx, who resident.Who, from Sender, city place.Settings) error {
	for _, c := range countedAs(who, from, city) {
		if c.perDay == 0 {
			continue
		}
		n, err := countSent(tx, who.City, c.sender, tx.Now().Add(-24*time.Hour).UnixMicro())
		if err != nil {
			return fmt.Errorf("count messages of a day: %w", err)
		}
		switch {
		case n < int64(c.perDay):
		case c.sender == "a:"+from.Address:
			return fault.Limited.New("problem.too_many_there")
		default:
			return fault.Limited.New("problem.too_many_today", c.perDay)
		}
	}
	return nil
}
