package arch

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// withoutCity are the tables whose key is not led by the city, with the reason.
var withoutCity = map[string]string{
	"city":         "it is the list of cities",
	"job":          "one queue a node, claimed by due time over all cities; the city is a column",
	"board_search": "a full-text index has one key; keys of problems are unique across all cities",
	"job_slot":     "a slot of the schedule is taken once a node, its name holds the city where it matters",
}

var (
	migrationName = regexp.MustCompile(`^(\d{4})_([a-z0-9_]+?)(\.sqlite|\.postgres)?\.sql$`)
	createTable   = regexp.MustCompile(`(?i)\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?\s*\(`)
	primaryKey    = regexp.MustCompile(`(?is)^(?:CONSTRAINT\s+\w+\s+)?PRIMARY\s+KEY\s*\(\s*"?(\w+)`)
	sqlComment    = regexp.MustCompile(`--[^\n]*`)
)

// variants are the files that share one number.
type variants struct {
	name    string          // folder and name without engine
	engines map[string]bool // "", ".sqlite", ".postgres"
}

// checkMigrations keeps numbers unique, variants in pairs and tables led by
// their city.
func checkMigrations(t *tree) []finding {
	var found []finding
	numbers := map[string]*variants{}
	for _, file := range t.names {
		if path.Base(path.Dir(file)) != "migrations" || !strings.HasPrefix(file, "internal/") {
			continue
		}
		parts := migrationName.FindStringSubmatch(path.Base(file))
		if parts == nil {
			found = append(found, finding{path: file, text: "is not named NNNN_name[.sqlite|.postgres].sql"})
			continue
		}
		name := path.Dir(file) + "/" + parts[1] + "_" + parts[2]
		v := numbers[parts[1]]
		if v == nil {
			v = &variants{name: name, engines: map[string]bool{}}
			numbers[parts[1]] = v
		}
		if v.name != name {
			found = append(found, finding{path: file, text: "has the number of " + v.name})
			continue
		}
		v.engines[parts[3]] = true
		found = append(found, checkTables(t.fsys, file)...)
	}
	for _, v := range numbers {
		lite, post, both := v.engines[".sqlite"], v.engines[".postgres"], v.engines[""]
		if lite != post || both && lite {
			found = append(found, finding{path: v.name, text: "is there either once for both engines or once for each of the two"})
		}
	}
	return found
}

// checkTables reads the tables that a file creates.
func checkTables(fsys fs.FS, file string) []finding {
	body, err := fs.ReadFile(fsys, file)
	if err != nil {
		return []finding{{path: file, text: err.Error()}}
	}
	// Comments keep their length, so that a place in the text stays its place.
	text := sqlComment.ReplaceAllStringFunc(string(body), func(c string) string { return strings.Repeat(" ", len(c)) })
	var found []finding
	for _, m := range createTable.FindAllStringSubmatchIndex(text, -1) {
		table := text[m[2]:m[3]]
		key := leading(inside(text[m[1]:]))
		if _, listed := withoutCity[table]; key != "city" && !listed {
			line := 1 + strings.Count(text[:m[0]], "\n")
			found = append(found, finding{file, line, fmt.Sprintf("the key of table %s is led by %q, not by city, and the table is not listed with a reason", table, key)})
		}
	}
	return found
}

// inside is the text up to the bracket that closes the table.
func inside(text string) string {
	depth := 1
	for i, c := range text {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			return text[:i]
		}
	}
	return text
}

// leading is the first column of the primary key; "" when there is none.
func leading(body string) string {
	for _, part := range topLevel(body) {
		if m := primaryKey.FindStringSubmatch(part); m != nil {
			return strings.ToLower(m[1])
		}
		if words := strings.Fields(part); len(words) > 0 && strings.Contains(strings.ToUpper(strings.Join(words, " ")), " PRIMARY KEY") {
			return strings.ToLower(strings.Trim(words[0], `"`))
		}
	}
	return ""
}

// topLevel cuts at the commas outside brackets.
func topLevel(body string) []string {
	var parts []string
	depth, from := 0, 0
	for i, c := range body {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				parts = append(parts, strings.TrimSpace(body[from:i]))
				from = i + 1
			}
		}
	}
	return append(parts, strings.TrimSpace(body[from:]))
}
