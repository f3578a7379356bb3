// Package routing finds who answers for a problem: topic × place → executor,
// coordinator and controller.
//
// A resident never picks a department. The city's rules do, and they say why
// they did (Decision.Why, Decision.Note), who would have been next
// (Decision.RunnerUp) and which version of the rules it was.
//
// # Which rule wins
//
// Of the rules that match and are in force on the day:
//
//  1. the one that is more exact about the topic: topic, then category, then
//     object, then any;
//  2. then about the place: house, then municipality, then district, then the
//     whole city;
//  3. then the one about a kind of place (yard, street, park …) or about the
//     owners of objects, before the one about anything;
//  4. then the one that came into force last;
//  5. then the one with the lowest id, so that there is always one answer.
//
// The topic goes first: who mends a lift is a matter of lifts wherever it is,
// and a rule about one street must not take its water mains away from the
// waterworks.
//
// The executor @manager is the managing company of the house. Where that is not
// known, the next rule that has an executor takes its place, and Why says so.
// The executor @owner is the owner of the object that the problem is about, a
// lamp or a stop; such a rule passes over problems without an object.
// Where no rule has one, the decision is Missing: the message goes to the queue
// of the coordinators. That is never an error: a message is not refused because
// the city has not decided who does what.
//
// # Table
//
// routing_rule: a row a rule and version, kept in memory under its edition
// (place.Editions). The result is written into the event of the problem and
// never computed again for it.
//
// Reading is for everyone; loading is for package pack.
package routing
