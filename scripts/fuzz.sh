#!/usr/bin/env bash
# Runs every fuzz target of the tree for FUZZTIME each (10 s when not set).
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rlE '^func Fuzz[A-Z]' --include='*_test.go' internal cmd 2>/dev/null | sort | while read -r file; do
	grep -oE '^func Fuzz\w+' "$file" | while read -r _ target; do
		printf '== %s %s\n' "$(dirname "$file")" "$target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}" "./$(dirname "$file")" </dev/null
	done
done
