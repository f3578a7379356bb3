package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"gorod/internal/city/pack"
	"gorod/internal/city/suggest/evaluate"
	"gorod/internal/city/topic"
	"gorod/internal/platform/locale"
	"gorod/packs"
)

// zarechny is how the pack inside the binary is called.
const zarechny = "zarechny"

// readPack reads the pack of a folder, or the one inside the binary, and tells
// what is wrong with it.
func readPack(con *console, folder string) (*pack.Pack, error) {
	var files fs.FS = packs.Zarechny()
	if folder != zarechny {
		info, err := os.Stat(folder)
		if err != nil {
			return nil, fmt.Errorf("find the pack: %w", err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("%s is no folder of a pack", folder)
		}
		files = os.DirFS(folder)
	}
	p, report := pack.Read(files)
	if report.Errors > 0 {
		if err := printReport(con, report, folder); err != nil {
			return nil, err
		}
		return nil, errors.New("the pack has broken rows")
	}
	return p, nil
}

// tree is the tree of topics, of a pack, of a file of messages, or of both.
type tree struct {
	main             string // language of the names
	topics           map[topic.ID]topic.Topic
	objectNames      map[topic.ID]topic.Name
	object, category map[topic.ID]topic.ID
}

func treeOf(topics []topic.Topic, main string) *tree {
	t := &tree{main: main, topics: map[topic.ID]topic.Topic{}, objectNames: map[topic.ID]topic.Name{},
		object: map[topic.ID]topic.ID{}, category: map[topic.ID]topic.ID{}}
	for _, x := range topics {
		t.topics[x.ID], t.objectNames[x.Object] = x, x.ObjectName
		t.object[x.ID], t.category[x.ID] = x.Object, x.Category
	}
	return t
}

// join takes what a file says of topics that the tree does not have.
func (t *tree) join(f evaluate.File) {
	for id, object := range f.Objects {
		if t.object[id] == 0 {
			t.object[id], t.category[id] = object, f.CategoryOf(id)
		}
	}
}

// ObjectOf implements suggest.Tree.
func (t *tree) ObjectOf(id topic.ID) topic.ID { return t.object[id] }

// CategoryOf implements suggest.Tree.
func (t *tree) CategoryOf(id topic.ID) topic.ID { return t.category[id] }

// paths are the topics by object/category/reason, as files of messages name
// them.
func (t *tree) paths() map[string]topic.ID {
	paths := make(map[string]topic.ID, len(t.topics))
	for id, x := range t.topics {
		paths[x.ObjectName[t.main]+"/"+x.CategoryName[t.main]+"/"+x.Name[t.main]] = id
	}
	return paths
}

// name is a topic for people: by its number where the tree does not have it.
func (t *tree) name(id topic.ID, lang string) string {
	if name, _ := t.topics[id].Name.In(lang, t.main); name != "" {
		return name
	}
	return fmt.Sprintf("topic %d", id)
}

// path is where a topic stands in the tree; "" where the tree does not have it.
func (t *tree) path(id topic.ID, lang string) string {
	if x, known := t.topics[id]; known {
		return x.Path(lang, t.main)
	}
	return ""
}

// objectName is the first level of the tree for people.
func (t *tree) objectName(id topic.ID, lang string) string {
	if name, _ := t.objectNames[id].In(lang, t.main); name != "" {
		return name
	}
	return fmt.Sprintf("object %d", id)
}

// messageFiles are files of messages to be read together.
type messageFiles struct {
	zone  *time.Location
	paths map[string]topic.ID
}

// read opens and reads files of messages.
func (m messageFiles) read(con *console, names ...string) ([]evaluate.File, error) {
	var sources []evaluate.Source
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		sources = append(sources, evaluate.Source{Name: name, From: file})
	}
	bar := newBar(con.err, "lines read")
	defer bar.end()
	return evaluate.Read(evaluate.ReadOptions{Zone: m.zone, Paths: m.paths, Progress: func(lines int) { bar.set(lines, 0) }}, sources...)
}

// phrases are the catalogue in a language.
func phrases(lang string) (func(key string, args ...any) string, error) {
	cat, err := locale.Shipped()
	if err != nil {
		return nil, err
	}
	return func(key string, args ...any) string { return cat.T(locale.Lang(lang), key, args...) }, nil
}
