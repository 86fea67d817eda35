# SHARED is the folder of corpora and reference data beside the repository; only corpora, oracle and bench read it.
SHARED ?= ../shared
GO ?= go
FUZZTIME ?= 30s
ABUSE ?= 1000
ABUSESEED ?= 1

.PHONY: build test lint bench oracle corpora fuzz abuse golden engines test-engines fake-aws reliability kills

build:
	$(GO) build -o bin/weft ./cmd/weft

test:
	$(GO) test ./...

# The packages that keep golden files are those whose tests define -update.
golden:
	$(GO) test $$(grep -rl --include=*_test.go 'flag.Bool("update"' . | xargs -n1 dirname | sort -u) -update

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags engines ./tests/... ./adapters/...

corpora: build
	SHARED=$(abspath $(SHARED)) ./tests/corpora.sh

oracle: build
	SHARED=$(abspath $(SHARED)) ./tests/oracle.sh

# Readers that look while 50 builds go on, and 200 builds that are killed; `make test` has the short form.
reliability:
	$(GO) test ./tests/reliability -count=1 -v -timeout 120m -whole $(if $(SEED),-seed $(SEED))

bench: build
	SHARED=$(abspath $(SHARED)) ./tests/bench.sh

# A thousand damaged projects are read, a thousand built; ABUSESEED=N begins at another seed. A finding names its seed.
abuse:
	$(GO) test ./tests -count=1 -timeout 2h -run 'TestAbuse|TestTrouble' -abuse $(ABUSE) -abuse-builds $(ABUSE) -abuse-seed $(ABUSESEED) -v

# The real engines behind the fakes of AWS are fetched once, into ENGINES_DIR (a folder of the user's cache by default).
engines:
	$(GO) run ./tests/fakeaws/cmd/fake-aws -install

# What needs them is tested apart from the rest: it starts servers.
test-engines:
	./tests/engines.sh

# A build is killed at every call to AWS; PART=2/4 tries the second quarter of the kills.
kills:
	$(GO) test -tags engines ./tests/kills -count=1 -v -timeout 180m -run TestKills -args $(if $(PART),-part $(PART),-whole)

# fake-aws starts them and prints the environment that leads AWS clients to them.
fake-aws:
	$(GO) build -o bin/fake-aws ./tests/fakeaws/cmd/fake-aws
	bin/fake-aws

fuzz:
	FUZZTIME=$(FUZZTIME) ./tests/fuzz.sh
