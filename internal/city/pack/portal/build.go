package portal

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"gorod/internal/city/pack"
	"gorod/internal/city/pack/folder"
	"gorod/internal/platform/locale"
)

// build is a pack in the making.
type build struct {
	shared fs.FS
	lender *lender
	folder.Folder
	log func(string)

	districts     []district
	topics        []topicRow
	organisations *register
	houses        []record
	met           met

	counts map[string]int
	notes  []note
}

// note is a section of REPORT.md.
type note struct {
	title string
	text  string
	items []string
}

func (b *build) note(title, text string, items ...string) {
	b.notes = append(b.notes, note{title, text, items})
}

// Build reads the collected files below the folder shared and writes the pack
// of St. Petersburg to the folder out, which must be new, empty, or made by an
// earlier Build. lender is the pack from which texts are borrowed. log, which
// may be nil, hears what is being done.
//
// The pack is read again before it takes its place: one with errors is an
// Invalid fault, and out is left as it was.
func Build(shared string, lender fs.FS, out string, log func(string)) error {
	if log == nil {
		log = func(string) {}
	}
	f, err := folder.Open(out)
	if err != nil {
		return err
	}
	defer f.Drop()
	b := &build{shared: os.DirFS(shared), Folder: f, log: log, counts: map[string]int{}}
	if b.lender, err = openLender(lender); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		run  func() error
	}{
		{"histories", b.readHistories},
		{"districts and municipalities", b.writeAreas},
		{"organisations", b.writeOrganisations},
		{"topics", b.writeTopics},
		{"fields of topics", b.writeFields},
		{"outages", b.writeResources},
		{"houses and streets", b.writeHouses},
		{"city", b.writeCity},
		{"objects", b.writeObjects},
		{"routing", b.writeRoutes},
		{"terms", b.writeTerms},
		{"staff", b.writePeople},
		{"texts", b.writeTexts},
		{"calendars", b.writeCalendars},
		{"map", b.writeLayers},
	} {
		log(step.name)
		if err := step.run(); err != nil {
			return fmt.Errorf("make %s: %w", step.name, err)
		}
	}
	if err := b.writeReport(); err != nil {
		return err
	}
	return f.Close()
}

// writeReport reads the pack as an import will and writes REPORT.md.
func (b *build) writeReport() error {
	b.log("check")
	_, report := pack.Read(b.FS())
	var s strings.Builder
	s.WriteString("# St. Petersburg: what this pack is made of\n\nMade by `gorod pack portal` from files collected from the portal " +
		"«Наш Санкт-Петербург» and from open maps.\nEverything that is not the city's own is listed here.\n\n## Rows\n\n")
	for _, name := range slices.Sorted(maps.Keys(report.Counts)) {
		fmt.Fprintf(&s, "- %s: %d\n", name, report.Counts[name])
	}
	for _, n := range b.notes {
		fmt.Fprintf(&s, "\n## %s\n\n%s\n", n.title, n.text)
		if len(n.items) > 0 {
			s.WriteByte('\n')
		}
		for _, item := range n.items {
			fmt.Fprintf(&s, "- %s\n", item)
		}
	}
	fmt.Fprintf(&s, "\n## What reading the pack says\n\n%d errors, %d warnings.\n\n", report.Errors, report.Warnings)
	cat, err := locale.Shipped()
	if err != nil {
		return fmt.Errorf("read phrases: %w", err)
	}
	for _, p := range report.Problems {
		fmt.Fprintf(&s, "- %s %s: %s\n", p.Severity, strings.TrimSpace(p.Where()+" "+p.Field), cat.T(locale.EN, p.Reason, p.Args...))
	}
	for _, d := range report.Defaulted {
		fmt.Fprintf(&s, "- default %s: %s\n", strings.TrimSpace(d.File+" "+d.Field), cat.T(locale.EN, d.Reason, d.Args...))
	}
	if err := report.Err(); err != nil {
		for _, p := range report.Problems[:min(report.Errors, 20)] {
			b.log(fmt.Sprintf("%s %s: %s", p.Where(), p.Field, cat.T(locale.EN, p.Reason, p.Args...)))
		}
		return fmt.Errorf("check the pack: %w", err)
	}
	b.log(fmt.Sprintf("%d houses, %d topics, %d routes, %d warnings", report.Counts["houses"], report.Counts["topics"],
		report.Counts["routes"], report.Warnings))
	return b.Write(folder.Report, []byte(s.String()))
}
