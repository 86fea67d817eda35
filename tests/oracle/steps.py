#!/usr/bin/env python3
"""Take projects through several commands with dbt and with weft, each into its own database, and compare after each command.

usage: steps.py [--weft PATH] [--cache DIR] [--show N] [--only NAME,NAME] PROJECT ...
Run it with the Python of an environment that has dbt-core and dbt-duckdb: dbt is imported once and forked for each command.

A project's `_steps.json` lists its commands: a text ("build --full-refresh"), or an object with `run` and any of
  overlay   a folder of the project whose files are copied over the project before the command (a changed model, more rows)
  remove    files that are taken away before the command
  env       variables of the environment of this command
  sql       statements run in the database before the command, by neither tool
  save      a folder to which the target folder is copied after the command (for --state)
  unlike    {"part of a place": "reason"}: differences that are meant, listed in docs/dbt-compatibility.md
A project without the file is built twice, built with --full-refresh, and tested.
`_load.sql`, `_env.json` and `_unstable.json` mean what they mean to oracle_dbt.py.

Compared: exit code; every result's status, failures, message, relation, compiled text, response and batches; every entry of the
manifest; what `ls` and `show` print, and the line `Done.`; states of sources; every relation of every database file with its kind, comment, columns,
types and rows; indexes and constraints. White space of compiled text is left out. Texts are freed of this folder, of times and of ids.
"""
import argparse, collections, glob, hashlib, json, os, pickle, re, shlex, shutil, signal, subprocess, sys, tempfile, time

DEFAULT = ["build", "build", "build --full-refresh", "test"]
FORMAT = 7          # of the cached answers of dbt
HASH = re.compile(r"\b[0-9a-f]{32}\b")
NEAR = re.compile(r"\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)?")


def steps_of(project):
    path = f"{project}/_steps.json"
    steps = json.load(open(path)) if os.path.exists(path) else DEFAULT
    return [{"run": s} if isinstance(s, str) else s for s in steps]


def read_json(path, default=None):
    try:
        with open(path) as f:
            return json.load(f)
    except (OSError, ValueError):
        return default


