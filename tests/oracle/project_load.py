"""Loads many small projects with dbt, as expected data for package project. Runs in a venv with dbt-core and dbt-duckdb.

    python tests/oracle/project_load.py > compiler/internal/project/testdata/projects.json

Each case has the files, the options, and what dbt makes of them: an error's message, or the rendered configuration, the value
of `target`, the packages, and the variables as each package sees them.
"""
import datetime
import json
import os
import shutil
import sys
import tempfile
from argparse import Namespace

result_file = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

from dbt.adapters.factory import reset_adapters
from dbt.config.runtime import RuntimeConfig
from dbt.context.configured import ConfiguredVar, SchemaYamlContext
from dbt.flags import set_from_args
from dbt.mp_context import get_mp_context
from dbt_common.context import set_invocation_context

ENV = {"TARGET": "prod", "THREADS": "7", "DBT_ENV_SECRET_PW": "s3cret", "SCHEMA": "from_env", "FLAG": "true"}

PROFILES = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: dev.duckdb, schema: main, threads: 3}
    prod: {type: duckdb, path: prod.duckdb, schema: "{{ env_var('SCHEMA') }}"}
    broken: {type: duckdb, path: "{{ env_var('NOT_THERE') }}", schema: x}
other:
  outputs:
    default: {type: duckdb, path: x.duckdb, schema: other_schema}
