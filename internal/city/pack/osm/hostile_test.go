package osm

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	_ "time/tzdata" // the zones must not depend on the machine

	"github.com/paulmach/orb"

	"gorod/internal/platform/geo"
	"gorod/packs"
)

// packed writes a list of numbers.
func packed(values ...uint64) []byte {
	var list []byte
	for _, v := range values {
		list = binary.AppendUvarint(list, v)
	}
	return list
}

// deltas writes a list of signed numbers, each as what it adds to the one before.
func deltas(values ...int64) []byte {
	var list []byte
	last := int64(0)
	for _, v := range values {
		list = binary.AppendVarint(list, v-last)
		last = v
	}
	return list
}

// blob frames a body.
func blob(kind string, blob []byte) []byte {
	header := appendNumber(appendBytes(nil, 1, []byte(kind)), 3, uint64(len(blob)))
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(header))), header...), blob...)
}

func raw(body []byte) []byte { return appendBytes(nil, 1, body) }

func zipped(tb testing.TB, body []byte, said int) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return appendBytes(appendNumber(nil, 2, uint64(said)), 3, b.Bytes())
}

func header(features ...string) []byte {
	var body []byte
	for _, f := range features {
		body = appendBytes(body, 4, []byte(f))
	}
	return blob("OSMHeader", raw(body))
}

// block is a block with a table of strings and one group.
func block(strs []string, group []byte) []byte {
	var table []byte
	for _, s := range strs {
		table = appendBytes(table, 1, []byte(s))
	}
	return appendBytes(appendBytes(nil, 1, table), 2, group)
}

func data(strs []string, group []byte) []byte { return blob("OSMData", raw(block(strs, group))) }

func dense(ids, lats, lons, tags []byte) []byte {
	body := appendBytes(appendBytes(appendBytes(nil, 1, ids), 8, lats), 9, lons)
	if tags != nil {
		body = appendBytes(body, 10, tags)
	}
	return appendBytes(nil, 2, body)
}

func wayOf(id int64, keys, values, refs []byte) []byte {
	body := appendNumber(nil, 1, uint64(id))
	for i, list := range map[int][]byte{2: keys, 3: values, 8: refs} {
		if list != nil {
			body = appendBytes(body, i, list)
		}
	}
	return appendBytes(nil, 3, body)
}

func relationOf(id int64, keys, values, roles, ids, kinds []byte) []byte {
	body := appendNumber(nil, 1, uint64(id))
	for i, list := range map[int][]byte{2: keys, 3: values, 8: roles, 9: ids, 10: kinds} {
		if list != nil {
			body = appendBytes(body, i, list)
		}
	}
	return appendBytes(nil, 4, body)
}

func sourceOf(body []byte) *source {
	return &source{name: "test", size: int64(len(body)), xml: bytes.HasPrefix(body, []byte("<")), open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(body)), nil
	}}
}

const plainFeatures = "OsmSchema-V0.6"

// square is a town of four nodes and a way round it.
func square() []byte {
	nodes := data([]string{"", "place", "town", "name", "Энск"}, dense(deltas(1, 2, 3, 4, 5), deltas(570000000, 570000000, 570200000, 570200000, 570100000),
		deltas(410000000, 410300000, 410300000, 410000000, 410100000), packed(0, 0, 0, 0, 1, 2, 3, 4, 0)))
	ways := data([]string{"", "highway", "residential"}, append(
		wayOf(10, nil, nil, deltas(1, 2, 3, 4, 1)), wayOf(11, packed(1), packed(2), deltas(1, 3))...))
	relations := data([]string{"", "type", "boundary", "administrative", "admin_level", "8", "name", "Энск", "outer"},
		relationOf(20, packed(1, 2, 4, 6), packed(2, 3, 5, 7), packed(8, 8), deltas(10, 20), packed(1, 2)))
	return bytes.Join([][]byte{header(plainFeatures, "DenseNodes"), nodes, ways, relations}, nil)
}

// townOf goes through everything that reads geometry, without writing.
func townOf(body []byte) (*build, error) {
	b := &build{options: Options{ID: "town", Zone: "UTC", Say: func(string) {}}}
	var err error
	if b.hold, err = readHold(context.Background(), sourceOf(body)); err != nil {
		return b, err
	}
	b.readBoundaries()
	if err := b.chooseCity(); err != nil {
		return b, err
	}
	if err := b.nameCity(); err != nil {
		return b, err
	}
	if err := b.makeAreas(); err != nil {
		return b, err
	}
	b.makeSettlements()
	b.readStreets()
	b.readHouses()
	b.setBounds()
	layers := map[string]*mapLayer{"water": {}, "green": {}, "buildings": {}, "roads": {}, "rail": {}, "bridges": {}}
	b.findNodeHouses()
	for _, list := range [][]*element{b.hold.relations, b.hold.ways} {
		for _, e := range list {
			b.drawArea(layers, e)
			if e.kind == 'w' {
				b.drawLines(layers, e)
			}
		}
	}
	return b, nil
}

