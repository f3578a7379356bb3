package osm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
)

// What is kept of an extract, at most: some twelve times St. Petersburg, in
// about four gigabytes. Larger ones are to be cut.
const (
	maxKept     = 20_000_000  // elements
	maxKeptRefs = 120_000_000 // nodes of ways and members of relations
	maxText     = 1 << 30     // bytes of tags
	maxValue    = 255 * 4     // bytes of a value: the database of OpenStreetMap allows 255 letters
)

var errTooLarge = errors.New("the extract has more than fits: cut the city out of it with `osmium extract`")

// element is a node, way or relation with the tags that a pack needs.
type element struct {
	kind byte // 'n', 'w' or 'r'
	id   int64
	tags tags
	// of a way or relation: its part of hold.refs or hold.members
	from, to int
	at       orb.Point // of a node
}

func (e *element) key() string { return fmt.Sprintf("%c%d", e.kind, e.id) }

// byKey orders elements, whatever the order of the file.
func byKey(a, b *element) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) }

// tags are few, so they are looked through.
type tags []osm.Tag

func (t tags) get(key string) string {
	for _, tag := range t {
		if tag.Key == key {
			return tag.Value
		}
	}
	return ""
}

// any gives the first of several keys that has a value.
func (t tags) any(keys ...string) string {
	for _, key := range keys {
		if s := t.get(key); s != "" {
			return s
		}
	}
	return ""
}

// member is a way of a relation.
type member struct {
	way  int64
	role byte // 'o' outer, 'i' inner, '?' what else
}

// hold is what is kept of an extract: elements that a pack may need, and the
// coordinates of the nodes that they name.
type hold struct {
	nodes     []*element
	ways      []*element
	relations []*element
	refs      []int64
	members   []member
	labels    map[int64][]int64 // of a boundary: nodes that name its place

	wanted []int64  // ids of nodes, in order
	spots  []uint64 // where they are, spot; 0 unknown
	next   int      // the nodes of most files come in order

	intern  map[string]string
	text    int
	wayByID map[int64]*element
	counts  map[string]int // what was left out, by reason
}

// readHold reads an extract in three passes: relations, then the ways that are
// of use or belong to one, then the nodes that are of use or belong to a way.
func readHold(ctx context.Context, s *source) (*hold, error) {
	h := &hold{intern: map[string]string{}, wayByID: map[int64]*element{}, counts: map[string]int{}, labels: map[int64][]int64{}}
	if err := s.scan(ctx, "relations", visit{relation: h.relation}); err != nil {
		return nil, err
	}
	inRelation := make([]int64, 0, len(h.members))
	for _, m := range h.members {
		inRelation = append(inRelation, m.way)
	}
	slices.Sort(inRelation)
	inRelation = slices.Compact(inRelation)
	err := s.scan(ctx, "ways", visit{way: func(w *osm.Way) error {
		_, member := slices.BinarySearch(inRelation, int64(w.ID))
		return h.way(w, member)
	}})
	if err != nil {
		return nil, err
	}
	h.wanted = slices.Clone(h.refs)
	slices.Sort(h.wanted)
	h.wanted = slices.Clip(slices.Compact(h.wanted))
	h.spots = make([]uint64, len(h.wanted))
	if err := s.scan(ctx, "nodes", visit{node: h.node}); err != nil {
		return nil, err
	}
	h.intern = nil
	for _, list := range []*[]*element{&h.nodes, &h.ways, &h.relations} {
		slices.SortStableFunc(*list, byKey)
		all := len(*list)
		*list = slices.CompactFunc(*list, func(a, b *element) bool { return a.id == b.id })
		if twice := all - len(*list); twice > 0 {
			h.counts["elements that occur twice, the second left out"] += twice
		}
	}
	return h, nil
}

// keep copies the tags that are of use. Strings are shared: a city has few
// different ones.
func (h *hold) keep(from osm.Tags) (tags, error) {
	n := 0
	for _, tag := range from {
		if useful(tag.Key) && tag.Value != "" {
			n++
		}
	}
	if n == 0 {
		return nil, nil
	}
	kept := make(tags, 0, n)
	for _, tag := range from {
		if !useful(tag.Key) || tag.Value == "" {
			continue
		}
		if len(tag.Value) > maxValue {
			h.counts["tags longer than 255 letters, left out"]++
			continue
		}
		key, value := h.shared(tag.Key), h.shared(strings.Join(strings.Fields(strings.ToValidUTF8(tag.Value, "")), " "))
		kept = append(kept, osm.Tag{Key: key, Value: value})
		if h.text > maxText {
			return nil, errTooLarge
		}
	}
	return kept, nil
}

func (h *hold) shared(s string) string {
	if known, ok := h.intern[s]; ok {
		return known
	}
	s = strings.Clone(s)
	h.intern[s] = s
	h.text += len(s) + 48 // with its place in the table
	return s
}

