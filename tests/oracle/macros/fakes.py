"""The context that both macro libraries are rendered in: real relations and columns of dbt's adapters, and an adapter that
answers every question the same way to both and writes down what it was asked."""
import datetime
import hashlib
import itertools
import json
import random
import re

import jinja2
import pytz
from dbt.adapters.athena.column import AthenaColumn
from dbt.adapters.athena.relation import AthenaRelation
from dbt.adapters.base.column import Column
from dbt.adapters.duckdb.column import DuckDBColumn
from dbt.adapters.duckdb.relation import DuckDBRelation
from dbt.adapters.postgres.column import PostgresColumn
from dbt.adapters.postgres.relation import PostgresRelation
from dbt.adapters.redshift.relation import RedshiftRelation
from dbt.adapters.spark.column import SparkColumn
from dbt.adapters.spark.relation import SparkRelation

# Whether comments count in comparisons.
COMMENTS = True

RELATIONS = {"postgres": PostgresRelation, "redshift": RedshiftRelation, "athena": AthenaRelation, "spark": SparkRelation, "duckdb": DuckDBRelation}
COLUMNS = {"postgres": PostgresColumn, "redshift": Column, "athena": AthenaColumn, "spark": SparkColumn, "duckdb": DuckDBColumn}
QUOTES = {"postgres": '"', "redshift": '"', "athena": '"', "spark": "`", "duckdb": '"'}
PARENTS = {"redshift": ["postgres"]}


class Refused(Exception):
    """What exceptions.* raise."""


class Bag(dict):
    """A dict whose keys are attributes too, for what templates reach both ways."""

    __getattr__ = dict.get


class Row:
    def __init__(self, i):
        self.i = i

    def __getitem__(self, k):
        return ["c%d" % self.i, "varchar", 10, None, None][k] if isinstance(k, int) else "%s_%d" % (k, self.i)

    def __iter__(self):
        return iter(["c%d" % self.i, "varchar", 10, None, None])

    def __repr__(self):
        return "<Row %d>" % self.i

    def values(self):
        return list(self)


class TableColumn:
    def __init__(self, name, n):
        self.name, self.n = name, n

    def values(self):
        return ["%s%d" % (self.name, i) for i in range(self.n)]


class Table:
    """An agate-like table that has every column one asks for."""

    def __init__(self, n):
        self.rows = [Row(i) for i in range(n)]
        self.columns = [TableColumn(c, n) for c in ("a", "b", "c")]
        self.column_names = ("a", "b", "c")
        self.column_types = ("t", "t", "t")

    def __iter__(self):
        return iter(self.rows)

    def __getitem__(self, k):
        return self.rows[k]

    def __len__(self):
        return len(self.rows)

    def join(self, other, keys):
        return Joined("join(%s)" % keys)

    def __repr__(self):
        return "<Table %d>" % len(self.rows)


class Joined(str):
    pass


class Named(str):
    """An answer that only names the question."""


