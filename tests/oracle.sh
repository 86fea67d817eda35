#!/usr/bin/env bash
# Differential tests against other programs, which this script installs into $ORACLE_DIR: Jinja2 3.1, dbt 1.12, OpenLineage 1.54.
# ONLY=jinja|dialects|macros|deps|dbt|steps|conformance|openlineage|readers|athena runs one part (athena: JOBS projects at a time; UPDATE=1 writes the statement lists of both tools anew). The parts print their figures and fail below what weft promises.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${SHARED:?the folder that holds corpora/ and tools/}"
oracle=${ORACLE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/weft-oracle}
mkdir -p "$oracle"

# least FILE KEY=VALUE...: the last line of FILE must hold at least these figures; KEY==VALUE, exactly.
least() {
  python3 - "$@" <<'PY'
import re, sys
last = open(sys.argv[1]).read().strip().splitlines()[-1]
got = dict(re.findall(r"(\w+)=([\d.]+)", last))
bad = []
for want in sys.argv[2:]:
    key, exact, value = re.match(r"(\w+)(==?)(.*)", want).groups()
    have = float(got.get(key, "nan"))
    if not (have == float(value) if exact == "==" else have >= float(value)):
        bad.append(f"{key} is {got.get(key)}, expected {want}")
sys.exit("\n".join(bad) or None)
PY
}

part() { [ -z "${ONLY:-}" ] || [ "$ONLY" = "$1" ]; }

# with_aws OPTIONS… -- COMMAND…: runs a command with fakes of AWS that are there for it alone. The fakes fail if an answer was against its model.
with_aws() {
  go build -o bin/fake-aws ./tests/fakeaws/cmd/fake-aws
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  rm -f "$oracle/aws.env"
  bin/fake-aws "${options[@]}" >"$oracle/aws.env" &
  local fake=$! code=0
  trap 'kill "$fake" 2>/dev/null || true' EXIT
  while [ ! -s "$oracle/aws.env" ]; do
    kill -0 "$fake" || { echo "the fakes of AWS did not come up" >&2; return 1; }
    sleep 0.3
  done
  ( . "$oracle/aws.env"; "$@" ) || code=$?
  kill -INT "$fake"
  wait "$fake" || code=$?
  trap - EXIT
  return "$code"
}

if part jinja; then
  [ -x "$oracle/jinja/bin/python" ] || { python3 -m venv "$oracle/jinja" && "$oracle/jinja/bin/pip" install -q "jinja2==3.1.6"; }
  JINJA_PYTHON="$oracle/jinja/bin/python" SHARED="$SHARED" go test -tags oracle -count=1 -run Oracle -v ./compiler/internal/jinja/ | tail -n 40
fi
if part dialects || part macros || part deps || part steps || part conformance || part dbt || part openlineage || part readers || part athena; then
  [ -x "$oracle/dbt/bin/dbt" ] || bash "$SHARED/tools/install_dbt.sh" "$oracle/dbt"
fi
if part dialects; then
  for dialect in duckdb athena redshift spark; do
    python3 "$SHARED/tools/parity.py" --weft "$PWD/bin/weft" --dialect "$dialect" --venv "$oracle/dbt" --work "$oracle/parity-$dialect" --show-diffs 2 | tee "$oracle/parity.log"
    least "$oracle/parity.log" nodes=100 deps=100 materialized=100 relation=100 models_ws=99.5 tests_ws=99.5 extra==0 failed==0
  done
fi
if part macros; then
  "$oracle/dbt/bin/python" tests/oracle/macros/compare.py --samples 15
fi
if part deps; then
  "$oracle/dbt/bin/python" tests/oracle/deps/versions.py | diff -u compiler/semver/testdata/versions.txt -
  "$oracle/dbt/bin/python" tests/oracle/deps/resolve.py | diff -u deps/testdata/resolve.json -
  "$oracle/dbt/bin/python" tests/oracle/deps/install.py "$PWD/bin/weft"
