// Package repeat finds the problems that a message being written probably
// repeats, so that its author joins one of them instead of opening another:
// 8,552 of 59,889 real messages repeat an earlier reason and point (domain.md 0).
//
// # How it works
//
// Candidates are what was reported at the house, where the problem is the
// house's own, else within 150 m, and is open or was closed no longer ago than
// the city says (limits.repeat_days in its pack). The geographic index gives
// them; the rows of the 40 likeliest are compared word by word. A logistic of
// ten signs (score.go) makes a probability of place, tree and text. Time comes
// in by what is a candidate at all and by whether it was answered: among
// candidates the days between two messages told nothing more (weight 0.00).
//
// # How good it is
//
// There is no golden standard of repetitions. The portal's own duplicates hardly
// ever name each other (44 of 486,004 near pairs), equal answers come from
// templates, and who sends the same words ten times within an hour mostly means
// ten things. So pairs of different authors were read one by one, the question
// being: would joining have served the second author? One reader, short texts,
// no photos: take the figures at score.go as good to some ten points. They hold
// for a portal of very active people who report every sticker; where fewer
// people write more words, probabilities are rather too low than too high.
//
// # What is kept from strangers
//
// Residents are told only of problems that everyone may see. Personal data of
// the text being written is masked before it is compared, numbers are never told
// as common words, and of a hidden message no word is.
//
// It has no tables and no news.
package repeat
