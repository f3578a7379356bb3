// Package ground keeps the geometry that lies under a map (water, parks, houses,
// roads, borders) in little memory and draws it in two ways: as vector tiles
// (Mapbox Vector Tile 2.1) for a map in a browser, and as paths of a still
// picture for a page without scripts.
//
// A Ground is read once from GeoJSON, feature by feature; what is kept of a
// feature is its kind, up to three words and its coordinates as differences of
// a tenth of a metre, about four bytes a point. Nothing else of the files stays
// in memory. Reading is not safe for concurrent use, drawing is.
//
// # Layers
//
// Layers have the names that a pack gives them: water, green, buildings, rail,
// roads, bridges, metro, areas; others are kept and put into tiles as they are.
// Of the properties of a feature these are understood:
//
//   - class, of roads: main, street, lane, path; any other is a street
//   - kind: river, park, station, district and so on, handed on as it stands
//   - name, written on the map
//   - number, of a building: its house number
//   - id, of an area
//
// # What a tile shows
//
// The farther a tile is, the less is in it: see fromZoom. Shapes smaller than
// two pixels are left out, lines are simplified to a third of a pixel. Words of
// areas stand in a layer of their own, "labels", one point a shape, in the one
// tile that holds the point, so that no word is written twice.
package ground
