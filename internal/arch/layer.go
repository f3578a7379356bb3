package arch

import (
	"slices"
	"strings"
)

// layers from the inside out; a package imports its own layer or inner ones.
// Below the city stand the packs: data with an embed and nothing else.
var layers = []string{"packs", "internal/platform", "internal/city", "internal/channel", "internal/app", "cmd"}

// order is how capabilities may import each other: each those before it.
// Within one group only by the edges of siblings.
var order = [][]string{
	{"place", "topic", "org", "resident", "media", "condition", "reading"},
	{"routing", "deadline", "house"},
	{"problem"},
	{"suggest"},
	{"repeat"},
	{"moderation"},
	{"notice"},
	{"board"},
	{"pack"},
}

// siblings are the allowed edges inside a group: importer, then imported.
var siblings = []string{
	"org place",      // an organisation serves areas
	"topic place",    // a tree belongs to a version of the city
	"resident org",   // people act for organisations
	"resident place", // and are bound to areas
}

// everything may import any capability: it only lists what they own.
const everything = "schema"

// platformEdges are all edges between packages of the platform; fault is free
// for all.
var platformEdges = []string{
	"conf see",        // secrets are typed so that no log shows them
	"event job",       // a subscriber's delivery is a job
	"event sqldb",     // published in the caller's transaction
	"job sqldb",       // the queue is a table
	"see id",          // ids of requests
	"sqldbtest sqldb", // opens what it tests
}

// whole are tests that start the whole program; they may import outward.
var whole = []string{
	"internal/channel/web/browser", // a person's journey through every page
}

// layerOf finds the layer of a folder and what stands below it: the name of
// the channel, capability or platform package. -1: none of the layers.
func layerOf(dir string) (layer int, below string) {
	for i, prefix := range layers {
		if dir == prefix {
			return i, ""
		}
		if rest, ok := strings.CutPrefix(dir, prefix+"/"); ok {
			return i, rest
		}
	}
	return -1, ""
}

func first(path string) string {
	name, _, _ := strings.Cut(path, "/")
	return name
}

// checkLayers keeps the direction of imports.
func checkLayers(t *tree) []finding {
	var found []finding
	for _, f := range t.files {
		layer, below := layerOf(f.dir)
		ours := f.dir == "internal/arch"
		if layer < 0 && !ours {
			found = append(found, t.at(f, f.ast.Package, "%s is in none of the layers %s", f.dir, strings.Join(layers, ", ")))
			continue
		}
		for name, pos := range imported(f) {
			to, ok := strings.CutPrefix(name, module)
			if !ok {
				continue
			}
			why := "the architecture test imports nothing of the house"
			if !ours {
				why = refused(f, layer, below, to)
			}
			if why != "" {
				found = append(found, t.at(f, pos, "import of %s: %s", name, why))
			}
		}
	}
	return found
}

// refused says why a file may not import a folder, or "".
func refused(f goFile, layer int, below, to string) string {
	toLayer, toBelow := layerOf(to)
	switch {
	case toLayer < 0:
		return "it is in none of the layers"
	case toLayer > layer:
		if f.test && slices.Contains(whole, f.dir) {
			return ""
		}
		return layers[layer] + " may not import " + layers[toLayer] + ": inward only"
	case toLayer < layer:
		return ""
	}
	switch layers[layer] {
	case "internal/channel":
		if first(below) != first(toBelow) {
			return "channels do not import each other"
		}
	case "internal/city":
		if !f.test {
			return refusedCapability(first(below), first(toBelow))
		}
	case "internal/platform":
		if !f.test {
			return refusedPlatform(below, toBelow)
		}
	}
	return ""
}

func refusedCapability(from, to string) string {
	if from == to || from == everything {
		return ""
	}
	if to == everything {
		return "only tests and outer layers import the list of migrations"
	}
	a, b := rank(from), rank(to)
	switch {
	case a < 0:
		return from + " is not in the order of capabilities"
	case b < 0:
		return to + " is not in the order of capabilities"
	case b > a:
		return to + " comes after " + from + " in the order of capabilities"
	case a == b && !slices.Contains(siblings, from+" "+to):
		return from + " and " + to + " are neighbours, and this edge is not listed"
	}
	return ""
}

func rank(capability string) int {
	return slices.IndexFunc(order, func(group []string) bool { return slices.Contains(group, capability) })
}

func refusedPlatform(from, to string) string {
	if to == "fault" || from == to || slices.Contains(platformEdges, from+" "+to) {
		return ""
	}
	// A package for tests of another belongs to it: jobtest beside job.
	if from == to+"test" || strings.HasPrefix(from, to+"/") {
		return ""
	}
	return "the edge " + from + " → " + to + " is not listed"
}

// checkOrder keeps capabilities from standing outside the order.
func checkOrder(t *tree) []finding {
	var found []finding
	seen := map[string]bool{}
	for _, f := range t.files {
		layer, below := layerOf(f.dir)
		name := first(below)
		if layer < 0 || layers[layer] != "internal/city" || seen[name] {
			continue
		}
		seen[name] = true
		if name != everything && rank(name) < 0 {
			found = append(found, finding{path: f.dir, text: "capability " + name + " is not in the order of capabilities"})
		}
	}
	return found
}
