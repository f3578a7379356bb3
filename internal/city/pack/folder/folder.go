package folder

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

// Report marks a folder as made here, so that it may be made anew.
const Report = "REPORT.md"

// Folder is a pack on its way to the disk.
type Folder struct {
	out  string
	work string
}

// Feature is a feature of GeoJSON (RFC 7946).
type Feature struct {
	Type       string          `json:"type"`
	Properties map[string]any  `json:"properties"`
	Geometry   json.RawMessage `json:"geometry"`
}

// Open begins a pack that will stand in out, which must be new, empty, or a pack
// made here before.
func Open(out string) (Folder, error) {
	entries, err := os.ReadDir(out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Folder{}, fmt.Errorf("look at %s: %w", out, err)
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(out, Report)); err != nil {
			return Folder{}, fmt.Errorf("%s holds something else than a pack made here: empty it first", out)
		}
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(out)), 0o755); err != nil {
		return Folder{}, fmt.Errorf("make the folder of %s: %w", out, err)
	}
	work, err := os.MkdirTemp(filepath.Dir(filepath.Clean(out)), ".pack-")
	if err != nil {
		return Folder{}, fmt.Errorf("make a folder beside %s: %w", out, err)
	}
	return Folder{out: out, work: work}, nil
}

// Close moves the pack to its place.
func (f Folder) Close() error {
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

// Drop removes what was written; after Close it does nothing.
func (f Folder) Drop() { os.RemoveAll(f.work) }

// FS is what was written so far.
func (f Folder) FS() fs.FS { return os.DirFS(f.work) }

// Write writes a file; name has slashes.
func (f Folder) Write(name string, body []byte) error {
	file := filepath.Join(f.work, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o644)
}

// WriteTable writes a CSV file with a header.
func (f Folder) WriteTable(name string, header []string, rows [][]string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(header); err != nil {
		return err
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return f.Write(name, b.Bytes())
}

// WriteFeatures writes a feature a line, so that a complaint about one finds it.
func (f Folder) WriteFeatures(name string, features []Feature) error {
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, one := range features {
		one.Type = "Feature"
		packed, err := json.Marshal(one)
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
	return f.Write(name, b.Bytes())
}
