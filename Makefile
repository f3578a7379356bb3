# Everything that is done with this repository. `make` alone lists it.

GO    ?= go
NPM   ?= npm
PACK  ?=
BIN   := build/gorod

.DEFAULT_GOAL := help

.PHONY: help
help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)$$/  make \1|\2/' | column -t -s '|'

.PHONY: build
build: web ## build the front end and the one binary, build/gorod
	CGO_ENABLED=0 $(GO) build -tags nodynamic -trimpath -o $(BIN) ./cmd/gorod

.PHONY: web
web: web/node_modules/.installed ## build the front end into internal/channel/web/dist
	cd web && node build.mjs

# npm ci only when the lock changed.
web/node_modules/.installed: web/package.json web/package-lock.json web/.npmrc
	@command -v $(NPM) >/dev/null || { echo "make: the front end needs Node 20 or later with npm" >&2; exit 1; }
	cd web && $(NPM) ci --loglevel=error
	@touch $@

.PHONY: demo
demo: build ## serve the invented town from data/demo; PACK=build/spb serves another
	./$(BIN) demo --dir ./data/demo$(if $(PACK),-$(notdir $(PACK)) --pack $(PACK))

.PHONY: run
run: build ## serve ./data as a city's operator would
	./$(BIN) serve

.PHONY: test
test: ## run all tests on both engines, beside a throw-away PostgreSQL
	$(GO) run ./internal/platform/sqldbtest/cluster $(GO) test ./...

.PHONY: race
race: ## run the concurrent packages under the race detector
	scripts/check.sh race

.PHONY: fuzz
fuzz: ## run every fuzz target for a few seconds; FUZZTIME=1m for longer
	scripts/fuzz.sh

.PHONY: bench
bench: ## run every benchmark
	$(GO) run ./internal/platform/sqldbtest/cluster $(GO) test -run '^$$' -bench . -benchmem ./internal/...

.PHONY: fmt
fmt: ## format all Go files
	gofmt -w cmd internal packs

.PHONY: check
check: ## the whole test suite; what CI runs
	scripts/check.sh
