#!/usr/bin/env python3
"""Let dbt's own classes read every artifact that weft wrote, and compare states across the two programs.

usage: DBT_VENV/bin/python dbt_classes.py --venv DBT_VENV --work DIR

Manifests are read, turned into dbt's working form, and written again: nothing may change. Then dbt is asked what is modified since the
manifest that weft wrote, and weft since the one that dbt wrote: nothing is, apart from macros that come with the programs themselves.
"""
import argparse, json, os, re, subprocess, sys

from dbt.artifacts.schemas.catalog import CatalogArtifact
from dbt.artifacts.schemas.freshness import FreshnessExecutionResultArtifact
from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.artifacts.schemas.run import RunResultsArtifact
from dbt.contracts.graph.manifest import Manifest
from dbt.flags import set_from_args

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from load_manifest import differences

# dbt's classes hold times as such; JSON made of them in passing spells the zone of UTC in another way.
UTC = re.compile(r"(\d)\+00:00$")


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return UTC.sub(r"\1Z", value) if isinstance(value, str) else value


OTHERS = {"run_results.json": RunResultsArtifact, "catalog.json": CatalogArtifact, "sources.json": FreshnessExecutionResultArtifact}


def read(p, problems):
    read = 0
    path = f"{p['dir']}/target/manifest.json"
    raw = json.load(open(path))
    m = WritableManifest.read_and_check_versions(path)
    full = Manifest.from_writable_manifest(m)
    read += 1
    for writable in (m, full.writable_manifest()):
        again = json.loads(json.dumps(writable.to_dict(omit_none=False, context={"artifact": True}), default=str))
        for section in raw:
            if section in ("metadata", "child_map", "parent_map", "disabled"):
                continue
            for line in differences(section, plain(raw[section]), plain(again.get(section))):
                problems.append(f"{p['name']}: manifest: {line}")
    for name, cls in OTHERS.items():
        path = f"{p['dir']}/target/{name}"
        if not os.path.exists(path):
            continue
        raw = json.load(open(path))
        again = json.loads(json.dumps(cls.read_and_check_versions(path).to_dict(omit_none=False), default=str))
        read += 1
        for line in differences(name, plain(raw), plain(again)):
            problems.append(f"{p['name']}: {line}")
    return read


def selected(program, p, target, state, *what):
    out = subprocess.run([program, "--quiet", "ls", "--target-path", target, "--state", state, "--output", "json", "--output-keys", "unique_id", "--select", *what],
                         cwd=p["dir"], env={**os.environ, **p["env"]}, capture_output=True, text=True)
    if out.returncode:
        return {f"exit {out.returncode}: {out.stdout[-300:]} {out.stderr[-300:]}"}
    return {json.loads(line)["unique_id"] for line in out.stdout.splitlines() if line.startswith("{")}


def states(venv, work, p, problems):
    env = {**os.environ, **p["env"]}
    made = subprocess.run([f"{venv}/bin/dbt", "parse", "--target-path", "target_dbt"], cwd=p["dir"], env=env, capture_output=True, text=True)
    if made.returncode:
        return 0
    weft = f"{work}/bin/dbt"
    own = subprocess.run([weft, "parse", "--target-path", "target_weft"], cwd=p["dir"], env=env, capture_output=True, text=True)
    if own.returncode:
        problems.append(f"{p['name']}: weft cannot parse: {own.stdout}{own.stderr}")
        return 0
    asked = 0
    for method in ("state:modified.body", "state:modified.configs", "state:modified.relation", "state:modified.persisted_descriptions", "state:modified.contract", "state:new"):
        asked += 1
        for line in sorted(selected(f"{venv}/bin/dbt", p, "target_x", "target_weft", method)):
            problems.append(f"{p['name']}: dbt says {method} since weft's manifest: {line}")
    for method in ("state:modified", "state:new"):
        asked += 1
        for line in sorted(selected(weft, p, "target_y", "target_dbt", method)):
            problems.append(f"{p['name']}: weft says {method} since dbt's manifest: {line}")
    return asked


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--venv", required=True)
    a.add_argument("--work", required=True)
    a.add_argument("--states", default="", help="names of projects, by comma, whose states are compared; all for all")
    a = a.parse_args()
    problems, read_, asked = [], 0, 0
    set_from_args(argparse.Namespace(SEND_ANONYMOUS_USAGE_STATS=False), None)
    work = os.path.abspath(a.work)
    projects = json.load(open(f"{work}/projects.json"))
    for p in projects:
        read_ += read(p, problems)
        if a.states == "all" or p["name"] in a.states.split(","):
            asked += states(os.path.abspath(a.venv), work, p, problems)
    for line in problems[:60]:
        print(line)
    print(f"DBT-CLASSES projects={len(projects)} artifacts={read_} states={asked} problems={len(problems)}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
