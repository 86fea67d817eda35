"""Builds the product of adapters/adaptertest by dbt on DuckDB, step by step, and compares what it leaves with testdata/product.json, which every
adapter is held to; --update writes the file.

    python conformance.py --work DIR [--update]
"""
import argparse, datetime, json, os, shutil, subprocess, sys
import duckdb

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.abspath(HERE + "/../../adapters/adaptertest/testdata")
# Columns of snapshots that hold the time of the run, with what is compared in their place.
TIMELESS = {"dbt_updated_at": None, "dbt_valid_from": None, "dbt_scd_id": None, "dbt_valid_to": "case when dbt_valid_to is null then 'current' else 'past' end"}


def text(v):
    if v is None:
        return "∅"
    if isinstance(v, bool):
        return str(v).lower()
    if isinstance(v, datetime.datetime):
        return v.isoformat(sep=" ")
    return str(v)


def look(path):
    """The columns and the rows of every relation."""
    db = duckdb.connect(path, read_only=True)
    columns, rows = {}, {}
    for schema, name in db.execute("select table_schema, table_name from information_schema.tables order by 1, 2").fetchall():
        key = name if schema == "made" else schema.removeprefix("made") + "." + name
        columns[key] = [r[0].lower() for r in db.execute("select column_name from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position", [schema, name]).fetchall()]
        # A snapshot by time has the times of its rows. How times are written in what is hashed is the engine's affair.
        wanted = [TIMELESS[c] if c in TIMELESS and (c == "dbt_scd_id" or not name.endswith("_by_time")) else f'"{c}"' for c in columns[key]]
        got = db.execute(f'select {", ".join(c for c in wanted if c)} from "{schema}"."{name}"').fetchall()
        rows[key] = sorted((" | ".join(map(text, r)) for r in got), key=lambda s: s.encode())
    db.close()
    return columns, rows


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--work", required=True)
    p.add_argument("--update", action="store_true")
    o = p.parse_args()
    shutil.rmtree(o.work, ignore_errors=True)
    shutil.copytree(DATA + "/product", o.work)
    with open(o.work + "/profiles.yml", "w") as f:
        json.dump({"product": {"target": "here", "outputs": {"here": {"type": "duckdb", "path": "product.duckdb", "schema": "made", "threads": 4}}}}, f)
    out = []
    for i, step in enumerate(json.load(open(DATA + "/steps.json"))):
        with open(o.work + "/seeds/sizes.csv", "w") as f:
            f.write(step["seed"])
        r = subprocess.run([os.path.dirname(sys.executable) + "/dbt", "build", *step["flags"], "--vars", json.dumps({"step": i + 1})], cwd=o.work, capture_output=True, text=True,
                           env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"})
        if r.returncode == 2:
            sys.exit(r.stdout + r.stderr)
        statuses = {x["unique_id"]: x["status"] for x in json.load(open(o.work + "/target/run_results.json"))["results"]}
        columns, rows = look(o.work + "/product.duckdb")
        out.append({"name": step["name"], "statuses": dict(sorted(statuses.items())), "columns": columns, "rows": rows})
    written = json.dumps(out, indent=1, ensure_ascii=False) + "\n"
    path = DATA + "/product.json"
    if o.update:
        open(path, "w").write(written)
    elif open(path).read() != written:
        open(o.work + "/product.json", "w").write(written)
        sys.exit(f"dbt leaves other rows than {path} has: see {o.work}/product.json")
    print(f"conformance: steps={len(out)} relations={len(out[0]['rows'])} nodes={len(out[0]['statuses'])}")


main()