def fork_dbt(args, cwd, env, log):
    """dbt in a child of this process, which has imported it already."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(fd, 1)
            os.dup2(fd, 2)
            os.chdir(cwd)
            os.environ.clear()
            os.environ.update(env)
            from dbt.cli.main import cli
            sys.argv = ["dbt", *args]
            cli()
        except SystemExit as e:
            code = e.code if isinstance(e.code, int) else 1
        except BaseException as e:
            print("crash", repr(e))
        sys.stdout.flush()
        os._exit(code or 0)
    deadline = time.monotonic() + 300
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            deadline += 60
        time.sleep(0.05)


def warm():
    """Import dbt and read its own macros once: the forks find them in its cache. No thread may be started here."""
    import dbt.cli.main, dbt.adapters.duckdb, dbt.task.build, duckdb      # noqa: before the forks
    import dbt.include.global_project, dbt.include.duckdb
    from dbt.clients.jinja_static import statically_extract_macro_calls
    from dbt_common.clients.jinja import extract_toplevel_blocks, parse
    from dbt_common.tests import enable_test_caching
    enable_test_caching()
    for package in (dbt.include.global_project, dbt.include.duckdb):
        for path in glob.glob(f"{os.path.dirname(package.__file__)}/**/*.sql", recursive=True):
            for block in extract_toplevel_blocks(open(path).read(), allowed_blocks={"macro", "materialization", "test", "data_test"}, collect_raw_data=False):
                parse(block.full_block)
                statically_extract_macro_calls(block.full_block, {})


def sql(db, text, cwd):
    code = ("import duckdb,sys; c=duckdb.connect(); c.execute(\"attach '%s' as oracle (storage_version 'v1.0.0')\" % sys.argv[1]); "
            "c.execute('use oracle'); c.execute(sys.argv[2])")
    subprocess.run([sys.executable, "-c", code, db, text], cwd=cwd, check=True)


def contents(db, unstable, today):
    """Everything that a database file holds, as data; run in a child, so that no file stays open here."""
    import duckdb
    con = duckdb.connect()
    con.execute("set TimeZone='UTC'")
    name = os.path.basename(db).rsplit(".", 1)[0]
    if os.path.exists(db + ".wal"):       # some logs can be replayed only by one who may write
        con.execute(f"attach '{db}' as \"{name}\"")
        con.execute(f'checkpoint "{name}"')
        con.execute(f'detach "{name}"')
    con.execute(f"attach '{db}' as \"{name}\" (read_only)")
    con.execute(f'use "{name}"')
    here = f"database_name = '{name}'"
    out = {}
    q = lambda s: con.execute(s).fetchall()
    ident = lambda s: '"' + s.replace('"', '""') + '"'
    out["schemas"] = sorted(r[0] for r in q(f"select schema_name from duckdb_schemas() where {here} and not internal"))
    out["indexes"] = sorted(map(str, q(f"select schema_name, table_name, is_unique, expressions from duckdb_indexes() where {here}")))
    out["constraints"] = sorted(map(str, q(f"select schema_name, table_name, constraint_type, constraint_text from duckdb_constraints() where {here}")))
    rels = [(*r, "table") for r in q(f"select schema_name, table_name, comment from duckdb_tables() where {here}")]
    rels += [(*r, "view") for r in q(f"select schema_name, view_name, comment from duckdb_views() where {here} and not internal")]
    for schema, rel, comment, kind in sorted(rels, key=str):
        full = f"{ident(name)}.{ident(schema)}.{ident(rel)}"
        entry = {"kind": kind, "comment": comment}
        try:
            entry["comments"] = q(f"select column_name, comment from duckdb_columns() where {here} and schema_name = '{schema}' and table_name = '{rel}' and comment is not null order by 1")
            columns = [(r[0], r[1]) for r in q(f"describe select * from {full}")]
            entry["columns"] = columns if rel not in unstable else sorted(columns)
            keep = [c for c, _ in entry["columns"] if c not in unstable]
            picked = ", ".join(f"printf('%.9g', {ident(c)})" if t in ("DOUBLE", "FLOAT") else f"{ident(c)}::varchar" for c, t in entry["columns"] if c in keep) or "1"
            rows = q(f"select {picked} from {full}")
            entry["rows"] = sorted(tuple(None if v is None else NEAR.sub(lambda m: "NOW" if m[0][:10] in today else m[0], v) if isinstance(v, str) else v for v in r) for r in rows) if all(
                v is not None for r in rows for v in r) else sorted((tuple(None if v is None else NEAR.sub(lambda m: "NOW" if m[0][:10] in today else m[0], v) if isinstance(v, str) else v for v in r) for r in rows), key=repr)
        except Exception as e:
            entry["error"] = str(e).split("\n")[0].replace(os.path.dirname(db), "DIR")
        out[f"{schema}.{rel}"] = entry
    return out


def look(base, unstable):
    import datetime
    now = datetime.datetime.now(datetime.timezone.utc)
    today = {(now + datetime.timedelta(days=d)).strftime("%Y-%m-%d") for d in (-1, 0, 1)}
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        found = {}
        for db in sorted(glob.glob(f"{base}/**/*.duckdb", recursive=True)):
            try:
                os.chdir(f"{base}/project")
                found[os.path.relpath(db, base)] = contents(db, unstable, today)
            except Exception as e:
                found[os.path.relpath(db, base)] = {"unreadable": str(e).replace(base, "DIR")}
        with os.fdopen(w, "wb") as f:
            pickle.dump(found, f)
        os._exit(0)
    os.close(w)
    with os.fdopen(r, "rb") as f:
        got = f.read()
    os.waitpid(pid, 0)
    return pickle.loads(got)


def freed(text, base, ids):
    """A text without this folder, this command's ids and times."""
    if not isinstance(text, str):
        return text
    text = text.replace(os.path.realpath(base), "DIR").replace(base, "DIR")
    for i in ids:
        text = text.replace(i, "ID")
    return NEAR.sub("NOW", text)


