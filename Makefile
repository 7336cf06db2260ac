# Everything that a machine lacks is brought by .tools/need; what is up to date is left alone.
# ARGS goes to the program or to go test: make run ARGS='--addr :9000', make test ARGS='-run Share' PKG=./web

PKG = ./...
NEEDS = go npm
# which of the looks in node_modules/basecoat-css/dist
BASECOAT = basecoat-nova.cdn.min.css

# Folders too: their time tells of files that were removed.
SOURCES := $(shell find access cmd db static views web \( -name node_modules -o -name testdata \) -prune \
	-o ! -name '*_test.go' -print 2>/dev/null)

help: # the first target, so that 'make' alone prints it
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: NEEDS += $(if $(DATABASE_URL),,postgres)
run: bin/gatehouse ## bring what is missing and serve the demo on http://localhost:8080
	@exec .tools/need $(NEEDS) -- bin/gatehouse serve --demo $(ARGS)

# -count=1: Go's cache of results knows nothing of PostgreSQL, Chromium and questions drawn at random.
test: NEEDS += postgres chromium
test: static/vendor/htmx.min.js .cache/playwright/package .cache/versitygw .cache/dex ## bring what is missing and run every test, browser tests included
	@exec .tools/need $(NEEDS) -- go test -count=1 -timeout 20m $(ARGS) $(PKG)

bench: NEEDS += postgres chromium
bench: static/vendor/htmx.min.js .cache/playwright/package ## run the benchmarks
	@exec .tools/need $(NEEDS) -- go test -run '^$$' -bench . -timeout 60m $(ARGS) $(PKG)

verify: bin/templ bin/sqlc static/vendor/htmx.min.js ## fail when generated code is stale, or formatting, go.mod or go vet complain
	@.tools/verify

generate: bin/templ bin/sqlc ## make the Go code of *.templ and queries/*.sql anew
	@bin/templ generate -log-level warn
	@bin/sqlc generate

fmt: bin/templ ## format Go code and templates
	@go fmt ./...
	@bin/templ fmt -log-level warn -prettier-command none .

build: bin/gatehouse ## build bin/gatehouse

clean: ## remove what make brought and built; .data, the demo's database, stays
	rm -rf bin .cache static/vendor static/node_modules

needs:
	@.tools/need $(NEEDS)

bin/gatehouse: go.mod go.sum $(SOURCES) static/vendor/htmx.min.js | needs
	go build -o $@ ./cmd/gatehouse
	@touch $@ # go leaves the file alone when it would come out the same

# CGO_ENABLED=0: sqlc then needs no C compiler.
bin/templ: TOOL = github.com/a-h/templ/cmd/templ
bin/sqlc: TOOL = github.com/sqlc-dev/sqlc/cmd/sqlc
bin/templ bin/sqlc: .tools/go.mod .tools/go.sum | needs
	CGO_ENABLED=0 go -C .tools build -o ../$@ $(TOOL)
	@touch $@

# A real provider for the tests of single sign-on, with a modfile of its own. It takes a minute, once.
.cache/dex: .tools/dex/go.mod .tools/dex/go.sum | needs
	CGO_ENABLED=0 go -C .tools/dex build -o ../../$@ github.com/dexidp/dex/cmd/dex
	@touch $@

# A real S3 server for the tests of files, with a modfile of its own. It takes a minute, once.
.cache/versitygw: .tools/s3/go.mod .tools/s3/go.sum | needs
	CGO_ENABLED=0 go -C .tools/s3 build -o ../../$@ github.com/versity/versitygw/cmd/versitygw
	@touch $@

# npm writes this file last.
static/node_modules/.package-lock.json: static/package.json static/package-lock.json static/.npmrc | needs
	cd static && npm ci
	@touch $@

# What the browser gets; static/static.go embeds it. The file that is the target comes last.
static/vendor/htmx.min.js: static/node_modules/.package-lock.json Makefile
	@mkdir -p $(@D)
	@cp static/node_modules/basecoat-css/dist/$(BASECOAT) $(@D)/basecoat.min.css
	@cp static/node_modules/basecoat-css/LICENSE.md $(@D)/basecoat.LICENSE.txt
	@cp static/node_modules/htmx.org/LICENSE $(@D)/htmx.LICENSE.txt
	@cp static/node_modules/htmx.org/dist/htmx.min.js $@

.cache/playwright/package: | static/node_modules/.package-lock.json
	@mkdir -p $(@D)
	@ln -sfn ../../static/node_modules/playwright-core $@

.PHONY: help run test bench verify generate fmt build clean needs
