package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"unicode/utf8"

	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// maxFile is the largest file that is read, in bytes: the houses of a
// metropolis take a hundred megabytes.
const maxFile = 256 << 20

// reading is a pack on its way from the folder.
type reading struct {
	fsys    fs.FS
	pack    *Pack
	report  Report
	hash    hash.Hash
	columns map[string]map[string]int // by file: which column a field is
	lines   map[string][]int          // by file: the line of each row that was kept
	seen    map[string]map[string]int // by kind: the line of each id, of broken rows too
	index   *geo.Index                // of the pack's areas
	fields  map[string]topic.Extra    // own fields of topics, by id
}

// Read reads a pack and reports everything that is wrong with it. The pack is
// usable only if Report.Err is nil; it is never nil itself.
func Read(fsys fs.FS) (*Pack, Report) {
	r := &reading{
		fsys: fsys, pack: &Pack{}, hash: sha256.New(),
		columns: map[string]map[string]int{}, lines: map[string][]int{}, seen: map[string]map[string]int{},
	}
	r.report.Counts = map[string]int{}
	r.city()
	r.areas()
	r.organisations()
	r.objectKinds()
	r.ownFields()
	r.topics()
	r.streets()
	r.houses()
	r.objects()
	r.passports()
	r.companies()
	r.resources()
	r.cleaning()
	r.people()
	r.routes()
	r.terms()
	r.clauses()
	r.steps()
	r.templates()
	r.examples()
	r.calendars()
	r.texts()
	r.layers()
	r.photos()
	r.pack.Hash = formatPrefix + hex.EncodeToString(r.hash.Sum(nil))
	r.story()
	r.houseStory()
	r.check()
	r.count()
	r.report.settle()
	return r.pack, r.report
}

func (r *reading) count() {
	p := r.pack
	for name, n := range map[string]int{
		"topics": len(p.Topics), "terms": len(p.Terms), "calendars": len(p.Years), "areas": len(p.Areas), "houses": len(p.Houses),
		"streets": len(p.Streets), "objects": len(p.Objects), "kinds": len(p.Kinds), "organisations": len(p.Organisations), "people": len(p.People),
		"routes": len(p.Routes), "clauses": len(p.Clauses), "steps": len(p.Steps), "templates": len(p.Templates),
		"examples": len(p.Examples), "texts": len(p.Texts), "layers": len(p.Layers), "photos": len(p.Photos), "story": len(p.Story),
		"passports": len(p.Passports), "companies": len(p.Companies), "resources": len(p.Resources), "cleaning": len(p.Cleaning),
	} {
		r.report.Counts[name] = n
	}
}

func (r *reading) fail(file string, line int, field, reason string, args ...any) {
	r.report.add(Problem{File: file, Line: line, Column: r.columns[file][field], Field: field, Severity: Error, Reason: reason, Args: args})
}

func (r *reading) warn(file string, line int, field, reason string, args ...any) {
	r.report.add(Problem{File: file, Line: line, Column: r.columns[file][field], Field: field, Severity: Warning, Reason: reason, Args: args})
}

func (r *reading) defaulted(file, field, reason string, args ...any) {
	r.report.Defaulted = append(r.report.Defaulted, Defaulted{file, field, reason, args})
}

// bytes reads a file that is UTF-8 text and adds it to the hash. A file that
// is not there is an error where lacking is "", else a default that lacking
// explains.
func (r *reading) bytes(file, lacking string) ([]byte, bool) {
	data, err := readFile(r.fsys, file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && lacking != "":
		r.defaulted(file, "", lacking)
		return nil, false
	case errors.Is(err, fs.ErrNotExist):
		r.fail(file, 0, "", "pack.file_missing")
		return nil, false
	case err != nil:
		r.fail(file, 0, "", "pack.file_unreadable", err.Error())
		return nil, false
	}
	fmt.Fprintf(r.hash, "%s\x00%d\x00", file, len(data))
	r.hash.Write(data)
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if at := badRune(data); at >= 0 {
		r.fail(file, lineAt(data, at), "", "pack.not_utf8")
		return nil, false
	}
	return data, true
}

func readFile(fsys fs.FS, file string) ([]byte, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("larger than %d MB", maxFile>>20)
	}
	return data, nil
}

// badRune is where the text stops being UTF-8, -1 if nowhere.
func badRune(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// lineAt is the number of the line in which a byte stands.
func lineAt(data []byte, at int) int {
	return 1 + bytes.Count(data[:min(max(at, 0), len(data))], []byte("\n"))
}

// glob lists files by pattern, in order.
func (r *reading) glob(pattern string) []string {
	names, err := fs.Glob(r.fsys, pattern)
	if err != nil {
		return nil // only a pattern of ours can be bad
	}
	return names
}
