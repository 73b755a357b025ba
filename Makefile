# Casustafel. `make run` and `make test` install and build whatever is missing.
.DEFAULT_GOAL := help
.PHONY: help run test bench lint build screenshots clean setup-run setup-test

SHELL := bash
ASSETS := static/dist/manifest.json
SOURCES := $(shell find static/src static/locales static/testdata -type f 2>/dev/null) static/package.json static/package-lock.json static/build.mjs static/tsconfig.json
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo development)

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: setup-run build ## Serve the invented case Zilverlinde on this machine and print sign-in links
	./bin/casustafel serve --demo $(ARGS)

# A fifth of the work on random histories would be to collect garbage; browser stories
# wait more than they work.
test: setup-test $(ASSETS) ## Pass every test, with a real PostgreSQL and a real browser
	cd static && npm test
	go vet ./...
	GOGC=400 go test -vet=off -timeout 25m -parallel 3 $(TESTARGS) ./...

# The access log is measured at two hundred thousand lines: for a million leave -records out.
bench: setup-run $(ASSETS) ## Measure against two reference servers, as ratios, and the work on notes and on the access log
	go run ./cmd/casustafel-load $(ARGS)
	go test -run '^$$' -bench . ./internal/note ./internal/markdown
	go test -run '^$$' -bench 'Records$$' -benchtime 4x ./internal/app
	go test -run '^$$' -bench 'AccessLog|Verify' -benchtime 3x -timeout 30m ./internal/store -records 200000

screenshots: setup-test $(ASSETS) ## Take the pictures of the README
	CASUSTAFEL_SHOTS=$(CURDIR)/docs/screenshots go test -count=1 -run 'Screenshots' ./cmd/casustafel

lint: $(ASSETS) ## Check formatting and style
	@test -z "$$(gofmt -l cmd internal migrations policies wordings static/*.go)" || { gofmt -l cmd internal migrations policies wordings static/*.go; exit 1; }
	go vet ./...
	go tool staticcheck ./...

build: $(ASSETS) ## Build bin/casustafel
	go build -ldflags '-X main.version=$(VERSION)' -o bin/casustafel ./cmd/casustafel

clean: ## Remove what was built
	rm -rf bin static/node_modules
	find static/dist -mindepth 1 ! -name .keep -delete

setup-run:
	@.ci/setup postgres

setup-test:
	@.ci/setup postgres chromium

static/node_modules/.package-lock.json: static/package-lock.json
	cd static && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(ASSETS): static/node_modules/.package-lock.json $(SOURCES)
	cd static && npm run build
