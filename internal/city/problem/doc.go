// Package problem is the heart of the city: one thing that is wrong at one
// place, from the message that reports it to the resident's last word.
//
// A resident sends a message; a moderator accepts it, corrects its topic, asks
// or refuses with a clause; an organisation answers; a moderator reads the
// answer before the residents do; and the residents say whether it is solved.
// Who disputes an answer sends a further message of the same problem. Silence
// for 20 days closes it too, and that is counted apart: «решено» is only what
// a resident or a people's controller confirmed.
//
// # How it works
//
//	decide(state, command, facts) → events | fault      pure; the only place that refuses
//	apply(state, event)           → state               pure; never refuses
//
// Table (status.go) lists every allowed step with its reason. The service
// wraps one transaction around a command: read the row, check the right, find
// the facts (topic, place, who is responsible, due dates), decide, apply,
// append to the feed, write the row, publish the news.
//
// The feed (problem_event) is the truth: append-only, by (problem, seq). The
// row in problem is a projection for reading; Verify folds every feed again
// and compares. Seq is the optimistic version: a command that names the
// version it saw and comes too late gets a Conflict.
//
// # Rules and where they come from
//
//   - The statuses and steps: domain.md 1.5, and 48,832 real histories.
//   - A disagreement is a further message in the same problem, moderated
//     again: domain.md 1.6.
//   - At most 10 messages in 24 hours from one sender, with or without an
//     account (a setting): domain.md 1.7.
//   - Due dates of the stages are computed when a message is sent and again
//     when it is accepted, inside the transaction, and written into the event;
//     they are never computed again on folding. The first promise stays in
//     history; an interim answer moves only the date that is shown.
//   - A redirect keeps the earlier organisation on the card: domain.md 9.6.
//   - 152-ФЗ: events hold ids and salted commitments. Words, contacts and
//     photos of residents live in rows of their own and can be erased without
//     touching the feed.
//   - An author without an account may leave or change a contact afterwards,
//     ten times a problem: the event says by which ways, never where. How the
//     city may use it (consent, or another basis) is recorded by the channel.
//   - A command carries a key; a retry from a bad network does nothing twice.
//
// # Tables
//
// problem, problem_event, problem_text, problem_contact, problem_follow,
// problem_joined, problem_sender, problem_command.
//
// # News
//
// problem.<kind of entry> for each entry of the feed, see News.
//
// # Who may do what
//
// permit.go is the table: the author (or bearer of the follow link), those who
// joined, and staff by role within their areas or their organisation.
package problem
