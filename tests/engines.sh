#!/usr/bin/env bash
# The tests that need real engines behind the fakes of AWS. They carry the build tag "engines"; each of their packages starts the engines once, in
# turn, since one of them needs a gigabyte. What does not come up is a failure. Prints the time and the memory of each package. The conformance suite
# runs for DuckDB too, in full length: it needs no server, but the two belong together.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'echo "test-engines: $SECONDS s in all"' EXIT
quiet() { grep -Ev '^ *(=== |--- PASS)'; }
go test -count=1 -timeout 30m -v -run TestConformance ./adapters/duckdb -whole | quiet
packages=$(grep -rl --include='*_test.go' '^//go:build engines' . | xargs -n1 dirname | sort -u)
# shellcheck disable=SC2086
go test -tags engines -count=1 -p 1 -timeout 30m -v "$@" $packages | quiet
