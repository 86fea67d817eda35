"""Builds projects on the fakes of AWS with dbt-athena and with weft, each into a schema of its own, and compares what they leave.

    eval "$(cat ENVIRONMENT_OF_FAKE_AWS)"; python build.py --work DIR [--weft PATH] [--update] [--only a,b] [--reuse-dbt] PROJECT...

Three steps each: a first build, a second one, one with --full-refresh; the variable STEP says which (1, 2, 3), so that a project's rows can
change. After each step the status of every node is compared, and for every relation: kind (view, Hive, Iceberg), columns, types, comments and
partition keys in the catalog, and all rows as read through Athena. Without --weft only dbt is run: it must do what the projects expect.

Each tool has a workgroup of its own, from which its statements are read. They are written beside each other, as _statements/STEP.TOOL.sql of the project, with what
differs from run to run replaced; --update writes them, otherwise both tools' must be as they were, so that a change of the fakes or of weft shows. `_expect.json` names
the nodes that must not succeed ({"second": {"model.x.y": "error"}}; "*" for every step); `_same.json` explains what may differ ({"node": {"rows"|"columns"|"status"...: "why"}};
"*" for all of a node); `_changes.json` what to change in the files
before a step ({"second": {FILE: [text, its replacement]}}). A project of which a tool breaks does not stop the others. --reuse-dbt takes what dbt left in DIR the last time instead of running it; --jobs N builds so many
projects at a time (the numbers of calls are then not those of one project).
"""
import argparse, collections, contextlib, io, json, multiprocessing, multiprocessing.connection, os, pickle, re, shutil, subprocess, sys, time, traceback, urllib.request
import boto3
from botocore.config import Config

STEPS = {"first": ["build"], "second": ["build"], "refresh": ["build", "--full-refresh"]}
# Parameters of entries that come from a project.
TOLD = ("classification", "comment", "unique_id", "materialized", "dbt_project_name", "dbt_project_version", "owner", "level", "secret", "list")
QUIET = Config(retries={"max_attempts": 4, "mode": "standard"})
BUCKET = "s3tablescatalog/tables"  # the bucket of S3 Tables that the fakes have
LIMIT = 900  # seconds for one step of one tool
HERE = os.path.dirname(os.path.abspath(__file__))
PROFILES = os.path.abspath(HERE + "/../../projects-athena")


def aside(src):
    """Where what is noted of a project lies: in its folder, or in one beside the projects for Athena if it is not one of them."""
    return src if os.path.dirname(src) == PROFILES else f"{PROFILES}/_{os.path.basename(src)}"


def profiles(src):
    """A project that has profiles of its own is built with its target for Athena, the others with the one that they share."""
    return ["--profiles-dir", src, "--target", "athena"] if os.path.exists(src + "/profiles.yml") else ["--profiles-dir", PROFILES]


