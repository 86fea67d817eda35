#!/usr/bin/env python3
"""Build projects with weft, so that readers of its artifacts have something to read.

usage: DBT_VENV/bin/python prepare.py --weft PATH --work DIR PROJECT...

Every project is copied to DIR/<name>, `_load.sql` is run on its database, `_env.json` is put into the environment; then weft, called by
the name of dbt, seeds and builds it, writes its documentation and looks at the freshness of its sources. Projects that fail on purpose
are read like all others. Environment and place of each project stand in DIR/projects.json for the scripts beside this one.
"""
import argparse, json, os, re, shutil, subprocess, sys

import duckdb


def prepare(weft, work, source):
    name = os.path.basename(os.path.abspath(source))
    dir = os.path.join(work, name)
    shutil.rmtree(dir, ignore_errors=True)
    shutil.copytree(source, dir, ignore=shutil.ignore_patterns("target", "logs", "*.duckdb*"))
    db = os.path.join(dir, "oracle.duckdb")  # projects may name the catalog, which is called by its file
    env = {"ORACLE_DUCKDB": db, "DBT_PROFILES_DIR": dir, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    if os.path.exists(f"{dir}/_env.json"):
        env.update(json.load(open(f"{dir}/_env.json")))
    if os.path.exists(f"{dir}/_load.sql"):
        here = os.getcwd()
        os.chdir(dir)
        with duckdb.connect(db) as con:
            con.execute(open("_load.sql").read())
        os.chdir(here)
    path = os.path.join(work, "bin", "dbt")
    for step in (["seed"], ["docs", "generate"], ["source", "freshness"], ["build"]):
        p = subprocess.run([path, *step], cwd=dir, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if p.returncode not in (0, 1, 2):
            sys.exit(f"{name}: weft {' '.join(step)} ended with {p.returncode}\n{p.stdout}")
    if not os.path.exists(f"{dir}/target/run_results.json"):
        print(f"{name}: no run results\n{p.stdout}")
    return {"name": name, "dir": dir, "env": env}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--weft", required=True)
    a.add_argument("--work", required=True)
    a.add_argument("projects", nargs="+")
    a = a.parse_args()
    work = os.path.abspath(a.work)
    os.makedirs(f"{work}/bin", exist_ok=True)
    if os.path.lexists(f"{work}/bin/dbt"):
        os.remove(f"{work}/bin/dbt")
    os.symlink(os.path.abspath(a.weft), f"{work}/bin/dbt")
    out = [prepare(a.weft, work, p) for p in a.projects]
    json.dump(out, open(f"{work}/projects.json", "w"), indent=1)
    print(f"PREPARED projects={len(out)}")


if __name__ == "__main__":
    main()