def free(value, base, ids):
    if isinstance(value, dict):
        return {k: free(v, base, ids) for k, v in value.items()}
    if isinstance(value, list):
        return [free(v, base, ids) for v in value]
    return freed(value, base, ids)


def message(text, proj):
    """What a result says, without the piece of the statement that DuckDB points at, and of the macros named below only the project's own."""
    if not isinstance(text, str):
        return text
    text, macros = (re.split(r"\n *\n *> in ", text, maxsplit=1) + [""])[:2]
    text = re.split(r"\n\s*\n? *LINE \d+:", text)[0].rstrip()
    text = re.sub(r"\n  at [^\n]*:\d+:\d+$", "", text).replace("\r\n", "\n")
    named = [m for m in re.split(r"\n *> called by ", macros) if m.startswith("macro ") and any(os.path.exists(f"{d}/{m[m.find('(') + 1:-1]}") for d in [proj, *glob.glob(f"{proj}/dbt_packages/*")])]
    return text + "".join(f"\n> {m}" for m in named)


def compared(answer, proj):
    """The part of an answer that is compared."""
    results = {uid: dict(r, message=message(r["message"], proj), response={k: v for k, v in r["response"].items() if v is not None}) if isinstance(r, dict) else r
               for uid, r in answer["results"].items()}
    for entry in answer["manifest"].values():       # dbt's static parser keeps sources as a set: their order is chance
        if isinstance(entry, dict) and entry.get("sources"):
            entry["sources"] = sorted(entry["sources"])
            needs = entry["depends_on"]["nodes"]
            entry["depends_on"]["nodes"] = sorted(s for s in needs if s.startswith("source.")) + [s for s in needs if not s.startswith("source.")]
    printed = [l for l in answer["printed"] if "resource_tracker" not in l]
    while printed and not printed[-1]:
        printed.pop()
    return dict(answer, log="", results=results, printed=printed)


