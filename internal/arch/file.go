package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

const (
	maxFileLines = 600
	maxFuncLines = 120
)

// vague are names that say nothing about what is inside.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "misc"}

// sql are the words by which a statement is known. Upper case, as our style
// writes statements, so that prose is not taken for one.
var sql = []string{"SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"}

// knowsDatabase tells the files of a capability that may: its store, the
// services that open transactions, and what rides in them.
func knowsDatabase(name string) bool {
	if storeFile(name) || name == "jobs.go" || name == "events.go" {
		return true
	}
	return name == "service.go" || strings.HasPrefix(name, "service_")
}

func storeFile(name string) bool { return name == "store.go" || strings.HasPrefix(name, "store_") }

// capability tells whether a file is one of a capability's own: not a test,
// not the samples for other packages' tests, not the list of migrations.
func capability(f goFile) bool {
	layer, below := layerOf(f.dir)
	return layer >= 0 && layers[layer] == "internal/city" && below != "" && first(below) != everything &&
		!f.test && !strings.HasSuffix(f.dir, "test")
}

// checkFiles keeps what each file of a capability may know.
func checkFiles(t *tree) []finding {
	var found []finding
	docs := map[string]bool{}
	for _, f := range t.files {
		if !capability(f) {
			continue
		}
		name := path.Base(f.path)
		docs[f.dir] = docs[f.dir] || name == "doc.go"
		for imp, pos := range imported(f) {
			if outside := imp == module+"internal/platform/sqldb" || imp == "database/sql" || imp == "net/http"; outside && !knowsDatabase(name) {
				found = append(found, t.at(f, pos, "%s may not import %s: only store, service, jobs and events files may", name, imp))
			}
		}
		if storeFile(name) {
			continue
		}
		texts(f, func(text string, pos token.Pos) {
			for _, word := range sql {
				if strings.Contains(text, word) {
					found = append(found, t.at(f, pos, "%s holds SQL (%s): SQL stands in store files", name, strings.TrimSpace(word)))
					return
				}
			}
		})
	}
	for dir, has := range docs {
		if !has {
			found = append(found, finding{path: dir, text: "doc.go is missing: what the capability is, its rules and their source"})
		}
	}
	return found
}

// checkNames keeps packages from being called by vague words.
func checkNames(t *tree) []finding {
	var found []finding
	for _, f := range t.files {
		for _, name := range []string{f.ast.Name.Name, path.Base(f.dir)} {
			if slices.Contains(vague, strings.TrimSuffix(name, "_test")) {
				found = append(found, t.at(f, f.ast.Name.Pos(), "%s says nothing about what the package is for", name))
				break
			}
		}
	}
	return found
}

// checkInit keeps anything from happening just because it was imported.
func checkInit(t *tree) []finding {
	var found []finding
	for _, f := range t.files {
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				found = append(found, t.at(f, fn.Pos(), "func init: what must happen is called by name, from app or main"))
			}
		}
	}
	return found
}

// checkSize keeps files and functions readable.
func checkSize(t *tree) []finding {
	var found []finding
	for _, f := range t.files {
		if n := t.fset.File(f.ast.Package).LineCount(); n > maxFileLines {
			found = append(found, finding{path: f.path, text: fmt.Sprintf("%d lines, more than %d", n, maxFileLines)})
		}
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := t.fset.Position(fn.End()).Line - t.fset.Position(fn.Pos()).Line + 1; n > maxFuncLines {
				found = append(found, t.at(f, fn.Pos(), "func %s has %d lines, more than %d", fn.Name.Name, n, maxFuncLines))
			}
		}
	}
	return found
}
