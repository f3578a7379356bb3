// Package house knows what there is to know about a house beside its address:
// its passport, who manages it and whom to call at night, what is switched off
// in it, when it is cleaned, and what its company tells the residents.
//
// # Rules
//
//   - Every value of a passport may be unknown, and says where it is from and of
//     which day. The pack's passports and the imported ones stand beside each
//     other; the younger of the two is shown whole, the imported one on a tie.
//   - The dispatcher (АДС) of a house is its company's; where that is not known,
//     the city's. That nobody is known is told, never guessed.
//   - The status of an outage is computed from its times (Outage.Status): a real
//     beginning or end that somebody told wins over the plan; an outage without
//     an end is believed in for three days (OpenEnded; ПП РФ 416, point 13).
//   - An outage is told again and again by the same list: source and key name
//     it, what is the same changes nothing, what differs is a line of its history
//     (Change), which is only ever added to.
//   - Which topics say that a resource is missing is data of the pack
//     (outage_topics.csv).
//   - What a company tells its houses is written by its own people (executors of
//     that organisation), by administrators, and by imports.
//
// # Tables
//
// house_passport, house_company, house_topic: dictionaries in versions (place,
// Versions); version 0 of house_passport is what was imported by itself and
// stands under every version. outage, outage_house, outage_change: the city's
// own. house_entry, house_entry_house: schedules, news and works.
//
// # News
//
// house.outage_announced, house.outage_changed, house.outage_over: Subject is
// the outage, Seq its version. house.news: Subject is the entry. Jobs: jobs.go.
//
// Reading is for everyone. Audited: announcing, changing and ending an outage by
// people, writing and withdrawing an entry, imports.
package house
