#!/usr/bin/env bash
# Tests that read the shared corpora ($SHARED): real projects must compile to the text that dbt committed for PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${SHARED:?the folder that holds corpora/ and tools/}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 "$SHARED/tools/parity.py" --weft "$PWD/bin/weft" --work "$work/parity" --show-diffs 3 | tee "$work/parity.log"
python3 - "$work/parity.log" <<'PY'
import re, sys
last = [l for l in open(sys.argv[1]) if l.startswith("PARITY")][-1]
got = dict(re.findall(r"(\w+)=([\d.]+)", last))
least = {"nodes": 100, "deps": 100, "materialized": 100, "relation": 100, "models_ws": 99.5, "tests_ws": 99.5}
bad = [f"{k} is {got[k]}, must be at least {v}" for k, v in least.items() if float(got[k]) < v]
bad += [f"{k} is {got[k]}, must be 0" for k in ("extra", "failed") if float(got[k])]
sys.exit("\n".join(bad) or None)
PY
SHARED="$SHARED" go test -tags corpora ./publish/...
