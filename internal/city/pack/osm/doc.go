// Package osm makes the pack of any city out of one extract of OpenStreetMap.
//
// It is a transformation of files and knows no database. It reads an .osm.pbf
// or an .osm (XML) file and writes a folder that package pack reads, with a
// REPORT.md that lists everything which the extract did not say.
//
// # Rules
//
//   - The city is the largest administrative boundary that is called a city or
//     a town (by itself, or by the place inside that has its name); districts are
//     the next admin_level inside it, municipalities the one below. Flags choose
//     otherwise. A city without districts is one district; houses between the
//     districts belong to a district «Вне районов».
//   - Ids never change while the element lives. A house is the number of its
//     element times four plus 1 for a node, 2 for a way, 3 for a relation, so no
//     two elements share one. Areas and objects are n, w or r and the number.
//     Streets are 40 bits of FNV-1a over name and kind. Elements that were never
//     uploaded (numbers below 1) have no lasting id and are left out.
//   - Each outline with an address is a house, even where two share the text; a
//     node is a house only where no outline within 300 m has its address: a shop
//     repeats the address of its building.
//   - A ring that does not close is reported with the nodes where it ends, and
//     its area is left out. A boundary that lost a ring is not used.
//   - Texts, topics, terms and calendars come from another pack (the lender).
//     OpenStreetMap knows no responsibilities: the city's administration is
//     entered for everything.
//
// # Hostile files
//
// A block of a PBF is measured, unpacked within the limit of the format and
// checked before the library sees it (see guard): its decoder works in
// goroutines of its own, where a panic could not be caught. What is kept of a
// file is bounded (see hold), so a file that unpacks to a thousand times its
// size ends with an error. The pack is written beside its place and moved there
// when it is whole.
package osm
