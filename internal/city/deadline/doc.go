// Package deadline knows when an answer is due.
//
// A resident who sends a message is told a date: the sum of three stages, each
// with its own term from the city's table — the message is checked
// (moderation), the organisation does its work (processing), the answer is
// checked (review). The date is computed when the message is sent and again
// when it is accepted, and every part of it can be explained: which days were
// counted, which were not, and why.
//
// # How time is counted
//
// Terms in days begin on the day after the event and are due at the end of the
// last day, 23:59:59.999999 on the clocks of the city (Civil Code of Russia,
// art. 191 and 194). The next stage begins where the one before it is due.
//
//   - Working days skip what the production calendar marks as off.
//   - Calendar days count every day; where the last one is a day off, the city
//     decides (OnDayOff): the day stays, moves on to the next working day
//     (Civil Code, art. 193) or back to the one before (the custom of offices
//     for appeals under 59-ФЗ, whose text is silent).
//   - Hours and minutes run without a break, nights and days off included
//     (emergency terms of ПП РФ 416).
//   - A city may count what arrives on a day off or after hours as received on
//     the next working day (Receipt); this is off by default and never touches
//     hours and minutes.
//
// # What moves a date
//
//   - A pause: while a question to the author is open the term stands still.
//     A day at whose end a question was open is not counted, neither as a
//     working nor as a calendar day: the day of the question is given back, the
//     day of the answer counts. Hours and minutes are given back exactly. A
//     question asked after the due date moves nothing. While a question is
//     open there is no due date (Paused).
//   - An extension: a further leg of the same stage, counted from where the
//     term would have ended.
//   - An interim answer with a planned day moves the date that is shown; the
//     date that counts and the original one stay.
//
// # The calendar
//
// A Calendar is data: the years of a production calendar in the format of
// xmlcalendar, plus the days declared off during a year (Override), under one
// version. A promise names the version that made it. A new version changes no
// date by itself: open deadlines are recomputed only when somebody asks for it,
// and the original date stays in the history.
//
// A day of a year that is not loaded is unknown, not a guess. A date that
// depends on it is Unknown with the year, the message is taken all the same,
// and Calendar.Missing tells administrators from 1 December on.
//
// # Zones
//
// A Date is a civil date without a zone, so that adding days cannot stumble
// over a change of clocks. Zones matter only where an instant becomes a date or
// a date an instant, and are passed in.
//
// Everything in these files is a pure function of its arguments.
package deadline
