// Package resident knows who is here: people, how they come in, what they may
// do, what they agreed to, and what the staff did with their rights.
//
// There are two kinds of accounts, and they never turn into one another.
//
//   - A resident's account is found by a phone or an e-mail address. There is no
//     password: a code by SMS or a link by e-mail opens it, and makes it the
//     first time. Which of the two a city offers is data of its pack (Ways).
//     Nobody needs an account to send a message.
//   - An account of the staff has a login and a password, roles, an
//     organisation and areas. An administrator makes it, or the pack brings it.
//     A code or a link never opens one: the weaker door would be the only one
//     that counts. Phone and e-mail of such an account are those of the office.
//
// Rules and where they come from:
//
//   - Passwords: Argon2id with 19 MiB, two passes, one lane (OWASP), two at a
//     time; at least 12 characters (practice of audits under ФСТЭК order 117);
//     no rules of composition. A password set by an administrator is good for
//     three days, and until the person has changed it they have no roles.
//   - Five failures lock an account for 15 minutes, twenty an address: an office
//     shares one address, and one clumsy colleague should not lock it. Tries are
//     counted before the password is looked at, so many at once win nothing. An
//     unknown login gets the same answer, the same lock and the same time.
//   - A second factor of the staff is a code of an authenticator app (RFC 6238:
//     SHA-1, six digits, 30 seconds, which every app knows). A step before and
//     after is taken; a code works once. Its tries are counted with those of the
//     password: who knows the one has no more guesses at the other. Between the
//     two there is no session, only a ticket of ten minutes in one browser. Ten
//     recovery codes of 80 bits work once each and are stored as hashes. The
//     city says whether it is off, offered or required (Policy); who must have
//     one and has none gets no roles until it is set up.
//   - A code has six digits, lives ten minutes and stands five tries; three an
//     hour go to one phone. Its tries belong to a ticket that only the asking
//     browser has, so a stranger cannot use them up. A link has 160 random bits,
//     lives 30 minutes, works once and in any browser; it is redeemed by a
//     button, because mail programs open links before people do.
//   - A session is a random token of which only the hash is stored. Each
//     sign-in makes a new one and ends the old (session fixation). A session of
//     the staff ends after a shift of 12 hours, or 8 hours without a request:
//     who answers in a yard from a phone does not type a password at each
//     answer, and the machine's own lock covers the minutes. An attested system
//     sets StaffIdle to 15 minutes (domain of ФСТЭК order 117). Roles and blocks
//     are read with every request, so they work at once.
//   - Consent (152-ФЗ as of 1 September 2025): a record of its own for each
//     purpose, with the exact text that was shown, date, time, language and
//     network address, and the moment of its withdrawal. Nothing is assumed and
//     nothing is deleted: the record is the proof.
//   - The audit log is append-only. Each row holds the hash of the one before, so
//     a row that was changed, removed or slipped in is found (CheckAudit). Who
//     can write the whole table could compute a new chain: the newest hash
//     (AuditHead) is therefore to be kept elsewhere too, in the server's log.
//   - Erasure blanks the account and everything that tells who it was. The
//     record of a consent stays without its address, the audit log holds ids
//     only.
//
// How a code reaches the gateway: jobs hold ids, so the code itself waits in
// the row of the sign-in, sealed with AES-GCM under a key that is not in the
// database. Package notice opens it when it sends (Letter) and blanks it when
// it has sent (LetterSent); after the code's end it cannot be had any more. A
// dump or a backup of the database opens no account.
//
// Tables: person, person_role, person_area, session, signin_try, entry,
// consent_text, consent, audit, audit_head, second_factor, recovery_code,
// second_ticket. Events: events.go.
package resident
