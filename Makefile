# make run    builds everything and opens a games that lives
# make test   tests everything, a real PostgreSQL and a real browser included
# make build  bin/tongchang, one file that needs nothing beside it
# make bench  the figures the project promises, measured on this machine
# make faults the whole fault rig: servers killed, lines cut, databases stopped; prints a table (docs/faults.md)
# make lint   formatting, vet, staticcheck, Biome, TypeScript
# make race   the Go tests of whatever runs side by side, under the race detector (needs a C compiler)
# make shots  pictures of every page and board, into shots/

export GOTOOLCHAIN := local
GO ?= go

node_modules := web/node_modules/.package-lock.json
dist := web/static/dist/manifest.json
binary := bin/tongchang

# what goes into the binary: Go, and the files that Go embeds
sources := go.mod go.sum $(shell find cmd events scoring live web -name node_modules -prune -o -name testdata -prune -o -path web/static/dist -prune \
	-o -type f ! -name '*_test.go' \( -name '*.go' -o -path '*/templates/*' -o -path '*/messages/*' -o -name '*.sql' -o -name '*.json' -o -name '*.tsv' \) -print 2>/dev/null)
face := $(shell find web/src web/styles -type f) web/build.mjs web/static/mark.svg web/static/wordmark.svg

.PHONY: run build test bench faults lint race shots needs
.DELETE_ON_ERROR:

run: $(binary)
	$(binary) demo

build: $(binary)

$(binary): $(dist) $(sources)
	CGO_ENABLED=0 $(GO) build -buildvcs=false -trimpath -o $@ ./cmd/tongchang

$(dist): $(node_modules) $(face)
	cd web && node build.mjs

$(node_modules): web/package.json web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

test: needs $(binary)
	$(GO) vet ./...
	$(GO) test ./...
	cd web && npx --no-install tsc --noEmit
	cd web && npx --no-install biome ci --error-on-warnings .
	cd web && node test/run.mjs unit
	cd web && node test/run.mjs browser

bench: needs
	TONGCHANG_TEST_FSYNC=1 $(GO) test -p 1 -run='^$$' -bench=. -benchmem ./...

faults: needs $(dist)
	TONGCHANG_FAULTS=full $(GO) test -count=1 -timeout 60m -v ./cmd/tongchang/faults

lint: $(node_modules)
	@unformatted=$$(gofmt -l cmd events scoring live web 2>/dev/null | grep -v node_modules); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w would change:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool -modfile=.ci/tools.mod staticcheck ./...
	cd web && npx --no-install biome ci --error-on-warnings .
	cd web && npx --no-install tsc --noEmit

# The rooms of rules are functions that start no goroutine: those alone are not
# raced. Nor is what goes one road with one caller after the other (the desks'
# work, a thing a thousand times), or kills another process, nor commands that
# only read and print, nor the store's tests once more on PostgreSQL, on which the
# rehearsal with faults is raced as a whole; make test runs all of that.
alone := TestSampleUploads|TestSampleWorkbooks|TestBigValue|TestKeepMany|TestKilledWhileEntering|TestImportMeet|TestExportMeet|TestImportRecordsAndEntries|TestClass.*|TestGamesAtOnce|TestGames|TestRotateKeys|TestMatrix|TestEveryKindByMarks|TestCall.*|TestOutcome.*|TestCanaries|TestNeed.*|TestTimetable.*|TestReady.*|TestSetup.*|TestFound.*|TestDraw.*|TestSlots|TestCases|TestObservation|TestExportPerson|TestErase.*
raced := ./live ./web ./events ./events/vault ./scoring/points ./scoring/lifts
served := TestRehearsalStops|TestDemoEdition|TestShowcase|TestRegistering
race:
	@command -v gcc >/dev/null || { echo "make race needs a C compiler: apt-get install gcc libc6-dev" >&2; exit 1; }
	CGO_ENABLED=1 $(GO) test -race -p 1 -timeout 30m -skip '^($(alone))$$|/^postgres$$' $(raced)
	CGO_ENABLED=1 $(GO) test -race -p 1 -timeout 30m -run '^TestRehearsal$$/^faults$$|^($(served))$$' ./cmd/tongchang

# What the tests need and a fresh Debian lacks: installed where we may, else named in one line.
needs:
	@missing=; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$$missing postgresql"; \
	[ -n "$$TONGCHANG_CHROMIUM" ] || command -v chromium >/dev/null || missing="$$missing chromium"; \
	find /usr/share/fonts /usr/local/share/fonts "$$HOME/.local/share/fonts" -iname '*cjk*' -o -iname '*wqy*' -o -iname '*sourcehan*' 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update && apt-get install -y --no-install-recommends $$missing; \
	else echo "the tests need: sudo apt-get install --no-install-recommends$$missing" >&2; exit 1; fi