fi
if part readers; then
  for need in "parsers dbt-artifacts-parser" "cosmos astronomer-cosmos apache-airflow" "dagster dagster dagster-dbt python-dateutil"; do
    set -- $need
    [ -x "$oracle/$1/bin/python" ] || { python3 -m venv "$oracle/$1" && "$oracle/$1/bin/pip" install -q "${@:2}"; }
  done
  [ -d "$oracle/trivial-100" ] || python3 "$SHARED/bench/generate_project.py" --shape trivial --models 100 --seed 7 --out "$oracle/trivial-100" --adapter duckdb
  read="$oracle/readers"
  "$oracle/dbt/bin/python" tests/oracle/readers/prepare.py --weft "$PWD/bin/weft" --work "$read" models/sales tests/projects/* "$oracle/trivial-100"
  "$oracle/dbt/bin/python" tests/oracle/readers/dbt_classes.py --work "$read" --states sales,versions,snapshots,exposures,contract,sources
  "$oracle/parsers/bin/python" tests/oracle/readers/parsers.py --work "$read"
  "$oracle/cosmos/bin/python" tests/oracle/readers/cosmos_loads.py --work "$read"
  "$oracle/dagster/bin/python" tests/oracle/readers/dagster_builds.py --work "$read"
  "$oracle/dbt/bin/python" tests/oracle/readers/states.py --weft "$PWD/bin/weft" --work "$read/states" tests/projects/state_and_defer
  "$oracle/dbt/bin/python" tests/oracle/readers/pages.py --work "$read"
fi
if part dbt; then
  for shape in 100 1000; do
    [ -d "$oracle/trivial-$shape" ] || python3 "$SHARED/bench/generate_project.py" --shape trivial --models "$shape" --seed 7 --out "$oracle/trivial-$shape" --adapter duckdb
  done
  "$oracle/dbt/bin/python" "$SHARED/tools/oracle_dbt.py" --venv "$oracle/dbt" --weft "$PWD/bin/weft" models/sales tests/projects/* "$oracle/trivial-100" "$oracle/trivial-1000" |
    tee "$oracle/dbt.log"
  least "$oracle/dbt.log" nodes=100 deps=100 configs=100 compiled_ws=100 status=100 data=100 extra==0 exit_differs==0
fi
if part openlineage; then
  ol="$oracle/openlineage"
  if [ ! -x "$ol/bin/dbt-ol" ]; then
    "$oracle/dbt/bin/python" -m venv "$ol"
    # The wrapper wants dbt beside it; it sees that of the other environment instead of installing another.
    packages='import site; print(site.getsitepackages()[0])'
    "$oracle/dbt/bin/python" -c "$packages" >"$("$ol/bin/python" -c "$packages")/dbt.pth"
    "$ol/bin/pip" install -q "openlineage-python==1.54.0" "openlineage-sql==1.54.0" "jsonschema[format-nongpl]" tqdm
    "$ol/bin/pip" install -q --no-deps "openlineage-integration-common==1.54.0" "openlineage-dbt==1.54.0"
  fi
  [ -d "$oracle/trivial-100" ] || python3 "$SHARED/bench/generate_project.py" --shape trivial --models 100 --seed 7 --out "$oracle/trivial-100" --adapter duckdb
  "$ol/bin/python" tests/oracle/openlineage/events.py --weft "$PWD/bin/weft" --schemas "$SHARED/corpora/openlineage" --work "$oracle/openlineage-work" --kills 40 \
    --dbt-ol "$ol/bin/dbt-ol" --dbt "$oracle/dbt/bin/dbt" \
    --compare lineage,fail_and_skip,data_tests,singular_tests,snapshots,seeds_with_types,hooks,versions,sources,store_failures,ephemeral_chain,unit_tests,incremental,microbatch,tags_and_meta \
    tests/projects/lineage models/sales "$oracle/trivial-100" $(ls -d tests/projects/* | grep -v /lineage$) | tee "$oracle/openlineage.log"
  least "$oracle/openlineage.log" wrong==0 missing==0 absent==0
  # What a run on Athena tells, against the fakes of AWS.
  LAKE_SCHEMA=told LAKE_WORKGROUP=primary LAKE_OTHER_WORKGROUP=primary with_aws -- "$ol/bin/python" tests/oracle/openlineage/events.py --weft "$PWD/bin/weft" \
    --schemas "$SHARED/corpora/openlineage" --work "$oracle/openlineage-work/athena" --profiles "$PWD/tests/projects-athena" \
    tests/projects-athena/{iceberg,hive_partitions,merge,insert_overwrite,snapshots_timestamp,seeds,views,data_tests,failures,s3_tables} | tee "$oracle/openlineage-athena.log"
  least "$oracle/openlineage-athena.log" wrong==0 events=1000
fi
if part suites; then
  "$oracle/dbt/bin/python" tests/oracle/suites/suites.py --venv "$oracle/dbt" --weft "$PWD/bin/weft" --work "$oracle/suites" --tools "$SHARED/tools" | tee "$oracle/suites.log"
  least "$oracle/suites.log" projects=14 passed=850 regressions==0 missing==0 extra==0 config_differs==0 deps_differ==0
fi
if part steps; then
  "$oracle/dbt/bin/python" tests/oracle/steps.py --weft "$PWD/bin/weft" --cache "$oracle/steps" tests/projects/*
fi
if part conformance; then
  # After a unit test that fails dbt skips its model's others, which it holds in the order of a set; weft runs them all, as dbt does with this seed.
  PYTHONHASHSEED=1 "$oracle/dbt/bin/python" tests/oracle/conformance.py --work "$oracle/conformance"
fi
if part athena; then
  with_aws -no-trino -- "$oracle/dbt/bin/python" tests/oracle/fakeaws/boto3_calls.py tests/fakeaws/awsmodel/models
  athena() {
    "$oracle/dbt/bin/python" tests/oracle/athena/pyathena_reads.py --weft "$PWD/bin/weft" --work "$oracle/athena-work/pyathena"
    # The order of table properties in dbt's statements follows Python's hashes of texts, which are otherwise others in each process.
    PYTHONHASHSEED=0 "$oracle/dbt/bin/python" tests/oracle/athena/build.py --weft "$PWD/bin/weft" --work "$oracle/athena-work" --jobs "${JOBS:-2}" ${UPDATE:+--update} models/sales tests/projects-athena/* |
      tee "$oracle/athena.log"
  }
  with_aws -- athena
  least "$oracle/athena.log" projects=35 broken==0 unexpected==0 statements_differ==0 status==100 relations==100
fi
