#!/usr/bin/env bash
# Differential tests against other programs, which this script installs into $ORACLE_DIR: Jinja2 3.1 and dbt 1.12.
# ONLY=jinja|dialects|macros|dbt runs one part.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${SHARED:?the folder that holds corpora/ and tools/}"
oracle=${ORACLE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/weft-oracle}
mkdir -p "$oracle"
part() { [ -z "${ONLY:-}" ] || [ "$ONLY" = "$1" ]; }

if part jinja; then
  [ -x "$oracle/jinja/bin/python" ] || { python3 -m venv "$oracle/jinja" && "$oracle/jinja/bin/pip" install -q "jinja2==3.1.6"; }
  WEFT_JINJA_PYTHON="$oracle/jinja/bin/python" SHARED="$SHARED" go test -tags oracle -count=1 -run Oracle -v ./tests/oracle/jinja
fi
if part dialects || part macros || part dbt; then
  [ -x "$oracle/dbt/bin/dbt" ] || bash "$SHARED/tools/install_dbt.sh" "$oracle/dbt"
fi
if part dialects; then
  for dialect in duckdb athena redshift spark; do
    python3 "$SHARED/tools/parity.py" --weft "$PWD/bin/weft" --dialect "$dialect" --venv "$oracle/dbt" --work "$oracle/parity-$dialect" --show-diffs 2
  done
fi
if part macros; then
  "$oracle/dbt/bin/python" tests/oracle/macros/compare.py --samples 15
fi
if part dbt; then
  for shape in 100 1000; do
    [ -d "$oracle/trivial-$shape" ] || python3 "$SHARED/bench/generate_project.py" --shape trivial --models "$shape" --seed 7 --out "$oracle/trivial-$shape" --adapter duckdb
  done
  "$oracle/dbt/bin/python" "$SHARED/tools/oracle_dbt.py" --venv "$oracle/dbt" --weft "$PWD/bin/weft" models/sales tests/projects/* "$oracle/trivial-100" "$oracle/trivial-1000"
fi
