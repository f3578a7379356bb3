// Package notice tells people what happened to what they reported, by e-mail
// and SMS, and brings the codes and links with which they come in.
//
// Who hears what: the author hears everything; who joined hears what concerns
// all (not a question to the author, a refusal or the confirmation of sending).
// Nobody is told what they did themselves, except that their message arrived,
// or that we write to the address that they left afterwards.
//
// Of one problem everyone may say what they want (Choice): a person with an
// account may watch it without having joined, as long as everyone may see it,
// and then hears what who joined hears, but for the question whether it is
// solved, which is not theirs to answer; who is told may silence it, and then
// nothing of it comes any more. An author without an account silences it too.
//
// Without any settings an account, or an author without one who left an
// address, gets e-mails; who left a phone only gets an SMS where something is
// asked of them or the matter ends: SMS cost the city money and people sleep.
// SMS wait for the end of the quiet hours (22 to 8 in the city's zone), codes
// never do. Each e-mail carries a link that stops all of them, also as RFC 8058
// one-click, or those about its problem; it needs no sign-in.
//
// How it works: an event of a problem becomes one row a recipient and way
// (Tell), and each row a job (Send). The row is unique, so an event that is
// delivered twice tells nobody twice. Rows and jobs hold ids; the text is
// rendered when it is sent, from what may be shown at that moment: what was
// hidden or erased meanwhile is not sent, and nothing personal is queued,
// logged or kept. One try is one job; the pauses and dead letters are those of
// package job. A mail that was accepted twice, because the first answer was
// lost, has the same Message-ID.
//
// Words of a server or a gateway about a failure may repeat the address, so
// they are not passed on: an error says which number was answered, not what.
//
// What the letters tell of a problem comes through Subjects, which package app
// fills from problem; whether the contact of an author without an account may
// be used (consent, 152-ФЗ, or another basis of the city) is decided there.
//
// Ways out: SMTP, an HTTP gateway described by configuration, and the Catcher,
// which sends nothing and shows a demo what would have been sent.
//
// Tables: notice, notice_setting, notice_off, notice_watch, outbox_caught. Jobs: jobs.go. It
// publishes no events. Everyone may change their own settings; the caught
// outbox is for administrators.
package notice
