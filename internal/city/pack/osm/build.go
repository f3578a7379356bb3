package osm

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"gorod/internal/city/pack"
	"gorod/internal/city/pack/folder"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/locale"
)

// Options say what a map does not, or choose between what it has.
type Options struct {
	// City is the boundary of the city: the number of its relation, r and the
	// number, w and that of a closed way, or a name; "" the largest city or town.
	City string
	// ID is the key of the city; "" its English name.
	ID string
	// Zone is its time zone, as Europe/Moscow. It must be there.
	Zone string
	// Levels are admin_levels; 0 chooses.
	CityLevel, DistrictLevel, MunicipalityLevel int
	// Say, which may be nil, hears what is being done.
	Say func(line string)
	// Progress, which may be nil, hears how many kilobytes of a pass are read.
	Progress func(what string, done, total int)
}

// Note is a section of the report: something that was left out, defaulted or
// chosen.
type Note struct {
	Title string   `json:"title"`
	Text  string   `json:"text"`
	Items []string `json:"items,omitempty"`
}

// Result is what became of an extract.
type Result struct {
	City   string            `json:"city"` // its key
	Name   map[string]string `json:"name"`
	Bounds [4]float64        `json:"bounds"` // west, south, east, north
	Notes  []Note            `json:"notes"`
	Check  pack.Report       `json:"check"` // of the pack, as an import reads it
}

// build is a pack in the making.
type build struct {
	folder.Folder
	options Options
	lender  *lender
	hold    *hold
	result  Result

	boundaries      []*boundary
	brokenBoundary  map[string]string // by key and by name: why
	city            *boundary
	border          *geo.Index
	box             geo.Box
	name            map[string]string
	cityInAddresses string
	districts       []*boundary
	areas           []area
	settlements     []*boundary
	settlementIndex *geo.Index
	transliterated  int

	streets         map[streetKey]*street
	houses          []*house
	leftHouses      map[string]*left
	twins           left
	severalNumbers  left
	unmappedStreets left
	repeatedNodes   int
	houseIDs        map[int64]bool
	nodeHouses      []*house
}

func (b *build) note(title, text string, items ...string) {
	b.result.Notes = append(b.result.Notes, Note{title, text, items})
}

// shape is shapeOf.
func (b *build) shape(e *element) (geo.Shape, string) { return b.hold.shapeOf(e) }

// Build reads the extract of a file, .osm.pbf or .osm, and writes the pack of
// its city to the folder out, which must be new, empty, or made by an earlier
// Build. lend is the pack from which topics and texts are borrowed.
//
// The pack is read again before it takes its place: one with errors is an
// Invalid fault, and out is left as it was, as it is after every other error.
func Build(ctx context.Context, file string, lend fs.FS, out string, options Options) (Result, error) {
	if options.Say == nil {
		options.Say = func(string) {}
	}
	if err := checkZone(options.Zone); err != nil {
		return Result{}, err
	}
	from, err := openSource(file)
	if err != nil {
		return Result{}, err
	}
	from.progress = options.Progress
	f, err := folder.Open(out)
	if err != nil {
		return Result{}, err
	}
	defer f.Drop()
	b := &build{Folder: f, options: options}
	if b.lender, err = openLender(lend); err != nil {
		return Result{}, err
	}
	if b.hold, err = readHold(ctx, from); err != nil {
		return Result{}, err
	}
	if err := b.make(ctx); err != nil {
		return Result{}, err
	}
	// Reading the pack takes as much memory again.
	*b = build{Folder: b.Folder, options: b.options, result: b.result, name: b.name, box: b.box, transliterated: b.transliterated,
		hold: &hold{counts: b.hold.counts}}
	if err := b.writeReport(); err != nil {
		return b.result, err
	}
	return b.result, f.Close()
}

