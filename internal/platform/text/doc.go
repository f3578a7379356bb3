// Package text treats what people write: folds it so that two spellings of one
// thing compare equal, cuts it into words and stems for search, cleans what is
// submitted, shortens it for lists, and finds personal data in it.
//
// Everything here is a pure function of its arguments. Nothing panics on any
// input, and whatever comes out is valid UTF-8.
//
// The rules come from reading some fifty thousand real messages to a city:
// people write 12к3, 10литБ and 2ой; they paste Latin letters into Russian
// words («Cвет», «мeтpoв»), zero-width spaces and emoji joined by zero-width
// joiners; they give the flats of a staircase («кв. 40–80») to say which door
// they mean; and coordinates, INN numbers and numbers of requests look like
// telephones to a careless rule.
//
// Stemming is the Snowball algorithm for Russian. Both database engines store
// and search the stems made here, so that a search finds the same on each.
package text
