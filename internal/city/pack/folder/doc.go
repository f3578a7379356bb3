// Package folder writes a pack to the disk: beside its place first, and moved
// there when it is whole, so that nobody ever meets half a pack. It is what the
// makers of packs (portal, osm) share.
package folder
