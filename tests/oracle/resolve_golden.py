#!/usr/bin/env python3
"""Write the golden files of package resolve: what dbt 1.12 makes of each small project in testdata.

usage: PYTHON_OF_A_DBT_VENV resolve_golden.py compiler/internal/resolve/testdata [NAME...]

Each NAME.txtar holds a project; NAME.json gets dbt's manifest of it, without clock, paths of the machine and dbt's own macros.
Archives under errors/ name in their first line what must be said (`want: TEXT`); that dbt says it too is checked here.
"""
import glob, json, os, re, shutil, sys, tempfile

from dbt.cli.main import dbtRunner
from dbt.contracts.graph import semantic_manifest

SECTIONS = ["nodes", "sources", "exposures", "metrics", "groups", "saved_queries", "semantic_models", "unit_tests", "functions", "docs"]
VALIDATE = semantic_manifest.SemanticManifest.validate


def unpack(path, into):
    name, comment = None, []
    files = {}
    for line in open(path, encoding="utf-8", newline=""):
        m = re.match(r"^-- (.+) --$", line.rstrip("\r\n"))
        if m:
            name = m.group(1)
            files[name] = []
        elif name is None:
            comment.append(line.rstrip("\n"))
        else:
            files[name].append(line)
    for name, lines in files.items():
        p = os.path.join(into, name)
        os.makedirs(os.path.dirname(p), exist_ok=True)
        open(p, "w", encoding="utf-8", newline="").write("".join(lines))
    return comment


def run(project):
    os.chdir(project)
    args = ["--profiles-dir", project, "--project-dir", project, "--quiet"]
    if os.path.exists("packages.yml"):
        dbtRunner().invoke(["deps", *args])
    said = []
    out = dbtRunner(callbacks=[lambda e: said.append(e.info.msg)]).invoke(["parse", "--no-partial-parse", *args])
    return out, said


def clean(entry):
    for key in ("created_at", "root_path"):
        entry.pop(key, None)
    return entry


def golden(path):
    project = tempfile.mkdtemp(prefix="resolve")
    comment = unpack(path, project)
    semantic_manifest.SemanticManifest.validate = (lambda self: True) if "flags: no-semantic-validation" in comment else VALIDATE
    out, said = run(project)
    if "/errors/" in path:
        want = next(c[6:] for c in comment if c.startswith("want: "))
        text = re.sub(r"\s+", " ", str(out.exception) + " " + " ".join(said))
        assert want in text, f"{path}: dbt does not say {want!r} but {text[-1500:]!r}"
    else:
        assert out.success, f"{path}: {out.exception}"
        m = json.load(open(os.path.join(project, "target/manifest.json")))
        doc = {s: {k: clean(v) for k, v in sorted(m[s].items())} for s in SECTIONS}
        doc["docs"].pop("doc.dbt.__overview__", None)
        doc["disabled"] = {k: [clean(x) for x in v] for k, v in sorted(m["disabled"].items())}
        doc["macros"] = {k: {f: v[f] for f in ("name", "description", "arguments", "meta", "docs", "patch_path")}
                         for k, v in sorted(m["macros"].items()) if not re.match(r"^dbt(_\w+)?$", v["package_name"])}
        with open(path[:-6] + ".json", "w", encoding="utf-8") as f:
            f.write("{\n" + ",\n".join(
                json.dumps(s) + ": {\n" + ",\n".join(json.dumps(k) + ": " + json.dumps(v) for k, v in doc[s].items()) + "\n}" for s in doc) + "\n}\n")
    shutil.rmtree(project)


def main():
    base = os.path.abspath(sys.argv[1])
    names = sys.argv[2:]
    for path in sorted(glob.glob(base + "/*.txtar") + glob.glob(base + "/errors/*.txtar")):
        if not names or os.path.basename(path)[:-6] in names:
            try:
                golden(path)
                print(path)
            except AssertionError as e:
                print("FAILED", e)


main()