def around(x, y, width):
    """Two values as texts, from a little before where they part."""
    x, y = str(x), str(y)
    at = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q), min(len(x), len(y)))
    at = max(0, at - width // 3)
    return [("…" if at else "") + repr(t[at:at + width])[1:-1] for t in (x, y)]


def bare(text):
    return re.sub(r"\s+", "", text or "")


def manifest_of(out, base, ids):
    m = read_json(f"{out}/manifest.json", {})
    found = {}
    for part in ("nodes", "sources", "exposures", "metrics", "groups", "selectors", "semantic_models", "saved_queries", "unit_tests", "functions", "docs"):
        for uid, n in (m.get(part) or {}).items():
            if part == "docs" and n.get("package_name") == "dbt":
                continue
            if isinstance(n, dict):
                n = {k: v for k, v in n.items() if k not in ("created_at", "build_path", "root_path")}
                for k in ("compiled_code",):
                    if k in n:
                        n[k] = bare(n[k])
                n.pop("extra_ctes", None)
                if uid.startswith("operation."):
                    n.pop("index", None)        # dbt counts on when it parses a second time
            found[f"{part}/{uid}"] = n
    for uid, n in (m.get("disabled") or {}).items():
        found[f"disabled/{uid}"] = sorted(x["original_file_path"] for x in n)
    for k in ("parent_map", "child_map"):
        for uid, n in (m.get(k) or {}).items():
            found[f"{k}/{uid}"] = sorted(n)
    return free(found, base, ids)


def side(tool, run, src, base, steps):
    shutil.rmtree(base, ignore_errors=True)
    proj, out, db = f"{base}/project", f"{base}/out", f"{base}/oracle.duckdb"
    shutil.copytree(src, proj)
    os.makedirs(out)
    sql(db, open(f"{proj}/_load.sql").read() if os.path.exists(f"{proj}/_load.sql") else "select 1", proj)
    common = {k: v for k, v in os.environ.items() if not k.startswith("DBT_")}
    common.update(ORACLE_DUCKDB=db, DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1", PYTHONHASHSEED="0", TZ="UTC", COLUMNS="200")
    common.update(read_json(f"{proj}/_env.json", {}))
    unstable = set(read_json(f"{proj}/_unstable.json", []))
    answers, last = [], None
    for number, step in enumerate(steps):
        if step.get("overlay"):
            shutil.copytree(f"{proj}/{step['overlay']}", proj, dirs_exist_ok=True)
        for path in step.get("remove", []):
            os.remove(f"{proj}/{path}")
        if step.get("sql"):
            sql(db, step["sql"], proj)
        args = shlex.split(step["run"])
        log = f"{base}/{number}.log"
        line = ["--no-use-colors", "--no-version-check", "--log-path", f"{base}/logs", *args, "--project-dir", proj, "--profiles-dir", proj, "--target-path", out]
        code = run(line, proj, dict(common, **step.get("env", {})), log)
        printed = open(log, errors="replace").read()
        rr = read_json(f"{out}/run_results.json", {})
        meta = rr.get("metadata", {})
        ids = [i for i in [meta.get("invocation_id"), (read_json(f"{out}/manifest.json", {}).get("metadata") or {}).get("invocation_id")] if i]
        a = {"code": code, "results": {}, "batches": {}, "done": re.findall(r"Done\. .*", printed), "log": printed}
        if meta.get("invocation_id") != last:
            last = meta.get("invocation_id")
            for r in rr.get("results", []):
                a["results"][r["unique_id"]] = free({
                    "status": r["status"], "failures": r.get("failures"), "message": r.get("message"), "relation_name": r.get("relation_name"),
                    "compiled": r.get("compiled"), "compiled_code": bare(r.get("compiled_code")), "response": dict(r.get("adapter_response") or {}),
                    "batches": r.get("batch_results")}, base, ids)
        else:
            a["results"] = {"": "nothing written"}
        a["printed"] = []
        if args[0] in ("ls", "list", "show"):
            a["printed"] = [freed(re.sub(r"^\d\d:\d\d:\d\d ( |$)", "", l), base, ids).rstrip() for l in printed.split("\n") if not re.match(r"\d\d:\d\d:\d\d ", l)]
        a["manifest"] = manifest_of(out, base, ids)
        a["sources"] = free({r["unique_id"]: {k: r.get(k) for k in ("status", "criteria", "max_loaded_at", "error")} for r in read_json(f"{out}/sources.json", {}).get("results", [])}, base, ids)
        cat = read_json(f"{out}/catalog.json", {})
        a["catalog"] = free({u: {k: v for k, v in n.items()} for part in ("nodes", "sources") for u, n in cat.get(part, {}).items()}, base, ids)
        a["databases"] = look(base, unstable)
        answers.append(a)
        if step.get("save"):
            shutil.copytree(out, f"{proj}/{step['save']}", dirs_exist_ok=True)
    return answers


def differences(x, y, place=""):
    """The places where two values differ."""
    if isinstance(x, dict) and isinstance(y, dict):
        for k in sorted(set(x) | set(y), key=str):
            at = f"{place} {k}".strip()
            if k not in y:
                yield at, "only dbt", x[k]
            elif k not in x:
                yield at, "only weft", y[k]
            else:
                yield from differences(x[k], y[k], at)
    elif x != y:
        if isinstance(x, list) and isinstance(y, list) and place.endswith(" rows"):
            a, b = ([HASH.sub("HASH", str(r)) for r in rows] for rows in (x, y))       # the ids of snapshots are made of the time
            a, b = collections.Counter(a), collections.Counter(b)
            if a != b:
                yield place, str(list((a - b).elements())[:3]), str(list((b - a).elements())[:3])
        else:
            yield place, x, y


# dbt adds these to a test when it runs it, since they stand in the materialization of tests.
OF_MATERIALIZATION = {"macro.dbt.get_limit_subquery_sql", "macro.dbt.should_store_failures", "macro.dbt.statement"}

# And these to every node when `show` and `clone` call them.
OF_COMMANDS = {"macro.dbt.get_limit_subquery_sql", "macro.dbt.load_cached_relation", "macro.dbt.can_clone_table", "macro.dbt.materialization_view_default"}


def always_meant(place, left, right):
    """Differences that hold for every project: weft compiles what dbt leaves uncompiled, since it plans before it runs."""
    if re.search(r"^manifest nodes/\S+ (compiled|compiled_code|compiled_path|extra_ctes_injected)$", place):
        return left in ("only weft", None, False, "")
    if place.startswith("manifest nodes/test.") and place.endswith(" depends_on macros"):      # `where` is rendered when a test is compiled
        of_test = lambda macros: [m for m in macros if m not in OF_MATERIALIZATION and m != "macro.dbt.get_where_subquery"]
        return of_test(left) == of_test(right)
    if place.endswith(" depends_on macros") and isinstance(left, list) and [m for m in left if m not in OF_COMMANDS] == right:
        return True
    if place.endswith(" message"):      # weft also says where in a file a seed is wrong
        return re.sub(r"line \d+, column \d+: (.*?)( \(found .*\))?$", r"\1", str(right)) == left
    return False


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("projects", nargs="+")
    ap.add_argument("--weft", default="bin/weft")
    ap.add_argument("--work")
    ap.add_argument("--cache")
    ap.add_argument("--only")
    ap.add_argument("--show", type=int, default=8)
    ap.add_argument("--width", type=int, default=300)
    a = ap.parse_args()
    weft = os.path.abspath(a.weft)
    warm()

    def run_weft(args, cwd, env, log):
        with open(log, "wb") as f, open(log + ".stderr", "wb") as g:
            return subprocess.run([weft, *args], cwd=cwd, env=env, stdout=f, stderr=g, timeout=300).returncode

    total = collections.Counter()
    with tempfile.TemporaryDirectory() as tmp:
        work = os.path.abspath(a.work or tmp)
        for src in map(os.path.abspath, a.projects):
            name = os.path.basename(src)
            if a.only and name not in a.only.split(","):
                continue
            steps = steps_of(src)
            key = hashlib.sha256(repr(FORMAT).encode())
            for path in sorted(glob.glob(f"{src}/**", recursive=True, include_hidden=True)):
                if os.path.isfile(path):
                    data = open(path, "rb").read()
                    if path.endswith("/_steps.json"):
                        data = json.dumps([{k: v for k, v in s.items() if k != "unlike"} for s in steps]).encode()
                    key.update(os.path.relpath(path, src).encode() + b"\0" + data + b"\0")
            cached = a.cache and f"{a.cache}/{name}-{key.hexdigest()[:16]}"
            if cached and os.path.exists(cached):
                x = pickle.load(open(cached, "rb"))
            else:
                x = side("dbt", fork_dbt, src, f"{work}/dbt/{name}", steps)
                if cached:
                    os.makedirs(a.cache, exist_ok=True)
                    pickle.dump(x, open(cached, "wb"))
            y = side("weft", run_weft, src, f"{work}/weft/{name}", steps)
            total["projects"] += 1
            bad = 0
            for number, (step, p, q) in enumerate(zip(steps, x, y)):
                p, q = compared(p, src), compared(q, src)
                total["steps"] += 1
                total["results"] += len(p["results"])
                total["relations"] += sum(isinstance(r, dict) for d in p["databases"].values() for r in d.values())
                found = []
                for place, left, right in differences(p, q):
                    if always_meant(place, left, right) or any(re.search(k, place) for k in step.get("unlike", {})):
                        total["meant"] += 1
                    else:
                        found.append((place, left, right))
                total["differences"] += len(found)
                bad += len(found)
                for place, left, right in found[:a.show]:
                    left, right = around(left, right, a.width)
                    print(f"{name} {number} `{step['run']}`: {place}\n    dbt  {left}\n    weft {right}")
                if len(found) > a.show:
                    print(f"{name} {number} `{step['run']}`: {len(found) - a.show} more")
            print(f"{name:28} {len(steps)} steps, exit {'/'.join(str(s['code']) for s in x)}, {bad} differences", flush=True)
            total["unequal"] += bad > 0
    print("\nSTEPS " + " ".join(f"{k}={total[k]}" for k in ("projects", "steps", "results", "relations", "meant", "unequal", "differences")))
    sys.exit(total["differences"] > 0)


if __name__ == "__main__":
    main()
