#!/usr/bin/env python3
"""Let astronomer-cosmos load projects: from the manifest that weft wrote, and by `dbt ls` with weft as the dbt executable.

usage: COSMOS_VENV/bin/python cosmos_loads.py --work DIR

Both ways must give the same nodes with the same parents, files and tags; an Airflow DAG made of them has a task for each. The lines
that a build prints are read by the parsers with which Cosmos counts and names warnings.
"""
import argparse, json, logging, os, sys, tempfile

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ.setdefault("AIRFLOW__COSMOS__ENABLE_CACHE", "False")
os.environ.setdefault("AIRFLOW__COSMOS__ENABLE_TELEMETRY", "False")
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
logging.disable(logging.INFO)

import subprocess
from cosmos.config import ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import ExecutionMode, InvocationMode, LoadMode
from cosmos.dbt.graph import DbtGraph
from cosmos.dbt.parser.output import extract_freshness_warn_msg, extract_log_issues, parse_number_of_warnings_subprocess
from cosmos.hooks.subprocess import FullOutputSubprocessResult


def profile(p):
    import re

    text = open(f"{p['dir']}/dbt_project.yml").read()
    name = re.search(r"^profile:\s*['\"]?([\w-]+)", text, re.M) or re.search(r"^name:\s*['\"]?([\w-]+)", text, re.M)
    return ProfileConfig(profile_name=name.group(1), target_name="dev", profiles_yml_filepath=f"{p['dir']}/profiles.yml")


def graph(p, weft, method):
    os.environ.update(p["env"])
    g = DbtGraph(
        project=ProjectConfig(dbt_project_path=p["dir"], manifest_path=f"{p['dir']}/target/manifest.json", env_vars=None),
        render_config=RenderConfig(load_method=method, dbt_executable_path=weft, dbt_deps=False, invocation_mode=InvocationMode.SUBPROCESS),
        execution_config=ExecutionConfig(execution_mode=ExecutionMode.LOCAL, dbt_executable_path=weft, dbt_project_path=p["dir"]),
        profile_config=profile(p),
    )
    g.load(method=method, execution_mode=ExecutionMode.LOCAL)
    return g


def shape(g):
    return {u: (n.resource_type.value, sorted(n.depends_on), str(n.original_file_path), sorted(n.tags), n.config.get("materialized"), n.fqn, n.has_test)
            for u, n in g.nodes.items()}


def warnings(p, weft, problems):
    run = subprocess.run([weft, "test"], cwd=p["dir"], env={**os.environ, **p["env"]}, stdout=subprocess.PIPE, text=True)
    lines = run.stdout.splitlines()
    result = FullOutputSubprocessResult(exit_code=run.returncode, output=lines[-1] if lines else "", full_output=lines)
    want = [r for r in json.load(open(f"{p['dir']}/target/run_results.json"))["results"] if r["status"] == "warn"]
    count = parse_number_of_warnings_subprocess(result)
    if count != len(want):
        problems.append(f"{p['name']}: Cosmos counts {count} warnings, there are {len(want)}")
    names, messages = extract_log_issues(lines)
    if len(names) != len(want) or len(messages) != len(want):
        problems.append(f"{p['name']}: Cosmos names {len(names)} warnings, there are {len(want)}")
    return len(want)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--work", required=True)
    a.add_argument("--weft", help="another executable in weft's place, to see what it gives")
    a = a.parse_args()
    work = os.path.abspath(a.work)
    weft = a.weft or f"{work}/bin/dbt"
    problems, nodes, warned = [], 0, 0
    projects = json.load(open(f"{work}/projects.json"))
    for p in projects:
        before = dict(os.environ)
        try:
            manifest, listed = shape(graph(p, weft, LoadMode.DBT_MANIFEST)), shape(graph(p, weft, LoadMode.DBT_LS))
            known = json.load(open(f"{p['dir']}/target/manifest.json"))
            for u, n in known["nodes"].items():
                if n["resource_type"] in ("model", "seed", "snapshot") and u not in manifest:
                    problems.append(f"{p['name']}: Cosmos does not take {u} from the manifest")
            # The manifest also has what ls does not list: operations, analyses, disabled tests, what a default selector leaves out.
            chooses = any(s.get("default") for s in known["selectors"].values()) or "selectors.yml" in os.listdir(p["dir"])
            for u in sorted(set(manifest) | set(listed)):
                if chooses and u not in listed or u.startswith(("operation.", "analysis.", "unit_test.")) or known["nodes"].get(u, {}).get("config", {}).get("enabled") is False:
                    continue
                if manifest.get(u) != listed.get(u):
                    problems.append(f"{p['name']}: {u}: by manifest {manifest.get(u)}, by ls {listed.get(u)}")
            nodes += len(listed)
            warned += warnings(p, weft, problems)
        except Exception as e:
            problems.append(f"{p['name']}: {type(e).__name__}: {str(e)[:700]}")
        finally:
            os.environ.clear()
            os.environ.update(before)
    for line in problems[:40]:
        print(line)
    print(f"COSMOS projects={len(projects)} nodes={nodes} warnings={warned} problems={len(problems)}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
