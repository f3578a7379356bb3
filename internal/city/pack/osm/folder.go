package osm

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folder is the pack on its way to the disk: it is written beside its place and
// moved there when it is whole.
type folder struct {
	out  string
	work string
}

// reportFile marks a folder as made by Build, so that it may be made anew.
const reportFile = "REPORT.md"

func openFolder(out string) (folder, error) {
	entries, err := os.ReadDir(out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return folder{}, fmt.Errorf("look at %s: %w", out, err)
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(out, reportFile)); err != nil {
			return folder{}, fmt.Errorf("%s holds something else than a pack made here: empty it first", out)
		}
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(out)), 0o755); err != nil {
		return folder{}, fmt.Errorf("make the folder of %s: %w", out, err)
	}
	work, err := os.MkdirTemp(filepath.Dir(filepath.Clean(out)), ".pack-")
	if err != nil {
		return folder{}, fmt.Errorf("make a folder beside %s: %w", out, err)
	}
	return folder{out: out, work: work}, nil
}

// close moves the folder to its place.
func (f folder) close() error {
	if err := os.Chmod(f.work, 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(f.out); err != nil {
		return fmt.Errorf("replace %s: %w", f.out, err)
	}
	if err := os.Rename(f.work, f.out); err != nil {
		return fmt.Errorf("move the pack to %s: %w", f.out, err)
	}
	return nil
}

func (f folder) drop() { os.RemoveAll(f.work) }

func (f folder) write(name string, body []byte) error {
	file := filepath.Join(f.work, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o644)
}

func (f folder) writeTable(name string, header []string, rows [][]string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(header); err != nil {
		return err
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return f.write(name, b.Bytes())
}

// writeFeatures writes a feature a line, so that a complaint about one finds it.
func (f folder) writeFeatures(name string, features []feature) error {
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range features {
		features[i].Type = "Feature"
		packed, err := json.Marshal(features[i])
		if err != nil {
			return fmt.Errorf("write feature %d of %s: %w", i, name, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(packed)
	}
	b.WriteString("\n]}\n")
	return f.write(name, b.Bytes())
}
