#!/usr/bin/env python3
"""Let dagster-dbt build projects with weft as the dbt executable, and read its events as they come.

usage: DAGSTER_VENV/bin/python dagster_builds.py --work DIR

Every model, seed and snapshot that ends well must become a materialization of its asset, every data test a check with its outcome.
"""
import argparse, json, os, sys, warnings

warnings.filterwarnings("ignore")
from dagster import AssetCheckEvaluation, AssetMaterialization, AssetObservation, Output
from dagster_dbt import DbtCliResource, DbtProject


def build(p, weft, problems):
    project = DbtProject(project_dir=p["dir"], target_path="target", profiles_dir=p["dir"])
    dbt = DbtCliResource(project_dir=project, dbt_executable=weft, profiles_dir=p["dir"])
    manifest = json.load(open(f"{p['dir']}/target/manifest.json"))
    invocation = dbt.cli(["build"], manifest=manifest, raise_on_error=False, target_path=None)
    made, checked, observed = set(), {}, 0
    for event in invocation.stream():
        if isinstance(event, (Output, AssetMaterialization)):
            made.add((event.metadata["unique_id"].value))
        elif isinstance(event, AssetCheckEvaluation):
            checked[event.metadata["unique_id"].value] = event.passed
        elif isinstance(event, AssetObservation):
            checked[event.metadata["unique_id"].value] = event.metadata["status"].value in ("pass",)
    results = invocation.get_artifact("run_results.json")["results"]
    for r in results:
        u = r["unique_id"]
        kind = u.split(".")[0]
        if kind in ("model", "seed", "snapshot"):
            # Ephemeral models are none of its assets' events.
            ok = r["status"] == "success"
            if ok and manifest["nodes"][u]["config"]["materialized"] != "ephemeral" and u not in made:
                problems.append(f"{p['name']}: no materialization of {u}")
            if not ok and u in made:
                problems.append(f"{p['name']}: a materialization of {u}, which is {r['status']}")
        elif kind == "test":
            if u not in checked:
                # A check belongs to an asset, so tests of nothing make none.
                if r["status"] != "skipped" and manifest["nodes"][u]["depends_on"]["nodes"]:
                    problems.append(f"{p['name']}: no check of {u}, which is {r['status']}")
            elif checked[u] != (r["status"] == "pass"):
                problems.append(f"{p['name']}: {u} is {r['status']}, the check says {checked[u]}")
    failed = any(r["status"] in ("error", "fail", "partial success") for r in results)
    if invocation.is_successful() == failed:
        problems.append(f"{p['name']}: Dagster says success={invocation.is_successful()}, results say failed={failed}")
    if failed and not invocation.is_successful() and invocation.get_error() is None:
        problems.append(f"{p['name']}: Dagster knows no error")
    return len(made), len(checked)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--work", required=True)
    a = a.parse_args()
    work = os.path.abspath(a.work)
    problems, made, checked = [], 0, 0
    projects = json.load(open(f"{work}/projects.json"))
    for p in projects:
        before = dict(os.environ)
        os.environ.update(p["env"])
        try:
            m, c = build(p, f"{work}/bin/dbt", problems)
            made, checked = made + m, checked + c
        except Exception as e:
            problems.append(f"{p['name']}: {type(e).__name__}: {str(e)[:900]}")
        finally:
            os.environ.clear()
            os.environ.update(before)
    for line in problems[:40]:
        print(line)
    print(f"DAGSTER projects={len(projects)} materializations={made} checks={checked} problems={len(problems)}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
