package main

import (
	"runtime"
	"runtime/debug"
)

// version says which gorod this is: the version or commit that it was built
// from, where the build knows it, and the Go that built it.
func version() string {
	name := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			name = info.Main.Version
		}
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		if commit := settings["vcs.revision"]; commit != "" {
			name += " commit " + commit
		}
		if settings["vcs.modified"] == "true" {
			name += " with changes"
		}
	}
	return "gorod " + name + ", " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
}