// uploaded tells whether an element has a lasting id.
func (h *hold) uploaded(id int64) bool {
	if id < 1 || id > math.MaxInt64>>3 {
		h.counts["elements without a lasting id (below 1, or beyond 60 bits), left out"]++
		return false
	}
	return true
}

func (h *hold) full() error {
	if len(h.nodes)+len(h.ways)+len(h.relations) > maxKept || len(h.refs)+len(h.members) > maxKeptRefs {
		return errTooLarge
	}
	return nil
}

func (h *hold) relation(r *osm.Relation) error {
	kind := r.Tags.Find("type")
	if kind != "multipolygon" && kind != "boundary" || !h.uploaded(int64(r.ID)) {
		return nil
	}
	kept, err := h.keep(r.Tags)
	if err != nil || !areaOfUse(kept) {
		return err
	}
	e := &element{kind: 'r', id: int64(r.ID), tags: kept, from: len(h.members)}
	for _, m := range r.Members {
		switch {
		case m.Type == osm.TypeRelation:
			h.counts["relations within relations, not followed"]++
		case m.Type == osm.TypeNode && (m.Role == "label" || m.Role == "admin_centre") && len(h.labels[e.id]) < 8:
			h.labels[e.id] = append(h.labels[e.id], m.Ref)
		case m.Type == osm.TypeWay:
			role := byte('?')
			switch m.Role {
			case "outer", "":
				role = 'o'
			case "inner":
				role = 'i'
			}
			if role != '?' {
				h.members = append(h.members, member{m.Ref, role})
			}
		}
	}
	e.to = len(h.members)
	h.relations = append(h.relations, e)
	return h.full()
}

func (h *hold) way(w *osm.Way, member bool) error {
	kept, err := h.keep(w.Tags)
	if err != nil || !member && !wayOfUse(kept) || !h.uploaded(int64(w.ID)) {
		return err
	}
	if h.wayByID[int64(w.ID)] != nil {
		h.counts["elements that occur twice, the second left out"]++
		return nil
	}
	e := &element{kind: 'w', id: int64(w.ID), tags: kept, from: len(h.refs)}
	for _, n := range w.Nodes {
		h.refs = append(h.refs, int64(n.ID))
	}
	e.to = len(h.refs)
	h.ways = append(h.ways, e)
	h.wayByID[e.id] = e
	return h.full()
}

func (h *hold) node(n *osm.Node) error {
	if !onEarth(n.Lon, n.Lat) {
		h.counts["nodes that are not on the earth, left out"]++
		return nil
	}
	id := int64(n.ID)
	if i, ok := h.find(id); ok {
		h.spots[i] = spot(n.Lon, n.Lat)
	}
	if len(n.Tags) == 0 {
		return nil
	}
	kept, err := h.keep(n.Tags)
	if err != nil || !nodeOfUse(kept) || !h.uploaded(id) {
		return err
	}
	h.nodes = append(h.nodes, &element{kind: 'n', id: id, tags: kept, at: pointOf(spot(n.Lon, n.Lat))})
	return h.full()
}

// find gives the place of a node among the wanted; most come in order.
func (h *hold) find(id int64) (int, bool) {
	if h.next < len(h.wanted) && h.wanted[h.next] == id {
		h.next++
		return h.next - 1, true
	}
	if h.next < len(h.wanted) && h.wanted[h.next] > id && (h.next == 0 || h.wanted[h.next-1] < id) {
		return 0, false
	}
	i, ok := slices.BinarySearch(h.wanted, id)
	if h.next = i; ok {
		h.next++
	}
	return i, ok
}

func onEarth(lon, lat float64) bool { return math.Abs(lon) <= 180 && math.Abs(lat) <= 90 }

// spot packs a position into steps of 1e-7 degrees, which is what OpenStreetMap
// has; no position is 0.
func spot(lon, lat float64) uint64 {
	return uint64(int64(math.Round(lon*1e7))+lonOffset)<<32 | uint64(int64(math.Round(lat*1e7))+latOffset)
}

const (
	lonOffset = 1_800_000_000
	latOffset = 900_000_001
)

func pointOf(s uint64) orb.Point {
	return orb.Point{float64(int64(s>>32)-lonOffset) / 1e7, float64(int64(s&math.MaxUint32)-latOffset) / 1e7}
}

// line gives the positions of a way; missing counts those that the extract does
// not have.
func (h *hold) line(w *element) (line orb.LineString, missing int) {
	line = make(orb.LineString, 0, w.to-w.from)
	for _, ref := range h.refs[w.from:w.to] {
		i, ok := slices.BinarySearch(h.wanted, ref)
		if !ok || h.spots[i] == 0 {
			missing++
			continue
		}
		if p := pointOf(h.spots[i]); len(line) == 0 || line[len(line)-1] != p {
			line = append(line, p)
		}
	}
	return line, missing
}
