// Package packs carries the invented town of Zarechny inside the binary: what
// the demo serves, what tests and the storybook use, and where packs of real
// cities borrow texts that they lack.
package packs

import (
	"embed"
	"io/fs"
)

//go:embed all:zarechny
var files embed.FS

// Zarechny is the pack of the invented town.
func Zarechny() fs.FS {
	town, err := fs.Sub(files, "zarechny")
	if err != nil {
		panic("packs: " + err.Error()) // the folder is compiled in
	}
	return town
}
