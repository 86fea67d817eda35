#!/usr/bin/env python3
"""Ask real dbt which nodes each selector expression of a fixture project means.

usage: DBT_VENV/bin/python tests/oracle/node_selection.py [compiler/internal/selector/testdata]

Reads cases.txt (one command line of `dbt ls` in each line) and the project beside it; writes nodes.json (what the selector
needs to know of each node) and expected.json (the unique ids, or the error, for each case). Needs dbt-core 1.12 with dbt-duckdb.
"""
import contextlib, io, json, os, shlex, shutil, sys, tempfile

os.environ.update(DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1")
from dbt.cli.main import dbtRunner


def main():
    data = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "compiler/internal/selector/testdata")
    with tempfile.TemporaryDirectory() as tmp:
        project = f"{tmp}/project"
        shutil.copytree(f"{data}/project", project)
        os.chdir(project)
        shutil.copytree("packages", "dbt_packages")
        common = ["--quiet", "--project-dir", project, "--profiles-dir", project, "--log-path", tmp, "--target-path", f"{tmp}/target"]
        with contextlib.redirect_stdout(io.StringIO()):
            parsed = dbtRunner().invoke(["parse"] + common)
        if not parsed.success:
            raise SystemExit(f"parse: {parsed.exception}")
        manifest = json.load(open(f"{tmp}/target/manifest.json"))
        nodes = []
        for section in "nodes sources exposures metrics semantic_models saved_queries unit_tests functions".split():
            for n in manifest[section].values():
                meta = n.get("test_metadata")
                nodes.append({
                    "id": n["unique_id"], "kind": n["resource_type"], "name": n["name"], "package": n["package_name"], "fqn": n["fqn"],
                    "path": n["original_file_path"], "patch": n.get("patch_path") or "", "tags": n.get("tags") or n["config"].get("tags") or [],
                    "group": n.get("group") or "", "access": n.get("access") or "", "config": n["config"], "version": n.get("version"),
                    "latest": n.get("latest_version"), "depends_on": n.get("depends_on", {}).get("nodes", []),
                    "code": n.get("raw_code", ""), "test": meta["name"] if meta else "", "source": n.get("source_name", "")})
        json.dump({"nodes": nodes, "selectors": manifest["selectors"]}, open(f"{data}/nodes.json", "w"), indent=1)
        cases = []
        for line in open(f"{data}/cases.txt"):
            args = shlex.split(line.rstrip("\n"), comments=True)
            if not args:
                continue
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                r = dbtRunner(manifest=parsed.result).invoke(["ls", "--output", "json", "--output-keys", "unique_id"] + common + args)
            case = {"args": args}
            if r.success:
                case["ids"] = [json.loads(x)["unique_id"] for x in r.result]
            else:
                case["error"] = f"{type(r.exception).__name__}: {r.exception}"
            cases.append(case)
        json.dump(cases, open(f"{data}/expected.json", "w"), indent=1)
    bad = [c for c in cases if "error" in c]
    print(f"{len(cases)} cases, {len(bad)} refused, {sum(not c.get('ids', True) for c in cases)} empty")
    for c in bad:
        print("  ", shlex.join(c["args"]), "::", c["error"].replace("\n", " ")[:200])


if __name__ == "__main__":
    main()
