// Package text treats what people write: folds it so that two spellings of one
// thing compare equal, cuts it into words and stems for search, cleans what is
// submitted, and shortens it for lists. What a text tells (danger, personal data)
// is read by package reading of the city.
//
// Everything here is a pure function of its arguments. Nothing panics on any
// input, and whatever comes out is valid UTF-8.
//
// The rules come from reading some fifty thousand real messages to a city:
// people write 12к3, 10литБ and 2ой; they paste Latin letters into Russian
// words («Cвет», «мeтpoв»), zero-width spaces and emoji joined by zero-width
// joiners.
//
// Stemming is the Snowball algorithm for Russian. Both database engines store
// and search the stems made here, so that a search finds the same on each.
package text
