// Package place knows where things are: the cities that live in one database,
// their areas, streets, houses and objects, and what lies at a point.
//
// A resident marks a place; the city answers with its address, district and
// municipality. A resident types an address as people do («17 линия 8 лит Б»,
// «ветеранов 12к3», «пр-т просвещения»), and the city finds the house.
//
// # Rules
//
//   - A place outside the city is refused: nobody there would answer for it.
//     The city is its area of kind city, else its districts, else its bounds.
//   - The mark says what a house means (domain.md 1.2): on a building the place
//     is the building's own point; near a building and in the open the point
//     stays as given, and the house, if there is one, lends its address. A house
//     farther than 300 m from the point is a slip of the hand and refused.
//   - A message may be about an object of the city with a number, at most as far
//     from the mark as its kind says (50 m). Then the place is the object's own
//     point, for the crew goes to the lamp and not to where its author stood;
//     only what is marked on a building stays the building's.
//   - The areas of a building are those that its register names, for it may
//     stand on a border; of a point those whose polygons hold it.
//   - Which words name a kind of street, and how they are shortened, follows
//     the official list of shortenings (order of the Ministry of Finance 171н
//     of 2015) and what people write besides.
//
// # Versions
//
// A city's dictionaries (areas, houses and objects here; topics, organisations,
// rules and terms elsewhere) are loaded under a new version in slices, and then
// one short switch makes the version current; it can be switched back. What was
// read of a version is kept in memory under an Edition, which changes with every
// slice, edit and switch, so that nobody is answered from what was rolled back,
// half loaded or edited on another node.
//
// # Tables
//
// city: a row a city, with its current version. dictionary: which edition of
// which dictionary stands under a version. city_area, city_street, house,
// city_object, city_object_kind, city_land: the dictionaries of this package.
//
// Reading is for everyone. Loading, switching and saving are for package pack
// and administrators; their callers check that.
package place