func TestATinyFileIsRead(t *testing.T) {
	t.Parallel()
	b, err := townOf(square())
	if err != nil {
		t.Fatal(err)
	}
	if b.name["ru"] != "Энск" || len(b.areas) != 2 || b.hold.counts["relations within relations, not followed"] != 1 {
		t.Errorf("%v has %d areas; %v", b.name, len(b.areas), b.hold.counts)
	}
	if want := (geo.Box{Min: geo.Point{Lat: 56.995, Lon: 40.995}, Max: geo.Point{Lat: 57.026, Lon: 41.036}}); b.box != want {
		t.Errorf("bounds %v, want %v", b.box, want)
	}
}

func TestAHostileFileIsRefusedWithItsBlock(t *testing.T) {
	t.Parallel()
	good := header(plainFeatures)
	strs := []string{"", "name", "x"}
	after := func(blocks ...[]byte) []byte { return append(bytes.Clone(good), bytes.Join(blocks, nil)...) }
	of := func(strs []string, group []byte) []byte { return after(data(strs, group)) }
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"no block":                   {nil, "the file is empty"},
		"random bytes":               {[]byte("There was a city on a river."), "block 1 at byte 0: its header of 1416127858 bytes"},
		"a header of nothing":        {[]byte{0, 0, 0, 0}, "its header of 0 bytes"},
		"ends in the size":           {[]byte{0, 0, 0}, "ends in the middle"},
		"ends in the header":         {good[:9], "ends in the middle"},
		"ends after the header":      {good[:4+int(good[3])], "ends in the middle"},
		"ends in the blob":           {square()[:len(square())-3], "block 4 at byte 221: the file ends in the middle"},
		"no OSMHeader":               {data(strs, nil), `it is a "OSMData", not the OSMHeader`},
		"a blob of 2 GB":             {[]byte{0, 0, 0, 8, 0x0a, 0, 0x18, 0xff, 0xff, 0xff, 0xff, 0x07}, "a block of 2147483647 bytes is more"},
		"a feature of tomorrow":      {header("Telepathy"), `it needs "Telepathy"`},
		"a file of history":          {header("HistoricalInformation"), "osmium time-filter"},
		"lzma":                       {after(blob("OSMData", appendBytes(nil, 4, []byte("x")))), "packed otherwise than with zlib"},
		"no data":                    {after(blob("OSMData", nil)), "0 times data"},
		"twice data":                 {after(blob("OSMData", append(raw(nil), raw(nil)...))), "2 times data"},
		"no zlib":                    {after(blob("OSMData", appendBytes(appendNumber(nil, 2, 5), 3, []byte("hello")))), "unpack"},
		"a size beyond all":          {after(blob("OSMData", zipped(t, []byte("x"), 1<<40))), "it says that it unpacks to 1099511627776 bytes"},
		"less than it says":          {after(blob("OSMData", zipped(t, []byte("x"), 2))), "unpack: 1 of the 2 bytes"},
		"more than it says":          {after(blob("OSMData", zipped(t, make([]byte, 1<<20), 16))), "other than the 16 bytes"},
		"a bomb":                     {after(blob("OSMData", zipped(t, make([]byte, 40<<20), 40<<20))), "unpacks to 41943040 bytes"},
		"a string that is not":       {of(strs, dense(deltas(1), deltas(1), deltas(1), packed(1, 77, 0))), "block 2 at byte 35: nodes: string 77 of 3"},
		"ids without latitudes":      {of(strs, dense(deltas(1, 2), deltas(1), deltas(1, 2), nil)), "2 ids with 1 latitudes and 2 longitudes"},
		"tags of too few":            {of(strs, dense(deltas(1, 2), deltas(1, 2), deltas(1, 2), packed(1, 2, 0))), "tags of 1 for 2"},
		"half a tag":                 {of(strs, dense(deltas(1), deltas(1), deltas(1), packed(1))), "tags of 0 for 1"},
		"nodes that stand singly":    {of(strs, appendBytes(nil, 1, []byte{8, 2})), "osmium cat"},
		"keys without values":        {of(strs, wayOf(7, packed(1, 1), packed(2), nil)), "way 7: 2 keys with 1 values"},
		"a value that is not":        {of(strs, wayOf(7, packed(1), packed(3), nil)), "way 7: string 3 of 3"},
		"a number that does not end": {of(strs, wayOf(7, nil, nil, []byte{0x80})), "a number that does not end"},
		"roles without members":      {of(strs, relationOf(9, nil, nil, packed(1), nil, nil)), "relation 9: 1 roles, 0 ids"},
		"a kind that is not":         {of(strs, relationOf(9, nil, nil, packed(1), deltas(1), packed(3))), "a member of kind 3"},
		"a way without id":           {of(strs, appendBytes(nil, 3, appendBytes(nil, 8, deltas(1)))), "no id"},
		"an id twice":                {of(strs, appendBytes(nil, 3, appendNumber(appendNumber(nil, 1, 1), 1, 2))), "occurs twice"},
		"an id of bytes":             {of(strs, appendBytes(nil, 3, appendBytes(nil, 1, []byte("x")))), "not of its kind"},
		"a field beyond its end":     {after(blob("OSMData", raw([]byte{0x12, 0x7f, 1}))), "longer than what holds it"},
		"a field of no kind":         {after(blob("OSMData", raw([]byte{0x0f}))), "unknown kind"},
		"half an XML":                {[]byte(`<osm version="0.6"><node id="1" lat="57"`), "XML"},
		"an XML of words":            {[]byte(`<osm><node id="one" lat="57" lon="41"/></osm>`), `"one"`},
		"an XML of nothing":          {[]byte(`<osm/>`), "has no administrative boundary"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := townOf(tt.file)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v\nwant one with %q", err, tt.want)
			}
		})
	}
}

