#!/usr/bin/env bash
# Whole-project benchmarks on generated projects. DBT=path/to/dbt measures dbt in turn.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${SHARED:?the folder that holds bench/generate_project.py}"
work=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/weft-bench}
mkdir -p "$work"
for models in 1000 10000; do
  [ -d "$work/p$models" ] || python3 "$SHARED/bench/generate_project.py" --models "$models" --seed 7 --out "$work/p$models" --adapter duckdb
done
[ -d "$work/trivial1000" ] || python3 "$SHARED/bench/generate_project.py" --shape trivial --models 1000 --seed 7 --out "$work/trivial1000" --adapter duckdb
go run ./tests/bench -weft bin/weft ${DBT:+-dbt "$DBT"} -runs "${RUNS:-3}" -pair "$work/p1000" -build "$work/trivial1000" "$work/p1000" "$work/p10000"
[ -f "$work/macros_1000.sql" ] || python3 "$SHARED/bench/macros_1000.py" "$work/macros_1000.sql"
MACROS_1000="$work/macros_1000.sql" SHARED="$SHARED" go test -run '^$' -bench . -benchmem ./compiler/... ./runner/...
