package portal

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/pack"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/topic"
)

// recorded is the file of histories in the source.
const recorded = "ourspb/problems.ndjson.gz"

// met is what people met in the recorded histories: the tree and the registers
// are of a later year and do not have all of it any more.
type met struct {
	histories int
	bodies    map[string]bool   // names of organisations
	paths     map[string]string // topics as they were written, by plain path
	renamed   map[string]bool   // plain paths whose topic the history's own number tells
}

// readHistories learns what was met and takes the file into the pack: a demo
// replays it. Without the file the pack is made of the tables alone.
func (b *build) readHistories() error {
	b.met = met{bodies: map[string]bool{}, paths: map[string]string{}, renamed: map[string]bool{}}
	body, err := fs.ReadFile(b.shared, recorded)
	if errors.Is(err, fs.ErrNotExist) {
		b.note("Histories", recorded+" is not there: a demo of this pack begins empty.")
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", recorded, err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("read %s: %w", recorded, err)
	}
	lines := history.Lines(unzipped)
	for n := 1; lines.Scan(); n++ {
		h, err := history.Decode(lines.Bytes())
		if err == nil {
			err = b.met.take(h)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", recorded, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", recorded, err)
	}
	b.note("Histories", fmt.Sprintf("%d recorded histories; a demo of this pack replays them.", b.met.histories))
	return b.Write(pack.HistoriesFile, body)
}

// take notes the organisations and topics of one history.
func (m *met) take(h history.History) error {
	m.histories++
	r := h.Responsible
	for _, body := range []*history.Body{r.Executor, r.Coordinator, r.Controller} {
		if body != nil {
			m.body(body.Name)
		}
	}
	last := ""
	for _, e := range h.Events {
		switch {
		case e.Type == history.TypeAnswer:
			m.body(e.Org)
		case e.Type == history.TypeRoute:
			route, err := history.ParseRoute(e.Comment)
			if err != nil {
				return err
			}
			m.body(route.Controller)
			m.body(route.Coordinator)
		case e.Type == history.TypeChange && e.Change != nil:
			m.paths[history.Plain(e.Change.Old)] = e.Change.Old
			last = history.Plain(e.Change.Current)
		}
	}
	// The last change leads to the topic that the history is filed under.
	m.renamed[last] = true
	return nil
}

func (m *met) body(name string) {
	if name = strings.Join(strings.Fields(name), " "); name != "" {
		m.bodies[name] = true
	}
}

// firstRetired numbers the topics that have no number any more; the portal's
// own numbers are far below.
const firstRetired topic.ID = 1_000_001

// retired enters the topics that people chose and that the tree does not have
// any more, closed: a history that began under one can be told.
func (t *topicTable) retired() {
	var told []string
	next := firstRetired
	for _, plain := range slices.Sorted(maps.Keys(t.b.met.paths)) {
		if t.paths[plain] || t.b.met.renamed[plain] {
			continue
		}
		parts := strings.SplitN(t.b.met.paths[plain], "/", 3)
		if len(parts) < 3 {
			continue
		}
		for i, part := range parts {
			parts[i] = strings.Join(strings.Fields(part), " ")
		}
		object, category := known(t.knownObjects, parts[0]), known(t.knownCategories, parts[0]+"/"+parts[1])
		row := topicRow{id: next, object: object, category: category}
		next++
		t.b.topics = append(t.b.topics, row)
		id, objectID, categoryID := number(row.id), number(object), number(category)
		t.rows = append(t.rows, []string{
			id, objectID, parts[0], t.objects[objectID], categoryID, parts[1], t.categories[categoryID], parts[2], "",
			string(topic.FreePoint), string(topic.NoEvidence), "", "", bit(true), bit(false),
			"", "", "", "", "", bit(false), bit(false), bit(true), bit(true), "", "", "", "", "", "",
		})
		told = append(told, id+": "+t.b.met.paths[plain])
	}
	t.b.note("Topics that only histories have", "Retired before the tree was read; entered closed, under numbers of our own.", told...)
}

// known is the number of an object or category by its plain path; one that is
// gone gets a number of our own.
func known(ids map[string]topic.ID, path string) topic.ID {
	plain := history.Plain(path)
	if ids[plain] == 0 {
		ids[plain] = firstRetired + topic.ID(len(ids))
	}
	return ids[plain]
}

func number(id topic.ID) string { return strconv.FormatInt(int64(id), 10) }
