#!/usr/bin/env bash
# The tests that need real engines behind the fakes of AWS. They carry the build tag "engines"; each of their packages starts the engines once, in
# turn, since one of them needs a gigabyte. What does not come up is a failure. Prints the time and the memory of each package.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$(grep -rl --include='*_test.go' '^//go:build engines' . | xargs -n1 dirname | sort -u)
# shellcheck disable=SC2086
go test -tags engines -count=1 -p 1 -timeout 30m -v "$@" $packages | grep -Ev '^ *(=== |--- PASS)'
