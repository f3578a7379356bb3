// Package topic knows what one can report: the city's classifier, a tree of
// object, category and reason («Дом · Лифт · Не работает»).
//
// # Rules
//
//   - A topic is never deleted, only closed (Open): messages sent under it still
//     name it. A closed one may say what replaced it.
//   - Topics are versioned with the pack: a message keeps the version that it
//     was sent under (Ref), so an old card shows what its author saw.
//   - A topic says how the place is marked, what must be attached, in which
//     season it is open and what must be asked besides (domain.md 1.2).
//
// # Table
//
// topic: a row a topic and version, in the order of the pack; the topic itself
// is JSON, because it is always read whole. All topics of a version are kept in
// memory (place.Editions), so reading one costs one look at the edition.
//
// Reading is for everyone; loading is for package pack.
package topic
