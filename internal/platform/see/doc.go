// Package see is what the program says of itself: one line a request and one a
// job, metrics, and whether it is well.
//
// A line is written once, at the end, with everything that was learnt on the
// way; there is no second line to look for. It never holds what a person typed
// or a key that opens something: no path and no query (a follow link is a
// secret), only the pattern of the route; no header, no cookie; of a person
// only a pseudonym. Whoever keeps the log can learn nothing from it that
// 152-ФЗ protects.
//
// Two nets hang below that rule. Phone, Email and Secret mask themselves in a
// log, and Logger masks every attribute whose name sounds like one of them.
//
// Metrics are registered on the registry that is passed in; their labels are
// patterns of routes and kinds of jobs, never ids, so that their number does
// not grow with the city.
package see
