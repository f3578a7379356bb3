// Package board shows everyone how the city keeps its word: the list and the
// map of problems, the search, and the first statistics.
//
// It reads any table and writes only its own: board_fact, one flat row a
// problem, and board_search, the stems of what everyone may read. Both follow
// the news of package problem by jobs (JobRefresh); a row knows the seq it was
// made from and ignores what is older. Rebuild makes them anew, Verify
// compares them with what the feed says.
//
// # How it counts
//
//   - Received: first messages sent on a day of the city's zone.
//   - Answered: problems whose first final answer passed its review on a day.
//     Took is the number of calendar days from the message to that answer.
//   - On time: that answer came no later than the first promise. Where no
//     promise could be made (no term, no calendar) it is neither on time nor
//     late.
//   - Confirmed and controlled are what a resident or a people's controller
//     confirmed. Closed without reaction («закрыто без отклика») is a figure
//     of its own and never part of «решено».
//   - Disputed: problems with more than one message.
//   - Overdue now: open, and past the date that was promised.
//   - Medians are taken over all problems of the period, by counting.
//
// Only problems that everyone may see are listed; statistics count all of them,
// by numbers only.
package board