class Adapter:
    def __init__(self, world):
        self.world = world

    def type(self):
        return self.world.dialect

    def dispatch(self, name, ns=None, macro_namespace=None):
        w = self.world
        for prefix in [w.dialect] + PARENTS.get(w.dialect, []) + ["default"]:
            if prefix + "__" + name in w.names:
                return w.names[prefix + "__" + name]
        raise Refused("no macro %s" % name)

    def quote(self, s):
        q = QUOTES[self.world.dialect]
        return q + str(s) + q

    def quote_as_configured(self, s, key):
        return self.quote(s)

    def quote_seed_column(self, s, how=None, quote=None):
        return s if how is False else (quote or '"') + s + (quote or '"')

    @property
    def behavior(self):
        return self.world.behavior

    @property
    def Relation(self):
        return RELATIONS[self.world.dialect]

    @property
    def Column(self):
        return COLUMNS[self.world.dialect]

    def get_binding_char(self):
        return "?"

    def verify_database(self, name):
        self.world.note("adapter.verify_database", name)
        return ""

    def convert_type(self, table, i):
        return [["integer", "text", "date"], ["string", "timestamp", "integer"], ["date", "string", "string"]][self.world.pick("types", "", 3)][i % 3]

    def execute(self, sql, auto_begin=False, fetch=False):
        self.world.note("execute", sql, auto_begin, fetch)
        return "OK", Table(self.world.pick("rows", sql, 3)) if fetch else None

    def parse_index(self, d):
        return Bag(columns=d.get("columns", []), unique=d.get("unique"), type=d.get("type"), render=lambda r: "hash_of_%s" % r.identifier)

    def get_column_schema_from_query(self, sql):
        self.world.note("adapter.get_column_schema_from_query", sql)
        return self.world.columns()

    def get_columns_in_relation(self, relation):
        self.world.note("adapter.get_columns_in_relation", relation)
        return self.world.columns(str(relation))

    def get_missing_columns(self, a, b):
        return self.world.columns("missing")[: self.world.pick("missing", "", 3)]

    def get_relation(self, database=None, schema=None, identifier=None, **kw):
        self.world.note("adapter.get_relation", database, schema, identifier)
        if self.world.pick("there", str(identifier), 3) == 0:
            return None
        return self.world.relation(identifier or "x", self.world.pick("type", str(identifier), 3))

    def standardize_grants_dict(self, table):
        return {"select": ["a", "c"]}

    def render_raw_columns_constraints(self, raw_columns):
        return ["%s %s" % (c, v.get("data_type")) for c, v in raw_columns.items()]

    def render_raw_model_constraints(self, raw_constraints):
        return ["check (%s)" % c.get("expression") for c in raw_constraints]

    def get_hard_deletes_behavior(self, config):
        return ["ignore", "invalidate", "new_record"][self.world.pick("hard", "", 3)]

    def format_partition_keys(self, keys):
        return ", ".join('"%s"' % k for k in keys)

    def format_one_partition_key(self, k):
        return '"%s"' % k

    def format_value_for_partition(self, v, t):
        return ("'%s'" % v, " is " if v is None else "=")

    def murmur3_hash(self, v, n):
        return len(str(v)) % n

    def is_list(self, v):
        return isinstance(v, list)

    def generate_s3_location(self, *a, **kw):
        self.world.note("adapter.generate_s3_location", *a, kw)
        return "s3://bucket/here"

    def run_query_with_partitions_limit_catching(self, sql):
        self.world.note("execute_with_limit", sql)
        return ["ok", "TOO_MANY_OPEN_PARTITIONS"][self.world.pick("limit", sql, 2)]

    def external_write_options(self, location, options):
        return "format parquet"

    def external_read_location(self, location, options):
        return "read:%s:%s" % (location, options)

    def external_root(self):
        return "root"

    def build_catalog_relation(self, node):
        return [None, Bag(catalog_database="cat", catalog_type="hive", table_format="iceberg", file_format="parquet", external_volume="s3://v")][self.world.pick("catalog", "", 2)] \
            if self.world.dialect != "athena" else None

    def get_seed_file_path(self, model):
        return "seeds/x.csv"

    def convert_datetimes_to_strs(self, table):
        return table

    def get_temp_relation_path(self, model):
        return Bag(database="tmpdb", schema="tmps", identifier="tmpi")

    def batch_id_for_model(self, model):
        return "b1"

    def escape_sql_string(self, s):
        return s.replace("'", "''")

    def existing_key_constraint_types(self, relation):
        return ["primary_key"][: self.world.pick("keys", "", 2)]

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*a, **kw):
            self.world.note("adapter." + name, *a, kw)
            if re.match(r"(is|has|use|can|supports|disable|catalog_supports|drop_without|location_exists|check_schema)", name):
                return bool(self.world.pick(name, repr(a), 2))
            if name.startswith(("drop", "truncate", "rename", "add", "commit", "cache", "delete", "clean", "expire", "persist", "apply", "store", "warn", "ensure", "upload", "swap", "expand", "assert", "valid")):
                return ""
            return Named("%s(%s)" % (name, ", ".join(str(x) for x in a)))

        return call


