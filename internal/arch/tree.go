package arch

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is what our import paths begin with.
const module = "gorod/"

// tree is the source as the rules see it.
type tree struct {
	fsys  fs.FS
	fset  *token.FileSet
	files []goFile
	names []string // every file that is ours, Go or not
}

// goFile is one parsed file.
type goFile struct {
	path string
	dir  string
	test bool // named _test.go
	ast  *ast.File
}

// finding is one broken rule.
type finding struct {
	path string
	line int // 0: the file or folder as a whole
	text string
}

// String is the finding as a compiler would write it.
func (f finding) String() string {
	if f.line == 0 {
		return f.path + ": " + f.text
	}
	return fmt.Sprintf("%s:%d: %s", f.path, f.line, f.text)
}

// skipped are folders that hold nothing of ours: fetched, built or made.
var skipped = []string{".git", "node_modules", "dist", "testdata"}

// made are folders at the top that a build or a demo makes.
var made = []string{"build", "data"}

// load reads and parses a tree.
func load(fsys fs.FS) (*tree, error) {
	t := &tree{fsys: fsys, fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if slices.Contains(skipped, d.Name()) || slices.Contains(made, name) {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		t.names = append(t.names, name)
		if strings.HasSuffix(name, ".go") {
			return t.parse(name)
		}
		return nil
	})
	return t, err
}

func (t *tree) parse(name string) error {
	src, err := fs.ReadFile(t.fsys, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(t.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if neverBuilt(file) {
		return nil
	}
	t.files = append(t.files, goFile{
		path: name,
		dir:  path.Dir(name),
		test: strings.HasSuffix(name, "_test.go"),
		ast:  file,
	})
	return nil
}

// neverBuilt tells a file that is there for the go command only: its tag is
// "ignore" or "keep".
func neverBuilt(file *ast.File) bool {
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			return false
		}
		for _, comment := range group.List {
			expr, err := constraint.Parse(comment.Text)
			if err != nil {
				continue
			}
			if tag, ok := expr.(*constraint.TagExpr); ok && (tag.Tag == "ignore" || tag.Tag == "keep") {
				return true
			}
		}
	}
	return false
}

// at makes a finding at a place in a Go file.
func (t *tree) at(f goFile, pos token.Pos, format string, args ...any) finding {
	return finding{f.path, t.fset.Position(pos).Line, fmt.Sprintf(format, args...)}
}

// imported lists the import paths of a file with their places.
func imported(f goFile) map[string]token.Pos {
	list := map[string]token.Pos{}
	for _, spec := range f.ast.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			list[name] = spec.Pos()
		}
	}
	return list
}

// texts walks the string literals of a file that are no import paths.
func texts(f goFile, visit func(text string, pos token.Pos)) {
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(n.Value); err == nil {
				visit(text, n.Pos())
			}
		}
		return true
	})
}
