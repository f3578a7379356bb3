// Package moderation is the desk where every message is read by a person
// before an organisation gets it, and every answer before the residents do.
//
// It holds no state of its own: what waits, what was decided and why stands in
// the problem's feed. This package puts on one desk what a moderator needs for
// a decision in seconds (200 and more messages a day: domain.md 1.4), and turns
// one verdict of a person into the commands that carry it out.
//
// # What is on the desk
//
//   - The queue, the most urgent first: the date by which the check itself is
//     due decides. The age of the oldest is told, because that is what residents
//     feel.
//   - The message with its topics on offer: the one it has, the one the author
//     chose and up to three of the model. For each: who would get it by which
//     rule, who would have been next, and the promised date. 12 % of messages
//     get another topic here (domain.md 0).
//   - What the message may repeat, with its probability and the words in common
//     (package repeat); of what is closed lately too, which nobody can join.
//   - What the author's account sent before. Nothing is told of people without
//     an account: there is nothing that would bind two of their messages.
//   - For an answer: message and photos before beside answer and photos after,
//     earlier answers and disputes, and what the machine noticed. A hint is a
//     hint: the verdict is a person's.
//
// # Verdicts
//
// A verdict may be several commands: hide a photo, change the topic, accept.
// Each has a key of its own, made from the form's key, and the version that the
// one before left behind. A retry repeats what was done and goes on with the
// rest; somebody else's step in between is a Conflict, and Since says what
// changed.
//
//   - Accept: with the topic that the moderator chose.
//   - Reject: with a clause that the city's rules have; what the author reads is
//     the clause's text unless the moderator wrote better.
//   - Duplicate: the author joins the other problem and hears of its answer with
//     everyone; this message is refused with the clause Repeated, whose text names
//     the other number. The author joins first: if the machine stops between the
//     two, the message still waits here and nobody is lost.
//
// # Who may
//
// Messages: moderators. Answers: moderators and controllers. Each within the
// areas to which their role is bound; package problem checks every command
// again.
package moderation