class Config:
    def __init__(self, world, values):
        self.world, self.values = world, values
        self.model = Bag(world.model)
        self.materialized = values.get("materialized")

    def get(self, name, default=None, validator=None):
        v = self.values.get(name)
        return default if v is None else v

    def require(self, name, validator=None):
        return self.values.get(name, "required_" + name)

    def set(self, name, value):
        self.world.note("config.set", name, value)
        return ""

    def meta_get(self, name, default=None):
        return default

    def persist_relation_docs(self):
        return bool(self.values.get("persist_docs", {}).get("relation")) if isinstance(self.values.get("persist_docs"), dict) else False

    def persist_column_docs(self):
        return bool(self.values.get("persist_docs", {}).get("columns")) if isinstance(self.values.get("persist_docs"), dict) else False

    def __repr__(self):
        return "<config>"


class Exceptions:
    def __init__(self, world):
        self.world = world

    def __getattr__(self, name):
        def call(*a, **kw):
            text = "%s(%s)" % (name, norm(list(a) + ([sorted(kw.items())] if kw else [])))
            if name.startswith("warn"):
                self.world.note(text)
                return ""
            raise Refused(text)

        return call


class AnyValidator:
    def __getitem__(self, k):
        return None


class Call:
    """A callable that names its arguments, for functions of the context that only pass something on."""


def option(r, *values):
    return r.choice(values)


