#!/usr/bin/env bash
# Runs every native fuzz target of the repository for FUZZTIME (default 30s).
set -euo pipefail
cd "$(dirname "$0")/.."
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r package; do
  grep -rhoE --include='*_test.go' '^func Fuzz\w+' "$package"/*_test.go | awk '{print $2}' | while read -r target; do
    echo "== $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}" "$package"
  done
done
