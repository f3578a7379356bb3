// Package pack turns a folder of data into a city.
//
// A pack is everything that makes a city: its topics, areas, houses, objects,
// organisations, people, rules, terms, calendar, texts and map. Administrators
// write it as ordinary tables and send it again whenever something changes;
// nobody has to program.
//
// # Reading
//
// Read looks at every file and reports every broken row with file, line,
// column and reason, so that a pack is mended in one go. An error keeps the
// pack out; a warning does not. What a pack leaves out has a default, and the
// report says which was taken. Languages beside the main one may be
// incomplete: what lacks a translation is shown in the main language.
//
// # Importing
//
// A pack is loaded as a new version in slices, each in a transaction of its
// own, while the city goes on with the version in force; one short transaction
// then switches, and Back takes the switch back. A pack whose content was
// imported before changes nothing. An import that was interrupted leaves a
// version that is half loaded and that nobody sees: the next import deletes
// it. Two imports of one city exclude each other by the row of the version
// that is loading (see Import).
//
// Old versions are kept, all of them: a message stays for ever under the
// version of the topic that it was sent under. Forgetting those that no
// message refers to is not done yet.
//
// # Tables
//
// pack_version: a row a version with its hash, state, counts and report.
// pack_text, pack_clause, pack_template, pack_step, pack_layer: texts, clauses
// of refusal, templates of answers, next steps and the map's own geometry.
// What other capabilities own they load themselves.
//
// Importing and switching are for administrators and the command line; their
// callers check that. Reading is for everyone.
package pack
