#!/usr/bin/env python3
"""Write the manifest and run results that real dbt makes of a project: test data of packages manifest and artifact.

usage: DBT_VENV/bin/python tests/oracle/manifest_sample.py [PROJECT] [OUT_DIR]

Macros and docs of packages that come with dbt are left out, so that the file stays small and holds nobody
else's text; paths of the machine are shortened.
"""
import contextlib, io, json, os, shutil, sys, tempfile

os.environ.update(DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1", DBT_ENV_CUSTOM_ENV_TEAM="analytics")
from dbt.cli.main import dbtRunner


def main():
    project = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "compiler/internal/selector/testdata/project")
    out = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "compiler/manifest/testdata")
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory() as tmp:
        shutil.copytree(project, f"{tmp}/project")
        os.chdir(f"{tmp}/project")
        if os.path.isdir("packages"):
            shutil.copytree("packages", "dbt_packages")
        common = ["--quiet", "--project-dir", ".", "--profiles-dir", ".", "--log-path", tmp, "--target-path", f"{tmp}/target"]
        with contextlib.redirect_stdout(io.StringIO()):
            r = dbtRunner().invoke(["compile"] + common)
        print("compile:", r.success, r.exception)
        m = json.loads(open(f"{tmp}/target/manifest.json").read().replace(f"{tmp}/project", "PROJECT").replace(tmp, "TMP"))
        own = {m["metadata"]["project_name"]}
        m["macros"] = {k: v for k, v in m["macros"].items() if v["package_name"] in own}
        m["docs"] = {k: v for k, v in m["docs"].items() if v["package_name"] in own}
        json.dump(m, open(f"{out}/manifest.json", "w"), indent=1)
        r = json.loads(open(f"{tmp}/target/run_results.json").read().replace(tmp, "TMP"))
        r["results"], r["args"] = r["results"][:3], {"which": "compile"}
        json.dump(r, open(f"{out}/run_results.json", "w"), indent=1)


if __name__ == "__main__":
    main()
