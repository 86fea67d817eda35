#!/usr/bin/env python3
"""Compare what dbt and weft select and compile with --state and --defer, in a project of which a part has changed.

usage: DBT_VENV/bin/python states.py --weft PATH --work DIR PROJECT

The project's folder `_changed` holds the files that change. The state is written once by dbt and once by weft; both programs are asked
about both. Macros that come with the programs differ between them, so dbt is asked about its own state only where macros count.
"""
import argparse, json, os, re, shutil, subprocess, sys

import duckdb

from forked import forked

METHODS = ["new", "old", "modified", "unmodified", "modified.body", "modified.configs", "modified.persisted_descriptions", "modified.relation", "modified.macros",
           "modified.contract"]
SELECTIONS = [f"state:{m}" for m in METHODS] + ["state:modified+", "state:modified,resource_type:model", "result:success", "result:pass", "result:error", "result:skipped+",
                                                "state:modified.body+1 result:fail"]
COMPILED = [[], ["--select", "body"], ["--select", "state:modified"], ["--favor-state"], ["--favor-state", "--select", "configured below_ephemeral"], ["--exclude", "people"]]


class Shown(list):
    """Problems are printed as they are found: the whole takes minutes."""

    def append(self, line):
        print(line, flush=True)
        super().append(line)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--weft", required=True)
    a.add_argument("--work", required=True)
    a.add_argument("project")
    a = a.parse_args()
    work = os.path.abspath(a.work)
    name = os.path.basename(os.path.abspath(a.project))
    dir, db = f"{work}/{name}", f"{work}/{name}/{name}.duckdb"
    programs, weft = ("dbt", "weft"), os.path.abspath(a.weft)
    env = dict(os.environ, ORACLE_DUCKDB=db, DBT_PROFILES_DIR=dir, DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1")

    def call(program, *args):
        if program == "dbt":
            return forked(dir, env, args)[0]
        out = subprocess.run([weft, "--no-use-colors", *args], cwd=dir, env=env, capture_output=True, text=True)
        return out.returncode, out.stdout + out.stderr

    def remove():
        if os.path.exists(db):
            os.remove(db)

    problems, asked = Shown(), 0
    shutil.rmtree(dir, ignore_errors=True)
    shutil.copytree(a.project, dir)
    for program in programs:
        remove()
        if os.path.exists(f"{dir}/_load.sql"):
            with duckdb.connect(db) as con:
                con.execute(open(f"{dir}/_load.sql").read())
        code, out = call(program, "build", "--target-path", f"state_{program}")
        if code not in (0, 1):
            sys.exit(f"{program} cannot build the state: {out}")
    shutil.copytree(f"{dir}/_changed", dir, dirs_exist_ok=True)
    remove()

    def listing(program, state, what):
        return ["ls", "--target-path", f"x_{program}", "--state", f"state_{state}", "--output", "json", "--output-keys", "unique_id", "--select", *what.split()]

    def ids(answer):
        code, out = answer
        return code, sorted(json.loads(line)["unique_id"] for line in out.splitlines() if line.startswith("{"))

    pairs = [(state, what) for state in programs for what in SELECTIONS]
    answers = forked(dir, env, ["parse", "--target-path", "x_dbt"], *[listing("dbt", *pair) for pair in pairs])
    if answers[0][0]:
        sys.exit(f"dbt cannot parse the changed project: {answers[0][1]}")
    known = dict(zip(pairs, map(ids, answers[1:])))

    def select(program, state, what):
        return known[state, what] if program == "dbt" else ids(call(program, *listing(program, state, what)))

    for what in SELECTIONS:
        want = select("dbt", "dbt", what)
        for state in programs:
            asked += 1
            got = select("weft", state, what)
            if got != want:
                problems.append(f"{what} since {state}'s state: weft without {sorted(set(want[1]) - set(got[1]))}, beyond {sorted(set(got[1]) - set(want[1]))}, exits {want[0]} {got[0]}")
        if not any(word in what for word in ("state:modified+", "modified,", "modified.macros")) and what not in ("state:modified", "state:unmodified"):
            asked += 1
            got = select("dbt", "weft", what)
            if got != want:
                problems.append(f"{what}: dbt, since weft's state: without {sorted(set(want[1]) - set(got[1]))}, beyond {sorted(set(got[1]) - set(want[1]))}")

    def texts(program, more):
        target = f"{dir}/y_{program}"
        shutil.rmtree(target, ignore_errors=True)
        args = ["compile", "--target", "other", "--target-path", target, "--defer", "--state", "state_dbt"]
        code, out = call(program, *args, *[w for x in more for w in x.split()])
        found = {}
        for n in json.load(open(f"{target}/manifest.json"))["nodes"].values() if os.path.exists(f"{target}/manifest.json") else []:
            # Ephemeral models that are not selected stand compiled in dbt's manifest alone; what reads them has their text.
            if n.get("compiled") and n["config"]["materialized"] != "ephemeral":
                found[n["unique_id"]] = re.sub(r"\s+", "", n["compiled_code"])
        return code, found

    def compare(when):
        nonlocal asked
        for more in COMPILED:
            asked += 1
            want, got = texts("dbt", more), texts("weft", more)
            for u in sorted(set(want[1]) | set(got[1])):
                if want[1].get(u) != got[1].get(u):
                    problems.append(f"compile --defer {' '.join(more)} {when}: {u}: dbt {want[1].get(u)}, weft {got[1].get(u)}")
            if want[0] != got[0]:
                problems.append(f"compile --defer {' '.join(more)} {when}: exits {want[0]} {got[0]}")

    compare("with nothing built")
    remove()
    con = duckdb.connect(db)
    con.execute("create schema other; create table other.people as select 1 as id, 'Ann' as name; create table other.unchanged as select 1 as id, 'Ann' as name")
    con.close()
    compare("with some relations built")
    # A build that reads what only the other environment has.
    rows = {}
    for program in programs:
        remove()
        with duckdb.connect(db) as con:
            con.execute(open(f"{dir}/_load.sql").read())
            con.execute("create table main.people as select 1 as id, 'Ann' as name; create table main.unchanged as select 1 as id, 'Ann' as name; create table main.by_macro as select 1 as id")
        code, out = call(program, "build", "--target", "other", "--target-path", f"z_{program}", "--defer", "--state", f"state_{program}", "--select", "body configured below_ephemeral unchanged_x moved")
        with duckdb.connect(db) as con:
            rows[program] = code, con.execute("select table_schema, table_name, table_type from information_schema.tables order by all").fetchall(), sorted(
                (r["unique_id"], r["status"], r["failures"]) for r in json.load(open(f"{dir}/z_{program}/run_results.json"))["results"])
        asked += 1
    if rows["dbt"] != rows["weft"]:
        problems.append(f"build --defer: dbt {rows['dbt']}, weft {rows['weft']}")
    print(f"STATES asked={asked} problems={len(problems)}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
