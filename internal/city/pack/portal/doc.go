// Package portal makes a pack of St. Petersburg out of files that were
// collected from its portal «Наш Санкт-Петербург» and from open maps.
//
// It is a transformation of files and knows no database. The folder that it
// reads holds ourspb/ (the classifier, what was observed of routing and
// terms, recorded histories), geo/ (districts, houses, companies, water, greens) and calendar/;
// the folder that it writes is a pack as package pack reads it, with a
// REPORT.md that says where everything comes from.
//
// # Rules
//
//   - Ids are those of the source, so that real histories fit: topics have the
//     portal's reason_id, houses its building_id, districts its district id;
//     municipalities are mo-CODE, organisations inn-INN where the tax number is
//     known and a slug of the name where it is not.
//   - The recorded histories are a later file's past: organisations and topics
//     that only they name are entered too, the topics closed, and the file goes
//     into the pack for demos to replay.
//   - What was observed becomes a rule: the executor that answered most for a
//     topic in a district, its coordinator and controller. A topic that was
//     observed elsewhere goes to the same kind of body of the district in hand.
//   - The term of a topic is the number of working days that occurred most.
//   - What the files do not hold is taken from another pack (the lender), with
//     its town's name, address and phone replaced, or a default is chosen. Each
//     such thing is listed in REPORT.md: nothing is passed off as the city's.
package portal
