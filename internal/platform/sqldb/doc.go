// Package sqldb is the one seam between Gorod and its database.
//
// A town runs on SQLite inside the binary, a metropolis on PostgreSQL; the
// city's code writes each statement once, with $1 placeholders, and does not
// know which engine is underneath. What really differs stands here: opening,
// transactions, naming of errors, migrations and the few expressions of
// Tx that are spelt in two ways (ForUpdate, Greatest, Least, JSONText).
//
// Writing. Do runs a command in a transaction. Commands are re-runnable
// closures: on PostgreSQL a serialisation failure or deadlock runs them
// again. They hold no HTTP, hashing, image or model work.
//
// On SQLite one goroutine owns the one write connection and commits many
// waiting commands at once, each in a savepoint, so that a fault of one never
// sinks its neighbours; Do returns after COMMIT, and the database is opened
// with synchronous=FULL, so what was acknowledged survives a power cut. A Do
// inside a Do would wait for itself: pass the Tx on instead.
//
// Reading. View gives one consistent snapshot; it may not write.
//
// Time. A transaction has one Now, from the clock of its DB. At gives the
// same database under another clock; replay and tests use it.
package sqldb
