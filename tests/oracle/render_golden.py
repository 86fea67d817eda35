#!/usr/bin/env python3
"""Write the goldens of package render: what real dbt makes of testdata/tour, for each dialect.

usage: render_golden.py DBT_VENV OFFLINE_DBT_PY   (run from the repository's root)

DBT_VENV holds dbt-core 1.12 with the five adapters. OFFLINE_DBT_PY is a driver that lets dbt compile without a warehouse:
`DBT_VENV/bin/python OFFLINE_DBT_PY --catalog CATALOG -- compile …`. From each manifest only what the tests read is kept.
"""
import json, os, re, shutil, subprocess, sys, tempfile

HERE = "compiler/internal/render/testdata"
KEEP_NODE = ("unique_id resource_type name package_name path original_file_path fqn language database schema alias relation_name config "
             "unrendered_config description patch_path tags meta group access raw_code checksum columns version depends_on refs sources "
             "test_metadata column_name source_name identifier loader quoting source_meta compiled_code extra_ctes").split()

venv, driver = sys.argv[1], os.path.abspath(sys.argv[2])
for dialect in "duckdb postgres redshift athena spark".split():
    with tempfile.TemporaryDirectory() as tmp:
        proj = f"{tmp}/p"
        shutil.copytree(f"{HERE}/tour", proj)
        env = dict(os.environ, DBT_SEND_ANONYMOUS_USAGE_STATS="false")
        subprocess.run([f"{venv}/bin/dbt", "--quiet", "deps", "--project-dir", proj, "--profiles-dir", proj], check=True, env=env, cwd=proj)
        p = subprocess.run([f"{venv}/bin/python", driver, "--catalog", f"{proj}/catalog.json", "--", "compile", "--quiet", "--project-dir", proj,
                            "--profiles-dir", proj, "--target", dialect, "--target-path", f"{tmp}/out"], env=env, cwd=proj)
        m = json.load(open(f"{tmp}/out/manifest.json"))
        own = {k: v for k, v in m["macros"].items() if not re.match(r"macro\.dbt(_\w+)?\.", k)}
        out = {
            "metadata": {k: m["metadata"][k] for k in ("adapter_type", "project_name")},
            "dispatch": [{"macro_namespace": "helper", "search_order": ["tour", "helper"]}],
            "vars": {"tour": {"plain": 7, "templated": "{{ 1 + 1 }} from {{ this.name }}", "listed": ["a", "b"]},
                     "helper": {"depth": 3, "own": "helper-own", "plain": 7, "templated": "{{ 1 + 1 }} from {{ this.name }}", "listed": ["a", "b"]}},
            "macros": {k: {x: v[x] for x in ("package_name", "original_file_path", "macro_sql", "depends_on")} for k, v in own.items()},
            "nodes": {k: {x: v[x] for x in KEEP_NODE if x in v} for k, v in m["nodes"].items()},
            "sources": {k: {x: v[x] for x in KEEP_NODE if x in v} for k, v in m["sources"].items()},
        }
        target = {"name": dialect, "type": dialect, "schema": "main"}
        if dialect != "spark":
            target["database"] = next(n["database"] for n in m["nodes"].values())
        out["target"] = target
        with open(f"{HERE}/tour.{dialect}.json", "w") as f:
            json.dump(out, f, indent=1, sort_keys=False)
            f.write("\n")
        print(dialect, p.returncode, len(out["nodes"]), "nodes", sum(1 for n in out["nodes"].values() if n.get("compiled_code")), "compiled")