class Lake:
    """What the fakes hold, read as any client reads it."""

    def __init__(self):
        self.athena, self.glue, self.lf = (boto3.client(n, config=QUIET) for n in ("athena", "glue", "lakeformation"))
        self.s3 = boto3.client("s3", config=Config(retries=QUIET.retries, s3={"addressing_style": "path"}))
        # The catalogs of Glue that tools build in, by what Athena calls them.
        account = boto3.client("sts", config=QUIET).get_caller_identity()["Account"]
        self.catalogs = {"awsdatacatalog": {}, BUCKET: {"CatalogId": f"{account}:{BUCKET}"}}

    def prepare(self, schema, groups):
        for g in groups:
            try:
                self.athena.create_work_group(Name=g, Configuration={"EnforceWorkGroupConfiguration": False})
            except self.athena.exceptions.InvalidRequestException:
                pass
        self.forget(schema)
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket="lake", Prefix=schema + "/"):
            for o in page.get("Contents", []):
                self.s3.delete_object(Bucket="lake", Key=o["Key"])
        self.glue.create_database(DatabaseInput={"Name": schema, "LocationUri": f"s3://lake/{schema}/"})
        self.glue.create_database(DatabaseInput={"Name": schema}, **self.catalogs[BUCKET])  # dbt-athena makes no namespaces

    def calls(self):
        """How many requests the fakes have served since the last look, but for those of the engine behind them."""
        with urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/_fake/calls") as r:
            n = sum(c.get("Principal") != "athena.amazonaws.com" for c in json.load(r))
        self.served, before = n, getattr(self, "served", 0)
        return n - before

    def forget(self, schema):
        for catalog, at in self.catalogs.items():
            for d in self.glue.get_databases(**at)["DatabaseList"]:
                if d["Name"] == schema or d["Name"].startswith(schema + "_"):
                    if catalog == BUCKET:  # which gives up no namespace that holds tables
                        for t in self.glue.get_tables(DatabaseName=d["Name"], **at)["TableList"]:
                            self.glue.delete_table(DatabaseName=d["Name"], Name=t["Name"], **at)
                    self.glue.delete_database(Name=d["Name"], **at)

    def tables(self, schema):
        """The names of all that is in a schema and in those that are named after it."""
        for catalog, at in self.catalogs.items():
            for d in self.glue.get_databases(**at)["DatabaseList"]:
                if d["Name"] == schema or d["Name"].startswith(schema + "_"):
                    for t in self.glue.get_tables(DatabaseName=d["Name"], **at)["TableList"]:
                        yield catalog, d["Name"], t["Name"]

    def tags(self):
        for key, values in (("domain", ["zoo"]), ("level", ["open", "closed"])):
            with contextlib.suppress(Exception):
                self.lf.create_lf_tag(TagKey=key, TagValues=values)

    def query(self, sql):
        q = self.athena.start_query_execution(QueryString=sql, ResultConfiguration={"OutputLocation": "s3://results/compare/"})["QueryExecutionId"]
        while True:
            s = self.athena.get_query_execution(QueryExecutionId=q)["QueryExecution"]["Status"]
            if s["State"] == "SUCCEEDED":
                break
            if s["State"] in ("FAILED", "CANCELLED"):
                raise RuntimeError(s["StateChangeReason"])
            time.sleep(0.02)
        rows = []
        for page in self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=q):
            rows += [tuple(v.get("VarCharValue") for v in r["Data"]) for r in page["ResultSet"]["Rows"]]
        return rows[1:]

    def statements(self, groups, seen):
        """The statements that were submitted in some workgroups since the last look, in order."""
        out = []
        for g in groups:
            for page in self.athena.get_paginator("list_query_executions").paginate(WorkGroup=g):
                ids = [i for i in page.get("QueryExecutionIds", []) if i not in seen]
                for q in self.athena.batch_get_query_execution(QueryExecutionIds=ids)["QueryExecutions"] if ids else []:
                    seen.add(q["QueryExecutionId"])
                    out.append((q["Status"]["SubmissionDateTime"], q["Query"], q["Status"]["State"]))
                    self.scanned = getattr(self, "scanned", 0) + q.get("Statistics", {}).get("DataScannedInBytes", 0)
        return [(q, state) for _, q, state in sorted(out, key=lambda x: x[0])]

    def relation(self, catalog, schema, name):
        """What the catalog and Athena say of a relation, or why there is none."""
        at = self.catalogs[catalog]
        try:
            t = self.glue.get_table(DatabaseName=schema, Name=name, **at)["Table"]
        except self.glue.exceptions.EntityNotFoundException:
            return {"absent": True}
        # weft keeps partitioned Hive tables in versions behind a view: what is compared is the version that it shows.
        version = t.get("Parameters", {}).get("weft_version")
        shown = self.glue.get_table(DatabaseName=schema, Name=version)["Table"] if version else t
        keys = [(c["Name"], c["Type"]) for c in shown.get("PartitionKeys", []) if c["Name"] != "weft_build"]
        told = {c["Name"]: c for c in t["StorageDescriptor"]["Columns"]}
        # Glue keeps the columns that Iceberg has dropped, marked as such.
        columns = [{**c, **{k: told.get(c["Name"], {}).get(k) for k in ("Comment", "Parameters") if told.get(c["Name"], {}).get(k)}} for c in shown["StorageDescriptor"]["Columns"] if c.get("Parameters", {}).get("iceberg.field.current") != "false"]
        params = dict(t.get("Parameters", {}))
        if version:  # what Athena says of every view, and the version of its format
            params = {"classification": shown["Parameters"].get("classification"), **{k: v for k, v in params.items() if (k, v) != ("comment", "Presto View")}}
        kind = "view" if shown["TableType"] == "VIRTUAL_VIEW" else "iceberg" if params.get("table_type", "").upper() == "ICEBERG" else "hive"
        d = {"kind": kind, "columns": [(c["Name"], c["Type"]) for c in columns], "keys": keys,
             "comments": {c["Name"]: c["Comment"] for c in columns if c.get("Comment")}, "description": (t.get("Description") if not version or t.get("Description") != "Presto View" else None) or params.get("comment"),
             "told": {k: params[k] for k in params if k in TOLD}, "told of columns": {c["Name"]: {k: v for k, v in c.get("Parameters", {}).items() if not k.startswith("iceberg.")} for c in columns},
             **({} if at else self.governed(schema, name)), "catalog": catalog}
        try:
            d["rows"] = self.query(f'select * from "{catalog}"."{schema}"."{name}"')
        except RuntimeError as e:
            d["rows"] = [("unreadable", str(e)[:200])]
        return d

    def governed(self, schema, name):
        """What Lake Formation knows of a relation."""
        account = boto3.client("sts", config=QUIET).get_caller_identity()["Account"]
        t = self.lf.get_resource_lf_tags(Resource={"Table": {"DatabaseName": schema, "Name": name}}, ShowAssignedLFTags=True)
        filters = {}
        for f in self.lf.list_data_cells_filter(Table={"CatalogId": account, "DatabaseName": schema, "Name": name})["DataCellsFilters"]:
            who = self.lf.list_permissions(Resource={"DataCellsFilter": {"TableCatalogId": account, "DatabaseName": schema, "TableName": name, "Name": f["Name"]}})
            filters[f["Name"]] = (f["RowFilter"]["FilterExpression"], sorted(f.get("ColumnNames", [])), sorted(
                (p["Principal"]["DataLakePrincipalIdentifier"], p["Permissions"]) for p in who["PrincipalResourcePermissions"]))
        pairs = lambda tags: sorted((p["TagKey"], p["TagValues"]) for p in tags)
        return {"tags": pairs(t.get("LFTagsOnTable", [])), "tags of columns": {c["Name"]: pairs(c["LFTags"]) for c in t.get("LFTagsOnColumns", [])}, "filters": filters}