// make makes the files of the pack from what is held.
func (b *build) make(ctx context.Context) error {
	done := func(do func()) func() error { return func() error { do(); return nil } }
	for _, step := range []struct {
		name string
		run  func() error
	}{
		{"boundaries", done(b.readBoundaries)},
		{"the city", b.chooseCity},
		{"its name", b.nameCity},
		{"districts and municipalities", b.makeAreas},
		{"settlements", done(b.makeSettlements)},
		{"streets", done(b.readStreets)},
		{"houses", done(b.readHouses)},
		{"areas", b.writeAreas},
		{"bounds", done(b.setBounds)},
		{"table of streets", b.writeStreets},
		{"table of houses", b.writeHouses},
		{"city.toml", b.writeCity},
		{"objects", b.writeObjects},
		{"organisations and staff", b.writeStaff},
		{"texts", b.writeTexts},
		{"map", b.writeLayers},
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		b.options.Say(step.name)
		if err := step.run(); err != nil {
			return fmt.Errorf("make %s: %w", step.name, err)
		}
	}
	return nil
}

// writeReport reads the pack as an import will and writes REPORT.md.
func (b *build) writeReport() error {
	b.options.Say("check")
	var dropped []string
	for _, why := range sortedKeys(b.hold.counts) {
		dropped = append(dropped, fmt.Sprintf("%s: %d", why, b.hold.counts[why]))
	}
	if len(dropped) > 0 {
		b.note("Elements", "What of the extract was not used:", dropped...)
	}
	if b.transliterated > 0 {
		b.note("English names", fmt.Sprintf("%d areas have no name:en and are transliterated.", b.transliterated))
	}
	_, report := pack.Read(b.FS())
	b.result.City, b.result.Name, b.result.Check = b.options.ID, b.name, report
	b.result.Bounds = [4]float64{b.box.Min.Lon, b.box.Min.Lat, b.box.Max.Lon, b.box.Max.Lat}
	cat, err := locale.Shipped()
	if err != nil {
		return fmt.Errorf("read phrases: %w", err)
	}
	say := func(p pack.Problem) string {
		return fmt.Sprintf("%s %s: %s", p.Severity, strings.TrimSpace(p.Where()+" "+p.Field), cat.T(locale.EN, p.Reason, p.Args...))
	}
	var s strings.Builder
	fmt.Fprintf(&s, "# %s: what this pack is made of\n\nMade by `gorod pack osm` from an extract of OpenStreetMap, "+
		"© OpenStreetMap contributors, ODbL 1.0.\nWhoever passes the pack on keeps that licence. "+
		"Everything that the map did not say is listed here.\n\n## Rows\n\n", b.name["en"])
	for _, name := range sortedKeys(report.Counts) {
		fmt.Fprintf(&s, "- %s: %d\n", name, report.Counts[name])
	}
	for _, n := range b.result.Notes {
		fmt.Fprintf(&s, "\n## %s\n\n%s\n", n.Title, n.Text)
		if len(n.Items) > 0 {
			s.WriteByte('\n')
		}
		for _, item := range n.Items {
			fmt.Fprintf(&s, "- %s\n", item)
		}
	}
	fmt.Fprintf(&s, "\n## What reading the pack says\n\n%d errors, %d warnings.\n\n", report.Errors, report.Warnings)
	for _, g := range report.Groups() {
		fmt.Fprintf(&s, "- %s", say(g.Problem))
		if len(g.Others) > 0 {
			fmt.Fprintf(&s, " (and %d more like this)", len(g.Others))
		}
		s.WriteByte('\n')
	}
	for _, d := range report.Defaulted {
		fmt.Fprintf(&s, "- default %s: %s\n", strings.TrimSpace(d.File+" "+d.Field), cat.T(locale.EN, d.Reason, d.Args...))
	}
	if err := report.Err(); err != nil {
		for _, p := range report.Problems[:min(report.Errors, 20)] {
			b.options.Say(say(p))
		}
		return fmt.Errorf("check the pack: %w", err)
	}
	return b.Write(folder.Report, []byte(s.String()))
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
