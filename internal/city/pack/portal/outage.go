package portal

import (
	"fmt"
	"slices"
	"strconv"
)

// writeResources says which topics tell of a missing resource: as the lent pack
// does, whose topics have the portal's own numbers.
func (b *build) writeResources() error {
	var rows [][]string
	for _, r := range b.lender.pack.Resources {
		there := slices.ContainsFunc(b.topics, func(t topicRow) bool { return t.id == r.Topic })
		if there {
			rows = append(rows, []string{strconv.FormatInt(int64(r.Topic), 10), string(r.Resource)})
		}
	}
	b.note("Outages", fmt.Sprintf("%d topics tell of a missing resource, as in the lent pack. No file holds passports, licences or dispatchers "+
		"of companies: pages say that they are not known and give the city's dispatcher.", len(rows)))
	return b.WriteTable("outage_topics.csv", []string{"topic", "resource"}, rows)
}
