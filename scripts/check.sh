#!/usr/bin/env bash
# The whole test suite, or the steps that are named:
#
#   scripts/check.sh                 all of it
#   scripts/check.sh format vet      these two
#
# Every step runs, whatever happened to the one before; the end says how long
# each took and what failed. What the machine cannot run (no PostgreSQL, no
# Chromium, no C compiler for the race detector) is left out loudly; with
# CI=true leaving out is failing.
set -euo pipefail
cd "$(dirname "$0")/.."

all=(front format vet staticcheck arch tests race browser)
concurrent=(internal/platform/sqldb internal/platform/job internal/platform/event internal/city/problem internal/city/media)
journey=internal/channel/web/browser
summary=()
left_out=()
failed=0

# with_postgres runs a command beside a throw-away PostgreSQL server.
with_postgres() { go run ./internal/platform/sqldbtest/cluster "$@"; }

has_postgres() {
	[ -n "${GOROD_TEST_POSTGRES:-}" ] || command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

has_chromium() {
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

has_compiler() { command -v "$(go env CC)" >/dev/null; }

# front comes first: the binary embeds what it makes.
front() { make --no-print-directory web && (cd web && npm run --silent check && npm run --silent test); }

format() {
	local folders=() folder bad
	for folder in cmd internal packs; do
		if [ -d "$folder" ]; then folders+=("$folder"); fi
	done
	bad=$(gofmt -l "${folders[@]}") || return 1
	[ -z "$bad" ] || { printf 'not formatted, run make fmt:\n%s\n' "$bad"; return 1; }
}

vet() { go vet ./... && go vet -tags browser ./...; }

staticcheck() { go tool staticcheck -tags browser ./...; }

arch() { go test -count=1 ./internal/arch; }

tests() {
	has_postgres || left_out+=("the PostgreSQL half of the tests: no PostgreSQL is installed")
	with_postgres go test ./...
}

race() {
	has_compiler || { left_out+=("the race detector: no C compiler is installed"); return 0; }
	local packages=() folder
	for folder in "${concurrent[@]}"; do
		if [ -d "$folder" ]; then packages+=("./$folder/..."); fi
	done
	with_postgres go test -race "${packages[@]}"
}

browser() {
	[ -d "$journey" ] || { echo "no browser journey in this tree"; return 0; }
	has_chromium || { left_out+=("the browser journey: no Chromium is installed"); return 0; }
	with_postgres go test -tags browser -count=1 "./$journey/..."
}

step() {
	local name=$1 start=$SECONDS missed=${#left_out[@]} result=ok
	printf '\n== %s\n' "$name"
	if ! "$name"; then
		result=FAILED
		failed=1
	elif ((${#left_out[@]} > missed)); then
		result="ok, but something was LEFT OUT"
	fi
	summary+=("$(printf '%-12s %4d s  %s' "$name" $((SECONDS - start)) "$result")")
}

steps=("$@")
((${#steps[@]} > 0)) || steps=("${all[@]}")
for name in "${steps[@]}"; do
	[[ " ${all[*]} " == *" $name "* ]] || { echo "check.sh: no step $name; there are: ${all[*]}" >&2; exit 2; }
done
for name in "${steps[@]}"; do step "$name"; done

printf '\n== summary\n'
printf '%s\n' "${summary[@]}"
printf '%-12s %4d s\n' together "$SECONDS"
for what in "${left_out[@]}"; do
	printf '\n!!! LEFT OUT: %s\n' "$what"
	if [ "${CI:-}" = true ]; then failed=1; fi
done
if ((failed)); then
	printf '\ncheck: FAILED\n'
	exit 1
fi
if ((${#left_out[@]} > 0)); then
	printf '\ncheck: what was run is well\n'
else
	printf '\ncheck: all is well\n'
fi