// city writes the town of square with more nodes, ways and relations in XML.
func city(more string) []byte {
	return []byte(`<osm version="0.6"><node id="1" lat="57" lon="41"/><node id="2" lat="57" lon="41.03"/><node id="3" lat="57.02" lon="41.03"/>` +
		`<node id="4" lat="57.02" lon="41"/><way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>` +
		`<tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="place" v="town"/><tag k="name" v="Энск"/></way>` + more + `</osm>`)
}

func TestStrangeElementsAreLeftOutAndCounted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ы", 600)
	b, err := townOf(city(`<node id="-7" lat="57.01" lon="41.01"><tag k="natural" v="tree"/></node>` +
		`<node id="8" lat="97" lon="41"/><node id="9" lat="57" lon="-181"/>` +
		`<node id="6" lat="57.01" lon="41.01"><tag k="name" v="` + long + `"/><tag k="natural" v="tree"/></node>` +
		`<node id="6" lat="57.01" lon="41.01"><tag k="natural" v="tree"/></node>` +
		`<way id="11"><nd ref="8"/><nd ref="404"/><nd ref="1"/><tag k="building" v="yes"/></way>` +
		`<way id="12"><tag k="highway" v="path"/></way><way id="13"><nd ref="1"/><tag k="highway" v="path"/></way>` +
		`<relation id="20"><member type="relation" ref="20" role="outer"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>` +
		`<relation id="21"><member type="way" ref="10" role="inner"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>`))
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]int{
		"nodes that are not on the earth, left out": 2, "tags longer than 255 letters, left out": 1, "elements that occur twice, the second left out": 1,
		"relations within relations, not followed": 1, "elements without a lasting id (below 1, or beyond 60 bits), left out": 1,
	} {
		if got := b.hold.counts[what]; got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	for key, want := range map[string]string{
		"w11": "2 of its nodes are not in the extract", "w12": "its line is not closed", "r20": "it has no ring", "r21": "1 holes lie outside",
	} {
		for _, e := range append(b.hold.ways, b.hold.relations...) {
			if e.key() != key {
				continue
			}
			if _, got := b.shape(e); got != want {
				t.Errorf("%s: %q, want %q", key, got, want)
			}
		}
	}
}

func TestAHundredThousandVerticesTakeNoTime(t *testing.T) {
	t.Parallel()
	const n = 100_000
	ids, lats, lons := []int64{1, 2, 3, 4}, []int64{570000000, 570000000, 570200000, 570200000}, []int64{410000000, 410300000, 410300000, 410000000}
	var comb []int64
	for i := range int64(n) { // every simplification of the whole line would look at all of it
		ids, lats, lons = append(ids, 1000+i), append(lats, 570010000+i%2*100000+i/100), append(lons, 410010000+2*i)
		comb = append(comb, 1000+i)
	}
	strs := []string{"", "boundary", "administrative", "admin_level", "8", "place", "town", "name", "Энск", "natural", "water", "highway", "path"}
	ways := wayOf(10, packed(1, 3, 5, 7), packed(2, 4, 6, 8), deltas(1, 2, 3, 4, 1))
	ways = append(ways, wayOf(12, packed(11), packed(12), deltas(comb...))...)
	ways = append(ways, wayOf(11, packed(9), packed(10), deltas(append(comb, 1000)...))...)
	b, err := townOf(bytes.Join([][]byte{header(plainFeatures), data(nil, dense(deltas(ids...), deltas(lats...), deltas(lons...), nil)), data(strs, ways)}, nil))
	if err != nil || len(b.hold.wanted) != n+4 {
		t.Fatalf("%d nodes, %v", len(b.hold.wanted), err)
	}
}

func TestManyBlocksOfNothingDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	// 10 blocks that unpack to 16 MB of strings each.
	var table []byte
	for range 1 << 16 {
		table = appendBytes(table, 1, bytes.Repeat([]byte("a"), 250))
	}
	body := appendBytes(appendBytes(nil, 1, table), 2, wayOf(1, nil, nil, deltas(1, 2)))
	one := blob("OSMData", zipped(t, body, len(body)))
	file := header(plainFeatures)
	for range 10 {
		file = append(file, one...)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := readHold(context.Background(), sourceOf(file)); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 64<<20 {
		t.Errorf("%d MB are held after it", grown>>20)
	}
}

func TestRingsThatTouchAreParted(t *testing.T) {
	t.Parallel()
	// Two squares that share node 1, drawn as one line of eight and its parts.
	at := map[int64]orb.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {-1, 0}, 6: {-1, -1}, 7: {0, -1}}
	h := &hold{wayByID: map[int64]*element{}}
	for id := int64(1); id <= 7; id++ {
		h.wanted, h.spots = append(h.wanted, id), append(h.spots, spot(at[id][0], at[id][1]))
	}
	relation := &element{kind: 'r', id: 1}
	for i, refs := range [][]int64{{1, 2, 3}, {1, 4, 3}, {1, 5, 6, 7}, {7, 1}} {
		w := &element{kind: 'w', id: int64(i + 1), from: len(h.refs), to: len(h.refs) + len(refs)}
		h.refs = append(h.refs, refs...)
		h.wayByID[w.id] = w
		h.members = append(h.members, member{w.id, 'o'})
	}
	relation.to = len(h.members)
	shape, broken := h.shapeOf(relation)
	if broken != "" || len(shape) != 2 || len(shape[0][0]) != 5 || len(shape[1][0]) != 5 {
		t.Fatalf("%v, %q", shape, broken)
	}
	for p, want := range map[orb.Point]bool{{0.5, 0.5}: true, {-0.5, -0.5}: true, {0.5, -0.5}: false} {
		if holds(shape, p) != want {
			t.Errorf("%v: %v", p, !want)
		}
	}
}

func TestPositionsSurviveTheirPacking(t *testing.T) {
	t.Parallel()
	for _, p := range []orb.Point{{0, 0}, {180, 90}, {-180, -90}, {30.3141234, 59.9386312}, {-0.0000001, 0.0000001}} {
		if s := spot(p[0], p[1]); s == 0 || pointOf(s) != p {
			t.Errorf("%v became %v (%d)", p, pointOf(s), s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(square())
	f.Add(header(plainFeatures))
	f.Add(append(header(plainFeatures), blob("OSMData", zipped(f, block([]string{"", "a"}, wayOf(1, packed(1), packed(1), deltas(1, -2))), 30))...))
	f.Add(city(`<relation id="20"><member type="way" ref="10" role="inner"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>`))
	if body, err := os.ReadFile(filepath.Join("testdata", "town.osm")); err == nil {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<20 {
			return
		}
		b, err := townOf(body)
		if err != nil {
			return
		}
		for _, a := range b.areas {
			if len(a.shape) == 0 || !a.shape.Bounds().Valid() {
				t.Errorf("area %s has the bounds %v", a.id, a.shape.Bounds())
			}
		}
	})
}

// FuzzBlock mutates what lies inside a block, where a fuzzer of files hardly
// comes.
func FuzzBlock(f *testing.F) {
	f.Add(block([]string{"", "name", "x"}, dense(deltas(1, 2), deltas(1, 2), deltas(1, 2), packed(1, 2, 0, 0))))
	f.Add(block([]string{"", "name", "x"}, wayOf(1, packed(1), packed(2), deltas(1, 2, 1))))
	f.Add(block([]string{"", "name", "x"}, relationOf(1, packed(1), packed(2), packed(1), deltas(1), packed(1))))
	f.Fuzz(func(_ *testing.T, body []byte) {
		if len(body) < 1<<20 {
			_, _ = townOf(append(header(plainFeatures), blob("OSMData", raw(body))...))
		}
	})
}

func TestAHostileFileLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "bad.osm.pbf")
	for name, tt := range map[string]struct {
		body []byte
		want string
	}{
		"empty": {nil, "bad.osm.pbf is empty"}, "bzip2": {[]byte("BZh91AY"), "is packed"},
		"truncated": {square()[:200], "bad.osm.pbf: block"},
	} {
		if err := os.WriteFile(file, tt.body, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Build(context.Background(), file, packs.Zarechny(), filepath.Join(dir, "out"), Options{Zone: "UTC"})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v\nwant one with %q", name, err, tt.want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
