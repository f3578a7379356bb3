// Package reading reads what people write before a person does: it tells
// danger, finds personal data and foul words, and notices when one message
// speaks of several problems.
//
// Everything here is a pure function of a text. Nothing panics on any input,
// the time grows with the length of the text and with nothing else, and every
// place it names is a range of bytes of the text that was given.
//
// # Its rules
//
//   - Danger must not be missed often and may be wrong sometimes: a needless
//     line on the page costs a second, a missing one could cost more. A rule is
//     a few words that stand close to each other; «не горит фонарь», the most
//     frequent message of a city, must not ring. A danger names its kind and
//     whom to call; the numbers are the city's own data.
//   - Personal data of anybody (152-ФЗ, art. 3, 6 and 10.1) stay out of what
//     everyone reads, officials' names too: who signs an answer is named in a
//     field of its own. Mask is the one way a text of a person becomes public;
//     package problem calls it where a text leaves for a reader who is neither
//     its author nor staff, package board before it stores an excerpt or the
//     words of the search.
//   - A mark in the place of personal data is words in brackets, in the
//     language of the text, so that a screen reader says what a sighted person
//     sees. Masking what is masked changes nothing.
//   - Houses, streets and squares named after people, dates, numbers of
//     problems, the short numbers of the emergency services and free 8 800 lines
//     belong to nobody and stay.
//   - Obscenity is told to the moderator and never deleted: what becomes public
//     is the moderator's verdict.
//   - Parts are proposed only where the text itself counts its problems or says
//     «и ещё»: to split what is one costs a resident more than to leave it.
//
// It has no tables and tells no news.
package reading