class World:
    """One sample: a dialect, a seed, and from them everything the context answers."""

    def __init__(self, dialect, seed):
        self.dialect, self.seed = dialect, seed
        self.trace, self.results = [], {}
        r = random.Random("%s/%s" % (dialect, seed))
        self.behavior = Bag({k: Bag(no_warn=r.random() < 0.5) for k in (
            "enable_truthy_nulls_equals_macro", "redshift_skip_autocommit_transaction_statements")})
        col = lambda name, **kw: dict(name=name, data_type=kw.get("t", "integer"), description=kw.get("d", ""), quote=kw.get("q"), constraints=kw.get("c", []))
        self.model = {
            "name": "m", "alias": "m_alias", "unique_id": "model.p.m", "resource_type": option(r, "model", "unit_test"), "database": "db", "schema": "sch",
            "description": "it's a model", "compiled_code": "select 1 as a", "compiled_sql": "select 1 as a", "language": option(r, "sql", "python", "javascript"),
            "columns": option(r, {}, {"a": col("a", d="it's a", c=[Bag(type="not_null", expression=None), Bag(type="check", expression="a > 1")]), "B": col("B", q=True, t="numeric")}),
            "constraints": option(r, [], [Bag(type="check", expression="a > 0", name=option(r, None, "ck"))]),
            "refs": [{"name": "x", "package": option(r, None, "p"), "version": option(r, None, 2)}], "sources": [["s", "t"]],
            "returns": Bag(data_type="int"), "arguments": option(r, [], [Bag(name="x", data_type="int", default_value=option(r, None, 3)), Bag(name="y", data_type="text")]),
            "batch": option(r, None, Bag(id="b7", event_time_start="2024-01-01", event_time_end=option(r, None, "2024-01-02"))),
            "root_path": "/p", "original_file_path": "seeds/x.csv", "package_name": "p",
        }
        v = self.values = {
            "materialized": option(r, "table", "view", "incremental", "ephemeral"), "sql_header": option(r, None, "set x = 1;"),
            "contract": option(r, Bag(enforced=False), Bag(enforced=True)), "unique_key": option(r, None, "id", ["id", "b"]),
            "merge_update_columns": option(r, None, None, ["a"]), "merge_exclude_columns": option(r, None, None, ["B"]), "grants": option(r, {}, {"select": ["a"]}),
            "snapshot_table_column_names": option(r, None, Bag(dbt_valid_to="vt", dbt_valid_from="vf", dbt_scd_id="sid", dbt_updated_at="ua", dbt_is_deleted="del")),
            "dbt_valid_to_current": option(r, None, "to_date('9999-12-31')"), "updated_at": option(r, None, "upd"), "check_cols": option(r, "all", ["a", "b"], "bad"),
            "strategy": option(r, "timestamp", "check"), "full_refresh": option(r, None, True, False), "store_failures": option(r, None, True), "where": option(r, None, "a > 1"),
            "indexes": option(r, None, [{"columns": ["a"], "unique": True, "type": option(r, None, "hash")}, {"columns": ["a", "b"]}]), "unlogged": option(r, None, True),
            "dist": option(r, None, "all", "AUTO", "id"), "sort": option(r, None, "a", ["a", "b"]), "sort_type": option(r, None, "interleaved"), "backup": option(r, None, False),
            "bind": option(r, None, False, True), "file_format": option(r, None, "delta", "iceberg", "parquet", "hudi"), "location_root": option(r, None, "/mnt/x"),
            "options": option(r, None, {"primaryKey": "id"}, {"x": "y"}, {"partition_by": "a"}), "tblproperties": option(r, None, {"a": "b", "c": "d"}), "clustered_by": option(r, None, "a", ["a", "b"]), "buckets": option(r, None, 8),
            "partition_by": option(r, None, "a", ["a", "b"]), "partitioned_by": option(r, None, ["a"], ["a", "b"], ["bucket(a, 5)", "b"], ["bucket(a, 3)"]), "persist_docs": option(r, {}, {"relation": True, "columns": True}, {"columns": True}),
            "on_configuration_change": option(r, "apply", "continue", "fail", "odd"), "on_schema_change": option(r, "ignore", "fail", "append_new_columns", "sync_all_columns"),
            "incremental_strategy": option(r, None, "append", "merge", "insert_overwrite", "delete+insert", "microbatch"), "incremental_predicates": option(r, None, ["a > 1"], "b < 2"),
            "volatility": option(r, None, "deterministic", "stable", "non-deterministic", "odd"), "runtime_version": "3.11", "entry_point": "main", "packages": option(r, [], ["numpy", "pandas"]),
            "config_keys_used": ["a"], "config_keys_defaults": [1], "meta": option(r, {}, {"k": 1}), "meta_keys_used": option(r, [], ["k", "j"]), "meta_keys_defaults": [0, 2],
            "column_types": option(r, {}, {"a": "bigint"}), "quote_columns": option(r, None, True, False), "table_type": option(r, "hive", "iceberg"), "format": option(r, None, "parquet", "csv"),
            "bucketed_by": option(r, None, ["a"]), "bucket_count": option(r, None, 4), "field_delimiter": option(r, None, "|"), "write_compression": option(r, None, "gzip"), "table_properties": option(r, None, {"k": "v"}),
            "s3_data_dir": option(r, None, "s3://x"), "s3_data_naming": option(r, None, "schema_table"), "s3_tmp_table_dir": None, "external_location": option(r, None, "s3://loc"), "ha": option(r, None, True), "native_drop": option(r, None, True),
            "partitions_limit": option(r, None, 2), "force_batch": option(r, None, True), "lf_tags_config": option(r, None, {"enabled": True}), "lf_grants": option(r, None, {"g": 1}), "lf_inherited_tags": option(r, None, ["t"]),
            "versions_to_keep": option(r, None, 2), "unique_tmp_table_suffix": option(r, None, True), "temp_schema": option(r, None, "tmp"), "delete_condition": option(r, None, "s.d"), "update_condition": option(r, None, "s.u"), "insert_condition": option(r, None, "s.i"),
            "merge_update_columns_default_rule": option(r, None, "coalesce"), "merge_update_columns_rules": option(r, None, {"a": "sum", "b": "append"}), "seed_s3_upload_args": None, "seed_by_insert": option(r, None, True), "batch_size": option(r, None, "day", 10),
            "delimiter": option(r, None, ";"), "fast": option(r, None, False), "sorted_by": option(r, None, "a", ["a", "b desc"]), "sort_by": None, "parameters": option(r, None, ["x"]), "location": option(r, None, "loc.parquet"), "plugin": option(r, None, "pl"),
            "parquet_read_options": option(r, None, {"union_by_name": True}), "csv_read_options": option(r, None, {"auto_detect": True}), "json_read_options": option(r, None, {"auto_detect": True}), "glue_register": option(r, None, True), "partition_columns": [], "glue_database": "g",
            "event_time": "ts", "merge_clauses": option(r, None, None, MERGE_CLAUSES(r)), "merge_returning_columns": option(r, None, ["a"]), "merge_on_using_columns": option(r, None, ["a"]), "merge_update_condition": option(r, None, "DBT_INTERNAL_SOURCE.a > 1"),
            "merge_insert_condition": option(r, None, "DBT_INTERNAL_SOURCE.a < 1"), "merge_update_set_expressions": option(r, None, {"a": "DBT_INTERNAL_SOURCE.a + 1"}), "limit": option(r, None, 5), "fail_calc": "count(*)", "warn_if": "!= 0", "error_if": "> 3", "store_failures_as": option(r, None, "table", "view", "odd"),
            "expected_rows": option(r, [], [{"a": 1, "b": "x"}, {"a": 2}]), "expected_sql": option(r, None, "select 1 as a"),
        }
        self.model["config"] = Bag({k: x for k, x in v.items() if x is not None})
        self.r = r

    def note(self, *what):
        self.trace.append(norm(list(what)))

    def pick(self, what, key, n):
        h = hashlib.md5(("%s|%s|%s|%s" % (self.dialect, self.seed, what, norm(key))).encode()).digest()
        return h[0] % n

    def relation(self, name, kind=0):
        c = RELATIONS[self.dialect]
        t = ["table", "view", "materialized_view"][kind] if self.dialect not in ("athena", "duckdb", "spark") else ["table", "view", "table"][kind]
        kw = {}
        if self.dialect == "spark":
            kw = dict(is_iceberg=self.pick("iceberg", name, 2) == 1, is_delta=self.pick("delta", name, 2) == 1)
        return c.create(database=None if self.dialect == "spark" else "db", schema="sch", identifier=name, type=t, **kw)

    def columns(self, key=""):
        c = COLUMNS[self.dialect]
        base = [("a", "integer"), ("b", "varchar"), ("ts", "timestamp")]
        n = self.pick("columns", key, 4)
        if n == 1:
            base = [("a", "bigint"), ("b", "varchar"), ("new", "date")]
        elif n == 2:
            base = base[:2]
        elif n == 3:
            base = [("a", "integer"), ("B", "array<struct<x:int>>" if self.dialect == "athena" else "numeric")]
        return [c(n, t) for n, t in base]

    def context(self):
        w = self
        args = Bag(method=w.r.choice(["odbc", "thrift"]), endpoint=w.r.choice([None, "e"]), schema="tgt_schema", database="tgt_db", name=w.r.choice(["prod", "dev"]), user="usr", type=w.dialect,
                   s3_data_dir="s3://d", s3_data_naming="schema_table_unique", s3_tmp_table_dir=None, seed_s3_upload_args={})

        def load_result(name):
            return w.results.get(name)

        def store_result(name, response=None, agate_table=None):
            w.results[name] = Bag(response=response, table=agate_table, data=[list(x) for x in agate_table] if isinstance(agate_table, Table) else agate_table)
            return ""

        def store_raw_result(name, message=None, code=None, rows_affected=None, agate_table=None):
            w.note("store_raw_result", name, message, code, rows_affected)
            return ""

        def diff(a, b):
            return {k: [x for x in v if x not in b.get(k, [])] for k, v in a.items() if [x for x in v if x not in b.get(k, [])]}

        def attempt(msg, f, *a):
            try:
                return f(*a)
            except ValueError:
                raise Refused("raise_compiler_error(%s)" % msg)

        def say(name):
            def f(*a, **kw):
                w.note(name, *a, kw)
                return ""
            return f

        rel = RELATIONS[w.dialect]
        ctx = {
            "adapter": Adapter(w), "config": Config(w, w.values), "model": Bag(w.model), "target": args, "execute": True, "flags": Bag(FULL_REFRESH=w.r.random() < 0.3, STORE_FAILURES=w.r.random() < 0.3, REQUIRE_SQL_HEADER_IN_TEST_CONFIGS=w.r.random() < 0.5),
            "this": w.relation("this_one"), "schema": "sch", "database": "db", "sql": "select 2 as b", "exceptions": Exceptions(w), "log": say("log"), "write": say("write"), "render": lambda s: "rendered " + s,
            "api": Bag(Relation=rel, Column=COLUMNS[w.dialect]), "validation": Bag(any=AnyValidator()), "basestring": str, "load_result": load_result, "store_result": store_result, "store_raw_result": store_raw_result,
            "diff_of_two_dicts": diff, "tojson": json.dumps, "zip": zip, "local_md5": lambda s: hashlib.md5(s.encode()).hexdigest(), "try_or_compiler_error": attempt, "submit_python_job": lambda m, c: (w.note("python", c), "PY")[1],
            "modules": Bag(datetime=Clock, re=re, pytz=pytz, itertools=itertools), "ref": lambda *a, **kw: w.relation("_".join(a)), "source": lambda *a: w.relation("_".join(a)), "pre_hooks": w.hooks(), "post_hooks": w.hooks(), "dbt_version": "1.12.6",
            "graph": {"nodes": {"model.p.up": Bag(resource_type="model", config=Bag(materialized="external", location=w.r.choice(["up.parquet", "other.csv"])), depends_on={"nodes": ["model.p.up"]}, database="db", schema="upsch", alias="up"),
                                "model.p.m": Bag(depends_on={"nodes": ["model.p.up"]}, resource_type="model", config=Bag(materialized="table"))}},
            "selected_resources": ["model.p.m", "test.x"], "defer_relation": w.r.choice([None, w.relation("deferred")]), "invocation_id": "inv-1", "invocation_args_dict": {}, "var": lambda n, d=None: d,
            "fromjson": json.loads, "compiled_code": "select 3 as c", "env_var": lambda n, d=None: d or "", "is_list": None,
        }
        ctx.pop("is_list")
        return ctx

    def hooks(self):
        return [Bag(sql="h1", transaction=True), Bag(sql="h2", transaction=False)]