empty:
"""
PROJECT = "name: shop\nversion: '1.0'\nprofile: shop\n"


def case(name, files, **options):
    files = dict(files)
    files.setdefault("profiles.yml", PROFILES)
    files.setdefault("dbt_project.yml", PROJECT)
    return {"name": name, "files": files, "options": options}


def package(name, text="", path=None):
    return {"dbt_packages/%s/dbt_project.yml" % (path or name): "name: %s\nversion: '1.0'\n%s" % (name, text)}


CASES = [
    case("plain", {}),
    case("target option", {}, target="prod"),
    case("unused output may be broken", {}, target="broken"),
    case("no such target", {}, target="nope"),
    case("profile option", {}, profile="other"),
    case("no such profile", {}, profile="nope"),
    case("empty profile", {}, profile="empty"),
    case("threads option", {}, threads=9),
    case("target from env", {"profiles.yml": PROFILES.replace("target: dev", "target: \"{{ env_var('TARGET') }}\"")}),
    case("threads as text", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, schema: a, threads: \"{{ env_var('THREADS') }}\"}\n"}),
    case("threads as number", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, schema: a, threads: \"{{ env_var('THREADS') | as_number }}\"}\n"}),
    case("no type", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {schema: a}\n"}),
    case("unknown type", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckbd, schema: a}\n"}),
    case("no outputs", {"profiles.yml": "shop:\n  target: dev\n"}),
    case("output is a text", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: x\n"}),
    case("profiles is empty", {"profiles.yml": ""}),
    case("profiles is broken", {"profiles.yml": "shop:\n  target: a: b\n"}),
    case("unknown profile keys", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, schema: a, whatever: 1}\n"}),
    case("engines are accepted", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, schema: a, engines: {b: prod}}\n    prod: {type: duckdb, schema: b}\n"}),
    case("no profile", {"dbt_project.yml": "name: shop\nversion: '1.0'\n"}),
    case("profile by template", {"dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: \"{{ 'sh' ~ 'op' }}\"\n"}),
    case("profile by var", {"dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: \"{{ var('p') }}\"\n"}, vars={"p": "shop"}),
    case("profile by missing var", {"dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: \"{{ var('p') }}\"\n"}),
    case("secret in the profile", {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, schema: \"a_{{ env_var('DBT_ENV_SECRET_PW') }}_b\"}\n"}),
    case("secret in the project", {"dbt_project.yml": PROJECT + "models: {shop: {+schema: \"{{ env_var('DBT_ENV_SECRET_PW') }}\"}}\n"}),
    case("env in the project", {"dbt_project.yml": PROJECT + "models: {shop: {+schema: \"{{ env_var('SCHEMA') }}\", +enabled: \"{{ env_var('FLAG') | as_bool }}\", +alias: \"{{ env_var('NOPE', 'd') }}\"}}\n"}),
    case("missing env", {"dbt_project.yml": PROJECT + "models: {shop: {+schema: \"{{ env_var('NOPE') }}\"}}\n"}),
    case("target in the project", {"dbt_project.yml": PROJECT + "models: {shop: {+enabled: \"{{ target.name == 'dev' }}\", +schema: \"{{ target.schema }}_x\", +tags: [\"{{ target.type }}\", \"{{ target.threads }}\", plain]}}\n"}),
    case("late values", {"dbt_project.yml": PROJECT + "on-run-start: \"{{ nope() }}\"\non-run-end: [\"{{ nope() }}\", select 1]\nquery-comment: \"{{ nope }}\"\nvars: {a: \"{{ nope() }}\"}\nmodels: {shop: {+pre-hook: \"{{ nope() }}\", post-hook: [\"{{ nope() }}\"], sub: {pre_hook: {sql: \"{{ nope() }}\"}}}}\nseeds: {+post_hook: \"{{ nope() }}\"}\nsnapshots: {+pre-hook: \"{{ nope() }}\"}\n"}),
    case("exposures are rendered", {"dbt_project.yml": PROJECT + "exposures: {shop: {+enabled: \"{{ 1 == 1 }}\"}}\nsources: {shop: {+enabled: \"{{ false }}\"}}\n"}),
    case("null sections", {"dbt_project.yml": PROJECT + "models:\nseeds:\nsnapshots:\non-run-start:\nvars:\n"}),
    case("null metrics", {"dbt_project.yml": PROJECT + "metrics:\n"}),
    case("dates", {"dbt_project.yml": PROJECT + "models: {shop: {+begin: 2024-01-01, +at: 2024-01-01T10:00:00Z, n: 012, y: yes, t: \"1\", l: |\n    text\n    }}\nvars: {d: 2024-01-01}\n".replace("l: |\n    text\n    ", "l: 'a'")}),
    case("block scalars", {"dbt_project.yml": PROJECT + "models:\n  shop:\n    +a: |\n      line\n      two\n    +b: >\n      folded\n      text\n    +c: |-\n      {{ 1 + 1 }}\n    +d: |\n      {{ 1 + 1 }}\n"}),
    case("unknown key", {"dbt_project.yml": PROJECT + "modelpaths: [a]\n"}),
    case("underscore key", {"dbt_project.yml": PROJECT + "model_paths: [a]\n"}),
    case("paths as text", {"dbt_project.yml": PROJECT + "model-paths: models\n"}),
    case("all paths", {"dbt_project.yml": PROJECT + "model-paths: [m, m2/]\nseed-paths: [s]\ntest-paths: [t]\nanalysis-paths: [a]\nmacro-paths: [ma]\nsnapshot-paths: [sn]\ndocs-paths: [d]\nasset-paths: [as]\nfunction-paths: [f]\nclean-targets: [x]\npackages-install-path: pk\n"}),
    case("old paths", {"dbt_project.yml": PROJECT + "source-paths: [m]\ndata-paths: [s]\n"}),
    case("old and new paths", {"dbt_project.yml": PROJECT + "source-paths: [m]\nmodel-paths: [s]\n"}),
    case("target path", {"dbt_project.yml": PROJECT + "target-path: out\nlog-path: logs\n"}),
    case("tests section", {"dbt_project.yml": PROJECT + "tests: {shop: {+severity: warn}}\n"}),
    case("tests and data_tests", {"dbt_project.yml": PROJECT + "tests: {a: 1}\ndata_tests: {b: 1}\n"}),
    case("quoting", {"dbt_project.yml": PROJECT + "quoting: {database: true, identifier: false}\n"}),
    case("bad quoting", {"dbt_project.yml": PROJECT + "quoting: {databse: true}\n"}),
    case("dispatch", {"dbt_project.yml": PROJECT + "dispatch: [{macro_namespace: dbt_utils, search_order: [shop, dbt_utils]}]\n"}),
    case("bad dispatch", {"dbt_project.yml": PROJECT + "dispatch: [{macro_namespace: dbt_utils}]\n"}),
    case("bad name", {"dbt_project.yml": "name: my-shop\nprofile: shop\n"}),
    case("reserved name", {"dbt_project.yml": "name: adapter\nprofile: shop\n"}),
    case("no name", {"dbt_project.yml": "profile: shop\n"}),
    case("numeric version", {"dbt_project.yml": "name: shop\nversion: 1.0\nprofile: shop\n"}),
    case("bad version", {"dbt_project.yml": "name: shop\nversion: one\nprofile: shop\n"}),
    case("config-version text", {"dbt_project.yml": PROJECT + "config-version: '2'\n"}),
    case("list project", {"dbt_project.yml": "- a\n"}),
    case("empty project", {"dbt_project.yml": ""}),
    case("duplicate keys", {"dbt_project.yml": PROJECT + "models: {a: 1}\nmodels: {b: 2}\n"}),
    case("require fits", {"dbt_project.yml": PROJECT + "require-dbt-version: '>=1.3.0'\n"}),
    case("require list", {"dbt_project.yml": PROJECT + "require-dbt-version: ['>=1.3.0', '<2.0.0']\n"}),
    case("require too new", {"dbt_project.yml": PROJECT + "require-dbt-version: '>=2.0.0'\n"}),
    case("require too old", {"dbt_project.yml": PROJECT + "require-dbt-version: ['>=1.0.0', '<1.12.0']\n"}),
    case("require exact", {"dbt_project.yml": PROJECT + "require-dbt-version: 1.12.6\n"}),
    case("require impossible", {"dbt_project.yml": PROJECT + "require-dbt-version: ['>2.0.0', '<1.0.0']\n"}),
    case("require nonsense", {"dbt_project.yml": PROJECT + "require-dbt-version: newest\n"}),
    case("require with comma", {"dbt_project.yml": PROJECT + "require-dbt-version: '>=1.0.0,<2.0.0'\n"}),
    case("require prerelease", {"dbt_project.yml": PROJECT + "require-dbt-version: '>=1.13.0-b1'\n"}),
    case("require blank", {"dbt_project.yml": PROJECT + "require-dbt-version: '>=1.0.0, <2.0.0'\n"}),
    case("flags in both", {"profiles.yml": PROFILES + "config: {use_colors: true}\n", "dbt_project.yml": PROJECT + "flags: {use_colors: false}\n"}),
    # variables
    case("vars", {"dbt_project.yml": PROJECT + "vars: {a: global, shop: {b: scoped, a: scoped a}, pkg: {c: for pkg}}\n"}),
    case("vars of the command line", {"dbt_project.yml": PROJECT + "vars: {a: global}\nmodels: {shop: {+schema: \"{{ var('a') }}\"}}\n"}, vars={"a": "cli", "n": 1, "l": [1, {"x": None}]}),
    case("project vars are not seen in the project", {"dbt_project.yml": PROJECT + "vars: {a: global}\nmodels: {shop: {+schema: \"{{ var('a') }}\"}}\n"}),
    case("project vars with default", {"dbt_project.yml": PROJECT + "vars: {a: global}\nmodels: {shop: {+schema: \"{{ var('a', 'd') }}\"}}\n"}),
    case("vars file", {"vars.yml": "vars: {a: from file, shop: {b: scoped}}\n", "dbt_project.yml": PROJECT + "models: {shop: {+schema: \"{{ var('a') }}\"}}\n"}),
    case("vars file and command line", {"vars.yml": "vars: {a: from file}\n", "dbt_project.yml": PROJECT + "models: {shop: {+schema: \"{{ var('a') }}\"}}\n"}, vars={"a": "cli"}),
    case("vars file and project vars", {"vars.yml": "vars: {a: from file}\n", "dbt_project.yml": PROJECT + "vars: {b: 1}\n"}),
    case("empty vars file", {"vars.yml": "vars: {}\n", "dbt_project.yml": PROJECT + "vars: {b: 1}\n"}),
    case("vars file without vars", {"vars.yml": "other: 1\n", "dbt_project.yml": PROJECT + "vars: {b: 1}\n"}),
    # packages
    case("package", {**package("pkg", "vars: {a: pkg global, pkg: {b: pkg scoped, c: pkg c}, shop: {a: wrong}}\n"), "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n", "dbt_project.yml": PROJECT + "vars: {a: root, pkg: {b: root for pkg}}\n"}),
    case("package vars and command line", {**package("pkg", "vars: {a: pkg}\n"), "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}, vars={"a": "cli"}),
    case("package sees no cli vars in its file", {**package("pkg", "models: {pkg: {+schema: \"{{ var('a') }}\"}}\n"), "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}, vars={"a": "cli"}),
    case("package default var", {**package("pkg", "models: {pkg: {+schema: \"{{ var('a', 'd') }}_{{ target.name }}\"}}\n"), "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}, vars={"a": "cli"}),
    case("two packages", {**package("pkg_b"), **package("pkg_a", path="zzz"), "packages.yml": "packages: [{package: a/pkg_a, version: 1.0.0}, {package: a/pkg_b, version: 1.0.0}]\n"}),
    case("not installed", {"packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}),
    case("one of two", {**package("pkg_a"), "packages.yml": "packages: [{package: a/pkg_a, version: 1.0.0}, {git: 'https://x/pkg_b.git', revision: main}]\n"}),
    case("too many installed", {**package("pkg_a"), **package("pkg_b"), "packages.yml": "packages: [{package: a/pkg_a, version: 1.0.0}]\n"}),
    case("lock file", {**package("pkg_a"), **package("pkg_b"), "packages.yml": "packages: [{package: a/pkg_a, version: 1.0.0}]\n", "package-lock.yml": "packages:\n  - {name: pkg_a, package: a/pkg_a, version: 1.0.0}\n  - {name: pkg_b, package: a/pkg_b, version: 1.0.0}\nsha1_hash: x\n"}),
    case("lock file, one missing", {**package("pkg_a"), "packages.yml": "packages: [{package: a/pkg_a, version: 1.0.0}]\n", "package-lock.yml": "packages:\n  - {name: pkg_a, package: a/pkg_a, version: 1.0.0}\n  - {name: pkg_b, package: a/pkg_b, version: 1.0.0}\nsha1_hash: x\n"}),
    case("dependencies file", {**package("pkg_a"), "dependencies.yml": "packages: [{package: a/pkg_a, version: 1.0.0}]\n"}),
    case("both files", {"packages.yml": "packages: []\n", "dependencies.yml": "packages: []\n"}),
    case("projects in packages", {"packages.yml": "projects: []\n"}),
    case("package without version", {"packages.yml": "packages: [{package: a/b}]\n"}),
    case("package without namespace", {"packages.yml": "packages: [{package: b, version: 1.0.0}]\n"}),
    case("package of nothing", {"packages.yml": "packages: [{pakage: a/b}]\n"}),
    case("unknown package key", {"packages.yml": "packages: [{package: a/b, version: 1.0.0, verzion: 2}]\n"}),
    case("packages key unknown", {"packages.yml": "package: []\n"}),
    case("empty packages", {"packages.yml": ""}),
    case("null packages", {"packages.yml": "packages:\n"}),
    case("same name twice", {**package("shop", path="copy"), "packages.yml": "packages: [{package: a/copy, version: 1.0.0}]\n"}),
    case("package without project file", {"dbt_packages/pkg/x.txt": "", "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}),
    case("package with bad key", {**package("pkg", "modles: {}\n"), "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}),
    case("package wants newer dbt", {**package("pkg", "require-dbt-version: '>=2.0.0'\n"), "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}),
    case("env in packages", {**package("pkg"), "packages.yml": "packages: [{git: \"https://{{ env_var('DBT_ENV_SECRET_PW') }}@x/pkg.git\", revision: \"{{ env_var('SCHEMA') }}\"}]\n"}),
    case("missing env in packages", {**package("pkg"), "packages.yml": "packages: [{git: \"https://{{ env_var('NOPE') }}@x/pkg.git\", revision: a}]\n"}),
    case("hidden folders are packages", {**package("pkg"), "dbt_packages/__MACOSX/x": "", "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n"}),
    case("other install path", {"deps/pkg/dbt_project.yml": "name: pkg\n", "packages.yml": "packages: [{package: a/pkg, version: 1.0.0}]\n", "dbt_project.yml": PROJECT + "packages-install-path: deps\n"}),
]


def typed(v):
    if v is None:
        return ["n"]
    if isinstance(v, bool):
        return ["b", v]
    if isinstance(v, int):
        return ["i", str(v)]
    if isinstance(v, float):
        return ["f", repr(v)]
    if isinstance(v, str):
        return ["s", str(v)]
    if isinstance(v, datetime.date):
        return ["d", v.isoformat()]
    if isinstance(v, (list, tuple)):
        return ["l", [typed(x) for x in v]]
    if isinstance(v, dict):
        return ["m", [[str(k), typed(x)] for k, x in v.items()]]
    raise TypeError(type(v))


SECTIONS = ["models", "seeds", "snapshots", "sources", "data_tests", "exposures"]


def load(c):
    root = tempfile.mkdtemp()
    try:
        for path, text in c["files"].items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w") as f:
                f.write(text)
        o = c["options"]
        args = Namespace(project_dir=root, profiles_dir=root, PROFILES_DIR=root, PROJECT_DIR=root, profile=o.get("profile"), target=o.get("target"), threads=o.get("threads"),
                         vars=o.get("vars", {}), VERSION_CHECK=True, version_check=True, TARGET_PATH=None, target_path=None, LOG_PATH="logs", log_path="logs", which="parse", LOG_CACHE_EVENTS=False, log_cache_events=False)
        set_from_args(args, None)
        try:
            config = RuntimeConfig.from_args(args)
            packages = {n: p for n, p in config.load_dependencies().items() if "site-packages" not in p.project_root}
        except Exception as e:
            return {"error": str(getattr(e, "msg", None) or e).replace(root, "ROOT")}
        names = ["a", "b", "c", "n", "l", "d", "shop", "pkg"]
        variables = {}
        for n in sorted(packages):
            ctx = SchemaYamlContext(config, n, None)
            seen = {}
            for v in names:
                value = ctx.var(v, "<none>")
                seen[v] = [typed(value), ctx.var.has_var(v)]
            variables[n] = seen
        out = {}
        for n in sorted(packages):
            p = packages[n]
            out[n] = {
                "paths": [p.model_paths, p.seed_paths, p.test_paths, p.analysis_paths, p.macro_paths, p.snapshot_paths, sorted(p.docs_paths), p.asset_paths, p.function_paths, p.clean_targets],
                "target-path": p.target_path, "install": p.packages_install_path, "version": None if p.version is None else str(p.version),
                "sections": {s: typed(getattr(p, s)) for s in SECTIONS}, "hooks": [p.on_run_start, p.on_run_end], "dispatch": typed(p.dispatch),
            }
        return {"packages": out, "vars": variables, "target": typed(config.to_target_dict())}
    finally:
        shutil.rmtree(root)


def main():
    set_invocation_context(ENV)
    for c in CASES:
        c["result"] = load(c)
    result_file.write("[\n" + ",\n".join(json.dumps(c) for c in CASES) + "\n]\n")


main()