def near_now(v):
    m = re.match(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)", v or "")
    return bool(m) and abs(time.mktime(tuple(map(int, m.groups())) + (0, 0, 0)) - time.timezone - time.time()) < 86400 * 1.5


def comparable(d):
    """Rows in an order, without what the clock says: such values, and the keys that snapshots make of them."""
    rows = d.get("rows", [])
    names = [c[0] for c in d["columns"] + d["keys"]] if "columns" in d else []
    clock = any(near_now(v) for r in rows for v in r)
    out = []
    for r in rows:
        r = list(r)
        for i, v in enumerate(r):
            if near_now(v):
                r[i] = "NOW"
            elif clock and i < len(names) and names[i] == "dbt_scd_id":
                r[i] = "KEY"
        out.append(tuple(r))
    return sorted(out, key=lambda r: [("", v) if v is not None else ("~", "") for v in r])


def plain(sql, schema):
    """A statement without what differs from run to run."""
    sql = re.sub(r"^\s*-- /\* \{.*?\} \*/\s*\n?|/\* \{\"app\".*?\} \*/\s*", "", sql, flags=re.S)
    sql = re.sub(r"\n-- weft [0-9a-f]{32}$", "", sql)  # by which weft finds its statements again
    sql = re.sub(r"[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}", "UUID", sql)
    sql = re.sub(r'("data_scanned_in_bytes": ?)\d+', r"\1N", sql)
    sql = re.sub(r"\b%s\b|\b%s(?=_)" % (schema, schema), "SCHEMA", sql)
    sql = re.sub(r"\b20(2[6-9]|[3-9]\d)-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "NOW", sql)
    return re.sub(r"\n\s*\n+", "\n", re.sub(r"[ \t]+\n", "\n", sql + "\n")).strip().rstrip(";")


def written(statements, schema):
    return "".join(plain(q, schema) + (";\n\n" if s == "SUCCEEDED" else f";\n-- {s}\n\n") for q, s in statements)


class Dbt:
    """dbt, run in a copy of this process: the import of it takes longer than most of the builds here."""
    name = "dbt"

    def run(self, args, log):
        p = multiprocessing.get_context("fork").Process(target=self.invoke, args=(args, log))
        p.start()
        p.join(LIMIT)
        if p.is_alive():
            p.kill()
            p.join()
            return f"no end after {LIMIT} s"
        return {0: None, 1: None}.get(p.exitcode, f"exit {p.exitcode}, see {log}")

    def invoke(self, args, log):
        from dbt.cli.main import dbtRunner
        with open(log, "w") as f, contextlib.redirect_stdout(f), contextlib.redirect_stderr(f):
            r = dbtRunner().invoke(["--no-use-colors", "--no-version-check", "--no-send-anonymous-usage-stats", *args])
            print(r.exception or "", flush=True)
        os._exit(2 if r.exception else 0)


class Weft:
    name = "weft"

    def __init__(self, path):
        self.path = os.path.abspath(path)

    def run(self, args, log):
        with open(log, "w") as f:
            try:
                p = subprocess.run([self.path, *args], stdout=f, stderr=subprocess.STDOUT, timeout=LIMIT)
            except subprocess.TimeoutExpired:
                return f"no end after {LIMIT} s"
        return None if p.returncode in (0, 1) else f"exit {p.returncode}, see {log}"


def read(src, name):
    path = f"{aside(src)}/{name}"
    return json.load(open(path)) if os.path.exists(path) else {}


def build(lake, tool, src, work):
    """Runs the steps and gives for each: statuses, relations, statements, seconds."""
    name = os.path.basename(src)
    schema = f"{name}_by_{tool.name}"
    base = f"{work}/{name}/{tool.name}"
    shutil.rmtree(base, ignore_errors=True)
    shutil.copytree(src, base + "/project", ignore=shutil.ignore_patterns("_*", "*.duckdb", "target", "logs"))
    os.makedirs(base + "/out")
    groups = [schema, schema + "_other"]
    lake.prepare(schema, groups)
    os.environ.update(LAKE_SCHEMA=schema, LAKE_WORKGROUP=schema, LAKE_OTHER_WORKGROUP=schema + "_other")
    os.environ.update(SALES_SCHEMA=schema, SALES_WORK_GROUP=schema, SALES_RESULTS="s3://results/queries/", SALES_DATA=f"s3://lake/{schema}/data/")
    extra, changes = read(src, "_args.json") or [], read(src, "_changes.json")
    steps, seen, known = {}, set(), set()
    lake.statements(groups, seen)  # of an earlier comparison on the same fakes
    for i, (step, args) in enumerate(STEPS.items(), 1):
        os.environ["STEP"] = str(i)
        with contextlib.suppress(FileNotFoundError):
            os.remove(base + "/out/run_results.json")
        for path, (was, becomes) in changes.get(step, {}).items():
            text = open(f"{base}/project/{path}").read()
            if text.count(was) != 1:
                raise ValueError(f"{path} has {was!r} {text.count(was)} times")
            open(f"{base}/project/{path}", "w").write(text.replace(was, becomes))
        lake.calls()
        t = time.monotonic()
        broken = tool.run([*args, *extra, "--threads", "1", "--project-dir", base + "/project", *profiles(src), "--target-path", base + "/out", "--log-path", base + "/out"], f"{base}/{step}.log")
        s = {"seconds": time.monotonic() - t, "broken": broken, "calls": lake.calls(), "statuses": {}, "relations": {}}
        manifest = {"nodes": {}}
        with contextlib.suppress(FileNotFoundError):
            manifest = json.load(open(base + "/out/manifest.json"))
            for r in json.load(open(base + "/out/run_results.json"))["results"]:
                s["statuses"][r["unique_id"]] = (r["status"], r.get("failures") or 0)
        lake.scanned = 0
        s["statements"] = lake.statements(groups, seen)
        s["scanned"] = lake.scanned
        for uid, n in manifest["nodes"].items():
            kept = n["resource_type"] == "test" and (n["config"].get("store_failures") or n["config"].get("store_failures_as"))
            if n["resource_type"] in ("model", "seed", "snapshot") and n["config"]["materialized"] != "ephemeral" or kept:
                place = n["database"].lower(), n["schema"].lower(), (n.get("alias") or n["name"]).lower()
                s["relations"][uid] = lake.relation(*place)
                known.add(place)
        # What hooks have made; and what a tool has left, but for the tables for a moment that dbt leaves until the next run, and the versions that weft's views show.
        meant = {"dbt": "(__dbt_tmp|__bkp|__ha|__tmp_not_partitioned)$", "weft": "__weft_[123]$"}[tool.name]
        for catalog, at, table in lake.tables(schema):
            if (catalog, at, table) not in known and not re.search(meant, table):
                s["relations"][f"{at}.{table}".replace(schema, "SCHEMA")] = lake.relation(catalog, at, table)
        steps[step] = s
    pickle.dump((schema, steps), open(base + "/left.pickle", "wb"))
    return schema, steps


def golden(project, step, tool, text, update):
    """Writes a statement list, or tells whether it is as it was written."""
    path = f"{aside(project)}/_statements/{step}.{tool}.sql"
    if update:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write(text)
        return True
    return not os.path.exists(path) or open(path).read() == text


def compared(lake, src, a, n):
    """Builds one project with the tools and gives what differs, a line each; counts into n."""
    name, notes = os.path.basename(src), []
    expect, same = read(src, "_expect.json"), read(src, "_same.json")
    differs = lambda uid, what: what in same.get(uid, {}) or "*" in same.get(uid, {})
    left = f"{a.work}/{name}/dbt/left.pickle"
    schema, dbt = pickle.load(open(left, "rb")) if a.reuse_dbt and os.path.exists(left) else build(lake, Dbt(), src, a.work)
    other, weft = build(lake, Weft(a.weft), src, a.work) if a.weft else ("", None)
    for step in STEPS:
        d = dbt[step]
        if d["broken"]:
            notes.append(f"{step}: dbt broke: {d['broken'][:300]}")
        if not d["statuses"]:
            notes.append(f"{step}: dbt broke: no results")
        wanted = {**expect.get("*", {}), **expect.get(step, {})}
        for uid, (status, failures) in d["statuses"].items():
            n["nodes"] += 1
            if status != wanted.get(uid, {"test": "pass", "unit_test": "pass", "exposure": "no-op"}.get(uid.split(".")[0], "success")):
                n["unexpected"] += 1
                notes.append(f"{step}: {uid}: dbt says {status}")
        if not golden(src, step, "dbt", written(d["statements"], schema), a.update):
            n["statements_differ"] += 1
            notes.append(f"{step}: dbt sends other statements than before")
        n["dbt_statements"] += len(d["statements"])
        n["dbt_calls"] += d["calls"]
        n["dbt_scanned"] += d.get("scanned", 0)
        n["dbt_seconds"] += d["seconds"]
        if not weft:
            continue
        w = weft[step]
        if w["broken"]:
            notes.append(f"{step}: weft broke: {w['broken']}")
        if not golden(src, step, "weft", written(w["statements"], other), a.update):
            n["statements_differ"] += 1
            notes.append(f"{step}: weft sends other statements than before")
        n["weft_statements"] += len(w["statements"])
        n["weft_calls"] += w["calls"]
        n["weft_scanned"] += w["scanned"]
        n["weft_seconds"] += w["seconds"]
        for uid in sorted(set(d["statuses"]) | set(w["statuses"])):
            n["statuses"] += 1
            x, y = d["statuses"].get(uid), w["statuses"].get(uid)
            if x == y or differs(uid, "status"):
                n["statuses_same"] += 1
            else:
                notes.append(f"{step}: {uid}: status {x} / {y}")
        for uid in sorted(set(d["relations"]) | set(w["relations"])):
            x, y = (comparison(r["relations"].get(uid, {"absent": True}), s) for r, s in ((d, schema), (w, other)))
            n["relations"] += 1
            n["rows"] += len(y.get("rows", []))
            off = [k for k in sorted(set(x) | set(y)) if x.get(k) != y.get(k) and not differs(uid, k)]
            n["relations_same"] += not off
            for k in off:
                notes.append(f"{step}: {uid}: {k} {str(x.get(k))[:300]} / {str(y.get(k))[:300]}")
    took = lambda t: f"{'+'.join('%.1f' % t[s]['seconds'] for s in STEPS)} s, {'+'.join(str(len(t[s]['statements'])) for s in STEPS)} statements, {sum(t[s]['calls'] for s in STEPS)} calls"
    print(f"{name:20} {len(dbt['first']['statuses']):3} nodes  dbt {took(dbt)}" + (f"  weft {took(weft)}" if weft else ""), flush=True)
    n["deliberate"] += len(same)
    return notes


def table():
    """Writes the numbers of statements into the table that explains them."""
    def counts(name, tool):
        for folder in (name, "_" + name):
            lists = [f"{PROFILES}/{folder}/_statements/{step}.{tool}.sql" for step in STEPS]
            if all(map(os.path.exists, lists)):
                return "+".join(str(open(x).read().count("\n\n")) for x in lists)
        return ""
    path = PROFILES + "/STATEMENTS.md"
    text = open(path).read()
    open(path, "w").write(re.sub(r"(?m)^\| (\w+) \| [\d+]*? ?\| [\d+]*? ?\| ", lambda m: f"| {m[1]} | {counts(m[1], 'dbt')} | {counts(m[1], 'weft')} | ", text))


def one(src, a):
    """One project, in a process of its own; what it found is left in a file."""
    name, n, out = os.path.basename(src), collections.Counter(), io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            lake = Lake()
            notes = compared(lake, src, a, n)
        except Exception:
            notes = [f"{name}: the comparison broke: " + traceback.format_exc().replace("\n", "\n    ")]
            print(f"{name:20} broke")
        for tool in ("dbt", "weft"):
            with contextlib.suppress(Exception):
                lake.forget(f"{name}_by_{tool}")
    n["projects"], n["equal"], n["broken"] = 1, int(not notes), int(any(" broke: " in x for x in notes))
    pickle.dump((n, out.getvalue() + "".join(f"    {line}\n" for line in notes[:60])), open(f"{a.work}/{name}.left", "wb"))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("projects", nargs="+")
    ap.add_argument("--weft")
    ap.add_argument("--work", required=True)
    ap.add_argument("--only")
    ap.add_argument("--jobs", type=int, default=1)
    ap.add_argument("--update", action="store_true")
    ap.add_argument("--reuse-dbt", action="store_true")
    a = ap.parse_args()
    a.work = os.path.abspath(a.work)
    os.makedirs(a.work, exist_ok=True)
    os.environ["PYTHONWARNINGS"] = "ignore"  # of the locks that dbt leaves
    import dbt.adapters.athena.impl, dbt.cli.main  # once, for all the copies of this process
    started, n, running = time.monotonic(), collections.Counter(), {}
    Lake().tags()
    waiting = [p for p in map(os.path.abspath, a.projects) if os.path.exists(p + "/dbt_project.yml") and (not a.only or os.path.basename(p) in a.only.split(","))]
    while waiting or running:
        while waiting and len(running) < a.jobs:
            src = waiting.pop(0)
            with contextlib.suppress(FileNotFoundError):
                os.remove(f"{a.work}/{os.path.basename(src)}.left")
            running[src] = multiprocessing.get_context("fork").Process(target=one, args=(src, a))
            running[src].start()
        multiprocessing.connection.wait([p.sentinel for p in running.values()])
        for src in [s for s, p in running.items() if not p.is_alive()]:
            running.pop(src).join()
            name = os.path.basename(src)
            try:
                found, said = pickle.load(open(f"{a.work}/{name}.left", "rb"))
            except FileNotFoundError:
                found, said = {"projects": 1, "broken": 1}, f"{name:20} broke: its process ended\n"
            n.update(found)
            print(said, end="", flush=True)
    if a.update:
        table()
    share = lambda k, of: 100.0 * n[k] / n[of] if n[of] else 0.0
    per = lambda tool: f"{tool}_statements={n[tool + '_statements']} {tool}_calls={n[tool + '_calls']} {tool}_scanned={n[tool + '_scanned']} {tool}_seconds={n[tool + '_seconds']:.0f}"
    print(f"ATHENA projects={n['projects']} broken={n['broken']} unexpected={n['unexpected']} statements_differ={n['statements_differ']} nodes={n['nodes']} seconds={time.monotonic() - started:.0f} " + per("dbt")
          + (f" {per('weft')} equal={n['equal']} status={share('statuses_same', 'statuses'):.2f} relations={share('relations_same', 'relations'):.2f} compared={n['relations']} rows={n['rows']} "
             f"deliberate={n['deliberate']}" if a.weft else ""))


def comparison(d, schema):
    d = dict(d)
    if "columns" in d:
        d["rows"] = comparable(d)
    return json.loads(json.dumps(d).replace(schema, "SCHEMA"))


if __name__ == "__main__":
    sys.exit(main())
