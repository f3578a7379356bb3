package arch

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// selfEvident are methods whose meaning an interface of the standard library
// gives; a comment could only repeat it.
var selfEvident = []string{
	"String", "GoString", "Error", "Unwrap", "Is", "As", "LogValue", "Len", "Less", "Swap",
	"MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON", "Scan", "Value", "ServeHTTP",
	"Read", "Write", "Close",
}

// checkComments keeps a comment on every package and every exported name.
func checkComments(t *tree) []finding {
	var found []finding
	documented := map[string]bool{}
	place := map[string]goFile{}
	for _, f := range t.files {
		if f.test {
			continue
		}
		if _, ok := place[f.dir]; !ok {
			place[f.dir] = f
		}
		documented[f.dir] = documented[f.dir] || strings.TrimSpace(f.ast.Doc.Text()) != ""
		for _, decl := range f.ast.Decls {
			found = append(found, t.bare(f, decl)...)
		}
	}
	for dir, f := range place {
		if !documented[dir] {
			found = append(found, finding{path: dir, text: "package " + f.ast.Name.Name + " has no comment that says what it is for"})
		}
	}
	return found
}

// bare lists the exported names of a declaration that have no comment.
func (t *tree) bare(f goFile, decl ast.Decl) []finding {
	var found []finding
	miss := func(name *ast.Ident) {
		found = append(found, t.at(f, name.Pos(), "%s is exported and has no comment", name.Name))
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Doc == nil && decl.Name.IsExported() && reachable(decl) {
			miss(decl.Name)
		}
	case *ast.GenDecl:
		if decl.Tok == token.IMPORT {
			return nil
		}
		for _, spec := range decl.Specs {
			for _, name := range namesWithoutComment(decl, spec) {
				if name.IsExported() {
					miss(name)
				}
			}
		}
	}
	return found
}

// namesWithoutComment: a comment on a group speaks for its constants and
// variables, but a type is described by itself.
func namesWithoutComment(decl *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Doc != nil || spec.Comment != nil || decl.Doc != nil && !decl.Lparen.IsValid() {
			return nil
		}
		return []*ast.Ident{spec.Name}
	case *ast.ValueSpec:
		if spec.Doc != nil || spec.Comment != nil || decl.Doc != nil {
			return nil
		}
		return spec.Names
	}
	return nil
}

// reachable tells whether others can call the function: it is no method, or
// one of an exported type that is not self-evident.
func reachable(fn *ast.FuncDecl) bool {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return true
	}
	if slices.Contains(selfEvident, fn.Name.Name) {
		return false
	}
	receiver := fn.Recv.List[0].Type
	for {
		switch r := receiver.(type) {
		case *ast.StarExpr:
			receiver = r.X
		case *ast.IndexExpr:
			receiver = r.X
		case *ast.IndexListExpr:
			receiver = r.X
		case *ast.Ident:
			return r.IsExported()
		default:
			return true
		}
	}
}