def MERGE_CLAUSES(r):
    out = {"when_matched": r.choice([
        [{"action": "update", "mode": "by_name"}],
        [{"action": "update", "condition": "a > 1", "mode": "explicit", "update": {"include": ["a"], "set_expressions": {"c": "1"}}}, {"action": "delete", "condition": ["a", "b"]}],
        [{"action": "update", "mode": "explicit", "update": {"exclude": ["a"]}}], [{"action": "do_nothing"}], [{"action": "error", "error_message": "it's"}, {"action": "error"}],
        [{"action": "update", "mode": "star"}, {"action": "update", "mode": "by_position"}, {"action": "update"}, {"action": "odd"}, {"action": "insert", "mode": "star"}]])}
    if r.random() < 0.7:
        out["when_not_matched"] = r.choice([
            [{"action": "insert"}], [{"action": "insert", "mode": "by_position", "condition": "x"}], [{"action": "insert", "mode": "explicit", "insert": {"columns": ["a"], "values": ["b"]}}],
            [{"action": "delete", "by": "source"}, {"action": "insert", "by": "target", "mode": "star"}], [{"action": "update", "by": "source", "set_expressions": {"a": "1", "b": "2"}, "condition": ["a", "b"]}],
            [{"action": "do_nothing"}, {"action": "error", "error_message": "no"}]])
    return out


class FixedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 5, 6, 7, 8, 9, 101112)

    utcnow = now


class Clock:
    datetime, date, timedelta, time = FixedDatetime, datetime.date, datetime.timedelta, datetime.time


def norm(v):
    """One spelling for text that differs in white space only; the end of a comment stays."""
    if isinstance(v, str):
        if COMMENTS:
            text = "\n".join(line + " ⏎" if "--" in line else line for line in str(v).split("\n"))
        else:
            text = re.sub(r"(?m)^\s*--.*$| -- .*$", "", str(v))
        text = re.sub(r"\s+", " ", text).strip()
        text = re.sub(r"(?<=\w) (?=[\"`])|(?<=[\"`]) (?=\w)", "", text)
        return re.sub(r" ?([^\w\s⏎'\"`-]) ?", r"\1", text)
    if isinstance(v, jinja2.Undefined):
        return "undefined"
    if isinstance(v, dict):
        return {str(k): norm(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [norm(x) for x in v]
    if v is None or isinstance(v, (int, float)):
        return v
    if isinstance(v, Column):
        return "%s %s" % (v.name, v.dtype)
    if hasattr(v, "render") and hasattr(v, "identifier"):
        return "%s (%s)" % (norm(str(v)), v.type)
    return re.sub(r" at 0x[0-9a-f]+", "", re.sub(r"\s+", " ", str(v)))
