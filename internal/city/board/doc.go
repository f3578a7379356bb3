// Package board shows everyone how the city keeps its word: the list and the
// map of problems, the search, and the first statistics.
//
// It reads any table and writes only its own: board_fact, one flat row a
// problem; board_search, the stems of what everyone may read; board_cluster and
// board_area, how many problems lie in each cell of the map and in each area.
// They follow the news of package problem, and deadline.Passed, by jobs
// (JobRefresh); a row knows the seq it was made from and ignores what is older,
// and the counts lose what the row gave them before they get what it gives now,
// in one transaction. Rebuild makes all of them anew, CountCells only the counts,
// by queries over the rows; Verify compares all with what the feed says.
//
// What people wrote is masked (package reading) before an excerpt, the words of
// the search or a landmark is stored: a list costs no reading, and nobody finds
// a person by a name that a text hides. Rows that an older program wrote keep
// what it left in them; `gorod verify` tells them as stale, and `gorod board`
// makes them anew.
//
// # Nothing grows with the city
//
//   - Cells are those of web maps, so a tile is one run of them (grid.go). They
//     are counted when a problem changes, at five levels, for everything and by
//     object, each with its standings and what is late, for all time and by spans
//     of 1, 8, 64 and 512 days of sending where they are large (cluster.go).
//     Days that spans leave over, and cells finer than those, are counted from
//     the rows: a tile of any zoom reads some hundred counts and at most some
//     thousand entries of an index.
//   - So object, standing, lateness and whole days are exact at every zoom. Of
//     any other filter the newest MapWindow rows of an index (of a search, the
//     newest mapWords matches) are found once and kept for seconds; Newest says
//     where that was not all.
//   - A problem is in one spot of one tile of a zoom; a hexagon holds the cells
//     whose middles lie in it, the same in each tile that it touches.
//   - A list is a run of one index, newest first. Where a filter has more
//     conditions than the index answers, the newest listWindow rows of the run
//     are looked through; Page.Until says where that ended and Page.Next goes on
//     from there.
//   - A search looks through the newest matches. Words are taken as they stand,
//     and the last one for the beginning of a word only where nobody wrote it.
//   - Statistics do read all of their period; they are kept for a minute. Those
//     of a district or a municipality (Region) read runs of their own indexes and
//     are kept the longer the longer they took.
//
// # How it counts
//
//   - Received: first messages sent on a day of the city's zone.
//   - Answered: problems whose first final answer passed its review on a day.
//     Took is the number of calendar days from the message to that answer.
//   - On time: that answer came no later than the first promise. Where no
//     promise could be made (no term, no calendar) it is neither on time nor
//     late. The share is of the answers of the period and of the promises that
//     ended before its end and still wait for an answer: silence is no kept
//     word. When the answer comes, it counts as late where it came.
//   - Confirmed and controlled are what a resident or a people's controller
//     confirmed. Closed without reaction («закрыто без отклика») is a figure
//     of its own and never part of «решено».
//   - Disputed: problems with more than one message.
//   - Overdue now: late, which is open and told to be past the date that was
//     promised (deadline.Passed, ADR 11).
//   - Medians are taken over all problems of the period, by counting.
//
// Only problems that everyone may see are listed; statistics count all of them,
// by numbers only.
package board
