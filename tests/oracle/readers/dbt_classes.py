#!/usr/bin/env python3
"""Let dbt's own classes read every artifact that weft wrote, and compare states across the two programs.

usage: DBT_VENV/bin/python dbt_classes.py --work DIR [--states NAMES]

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

from forked import forked

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


def listing(target, state, what):
    return ["ls", "--target-path", target, "--state", state, "--output", "json", "--output-keys", "unique_id", "--select", what]


def listed(code, out):
    return {json.loads(line)["unique_id"] for line in out.splitlines() if line.startswith("{")} if code == 0 else {f"exit {code}: {out[-300:]}"}


METHODS = ["state:modified.body", "state:modified.configs", "state:modified.relation", "state:modified.persisted_descriptions", "state:modified.contract", "state:new"]


def states(work, p, problems):
    env = {**os.environ, **p["env"]}
    weft = f"{work}/bin/dbt"
    own = subprocess.run([weft, "parse", "--target-path", "target_weft"], cwd=p["dir"], env=env, capture_output=True, text=True)
    if own.returncode:
        problems.append(f"{p['name']}: weft cannot parse: {own.stdout}{own.stderr}")
        return 0
    made, *answers = forked(p["dir"], p["env"], ["parse", "--target-path", "target_dbt"], *[listing("target_x", "target_weft", m) for m in METHODS])
    if made[0]:
        problems.append(f"{p['name']}: dbt cannot parse: {made[1]}")
        return 0
    for method, answer in zip(METHODS, answers):
        for line in sorted(listed(*answer)):
            problems.append(f"{p['name']}: dbt says {method} since weft's manifest: {line}")
    own_methods = ("state:modified", "state:new")
    for method in own_methods:
        out = subprocess.run([weft, "--quiet", *listing("target_y", "target_dbt", method)], cwd=p["dir"], env=env, capture_output=True, text=True)
        for line in sorted(listed(out.returncode, out.stdout if out.returncode == 0 else out.stdout + out.stderr)):
            problems.append(f"{p['name']}: weft says {method} since dbt's manifest: {line}")
    return len(METHODS) + len(own_methods)


def main():
    a = argparse.ArgumentParser()
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
            asked += states(work, p, problems)
    for line in problems[:60]:
        print(line)
    print(f"DBT-CLASSES projects={len(projects)} artifacts={read_} states={asked} problems={len(problems)}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
