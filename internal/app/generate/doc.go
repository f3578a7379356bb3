// Package generate fills a city with made-up problems and their whole feeds, as
// many as a metropolis has, so that its speed can be seen before its people
// come.
//
// # What the histories follow
//
// fitted.json holds shares, quantiles and counts that scripts/fit_histories.py
// took from 48,832 recorded histories of the portal «Наш Санкт-Петербург»: how
// often each topic comes, and in which months; hours of the week; which steps a
// history takes in which order (corrections of the topic, redirects, interim
// answers, disputes, how it ends) and how long each waits; how answers of a
// topic are slower or faster than others; how many messages one author and one
// house have; how many join. It holds no text and no place.
//
// A history that the recording cut off, for it had not ended by then, is gone
// on with as those that went on. What the recording could not show, because
// the portal publishes accepted messages only, is set by hand (life.go):
// refused and withdrawn messages, and questions to the author. Houses, areas,
// topics, terms and rules are those of the pack in force; texts are put
// together from its examples and from phrases of our own. There are no photos,
// contacts and follow links: authors are accounts that nobody has.
//
// # How it is done
//
// Each history is made by commands in a problem.Workshop, so it went through
// decide and apply as a real one, and its row on the board by the functions
// that Refresh uses. It depends on the seed and its number alone: workers make
// slices of histories in any order, one goroutine writes them in theirs, with
// the mark of how far it came in the same transaction. Secondary indexes are
// made afterwards (sqldb.Bulk), the cells of the map by one query a level.
// After kill -9 the same command goes on and ends with the same city. Nobody is
// told anything: no job, no letter.
package generate
