#!/usr/bin/env python3
"""Writes what dbt's adapters answer to template expressions: compiler/internal/warehouse/testdata/{expressions,targets,catalog}.json.

usage: python warehouse.py OUTDIR     (a Python with dbt-core and the five adapters; the files are committed, tests only read them)

An expression is rendered by dbt's own Jinja environment with `adapter`, `api` and a few tables in scope; the answer is its text,
or null where dbt refuses it. Relations and columns come from the small catalog that is written too, answered as an offline
compile answers them.
"""
import datetime, decimal, importlib, json, multiprocessing, os, sys, types, warnings
from types import SimpleNamespace
warnings.simplefilter("ignore")
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x")
for name in ("pyspark", "pyspark.sql", "pyodbc"):
    sys.modules.setdefault(name, types.ModuleType(name))
import agate
from dbt.adapters.base.impl import BaseAdapter
from dbt.adapters.contracts.connection import QueryComment
from dbt.config.profile import Profile
from dbt.context.providers import ParseDatabaseWrapper, RuntimeDatabaseWrapper
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import get_environment
from dbt_common.events.event_manager_client import get_event_manager
import dbt.adapters.factory as factory
import dbt.adapters.spark.connections as spark_connections
spark_connections.ThriftState = spark_connections.THttpClient = spark_connections.hive = object()

OUTPUTS = {
    "duckdb": dict(type="duckdb", path="target/dev.duckdb", schema="main", threads=2, attach=[dict(path="x/lake.db", alias="lake"), dict(path="ducklake:m.ducklake", alias="dl")]),
    "postgres": dict(type="postgres", host="h", port=5432, user="u", dbname="db", schema="s", threads=3, **{"pass": "secret"}),
    "redshift": dict(type="redshift", host="h", port=5439, user="u", dbname="db", schema="s", threads=3, password="secret"),
    "athena": dict(type="athena", region_name="eu-west-1", database="db", schema="s", s3_staging_dir="s3://b/st/", s3_data_dir="s3://b/data", work_group="wg", threads=4),
    "spark": dict(type="spark", method="thrift", host="h/", schema="s", threads=1),
}

CATALOG = {"nodes": {}, "sources": {}}
def entry(kind, schema, name, cols, where="nodes"):
    CATALOG[where][f"model.p.{name}"] = {
        "metadata": {"type": kind, "database": "db", "schema": schema, "name": name, "owner": None, "comment": None},
        "columns": {n: {"type": t, "index": i + 1, "name": n, "comment": None} for i, (n, t) in enumerate(cols)}, "stats": {}, "unique_id": f"model.p.{name}"}
entry("BASE TABLE", "s", "Orders", [("id", "integer"), ("Amount", "numeric(18,2)"), ("note", "character varying(20)"), ("t", "text")])
entry("VIEW", "s", "v_orders", [("id", "bigint"), ("note", "character varying(40)"), ("w", "varchar")])
entry("EXTERNAL_TABLE", "S2", "ext", [("a", "struct<x:int>"), ("b", "array<varchar(3)>"), ("dbt_scd_id", "text"), ("dbt_valid_from", "timestamp"), ("DBT_VALID_TO", "timestamp")], "sources")
entry("VIRTUAL_VIEW", "s2", "vv", [], "sources")

def patch(cls, relations):
    def get_relation(self, database=None, schema=None, identifier=None, **_):
        found = relations.get((str(schema).lower(), str(identifier).lower()))
        if found is None:
            return None
        if not self.Relation.get_default_include_policy().database:
            database = None
        return self.Relation.create(database=database, schema=schema, identifier=identifier, type=found[0])
    def get_columns_in_relation(self, relation):
        found = relations.get((str(relation.schema).lower(), str(relation.identifier).lower()))
        make = self.Column if self.type() == "athena" else self.Column.from_description
        return [make(name, kind) for name, kind in (found[1] if found else [])]
    def walk(c):
        c.get_relation, c.get_columns_in_relation = get_relation, get_columns_in_relation
        for s in c.__subclasses__():
            walk(s)
    for f in (get_relation, get_columns_in_relation):
        f._is_available_ = True
    walk(cls)

NAMES = ["orders", "Mixed Case", 'qu"ote', "back`tick", "dot.ted", "ümlaut", "x" * 63, "x" * 64, "x" * 127, "x" * 128, "select", "", " lead"]
TYPES = ["text", "TEXT", "varchar", "VARCHAR(20)", "character varying", "character varying(256)", "character varying(10)", "character(3)", "char(3)", "string", "STRING", "int",
         "integer", "INTEGER", "bigint", "hugeint", "UBIGINT", "smallint", "serial", "int8", "tinyint", "float", "double", "double precision", "real", "float8", "numeric", "numeric(18,2)",
         "numeric(18, 2)", "decimal(10)", "DECIMAL(38,0)", "decimal", "number(3,1)", "timestamp", "timestamp without time zone", "timestamp(6)", "timestamp(3) with time zone", "date", "boolean",
         "STRUCT(a VARCHAR, b DECIMAL(10, 2))", "STRUCT(a STRUCT(x INTEGER, y VARCHAR), b INTEGER[])", "struct<a:int>", "array<varchar(3)>", "array(array(string))", "array<binary>", "ARRAY<int>",
         "map<string,int>", "varbinary", "binary", "json", "varchar(max)", "varchar()", "(3)", "", "varchar(1,2,3)", "numeric(a,b)", "varchar(1_0)", "varchar( 7 )"]

def expressions(adapter):
    out = []
    q = lambda s: "none" if s is None else json.dumps(s, ensure_ascii=False).replace("\\\"", "\\\"")
    rel = lambda d="db", s="s", i="orders", rest="": f"api.Relation.create(database={q(d)}, schema={q(s)}, identifier={q(i)}{rest})"
    db = None if adapter == "spark" else "db"
    R = rel(db)
    T = rel(db, "s", "orders", ", type='table'")
    for n in NAMES:
        for kind in ("", ", type='table'", ", type='view'"):
            out.append(rel(db, "s", n, kind))
        out += [rel(db, n, "t"), rel(None, n, None), rel(n, "s", "t"), rel(n, n, "t"), f"adapter.quote({q(n)})", f"adapter.quote_as_configured({q(n)}, 'identifier')",
                f"adapter.quote_seed_column({q(n)}, none)", f"adapter.quote_seed_column({q(n)}, false)", f"api.Column({q(n)}, 'text').quoted", f"api.Relation.add_ephemeral_prefix({q(n)})"]
    for a, b, c in [(x, y, z) for x in "tfn" for y in "tfn" for z in "tfn"]:
        v = {"t": "true", "f": "false", "n": "none"}
        k = f"database={v[a]}, schema={v[b]}, identifier={v[c]}"
        out += [f"{R}.include({k})", f"{R}.quote({k})", f"{R}.quote({k}).include({k})"]
        if "n" not in (a, b, c):
            p = f"{{'database': {v[a]}, 'schema': {v[b]}, 'identifier': {v[c]}}}"
            out += [rel(db, "s", "orders", f", quote_policy={p}"), rel(db, "s", "orders", f", include_policy={p}"), f"{R}.incorporate(include_policy={p})", f"{R}.incorporate(quote_policy={p})"]
    out += [rel(db, "s", "o", ", quote_policy={'identifier': false}"), rel(db, "s", "o", ", quote_policy={}"), rel(db, "s", "o", ", include_policy={'schema': false}"),
            rel(None, "s", "o"), rel(None, None, "o"), rel(None, None, None), rel(db, None, "o"), "api.Relation.create()", "api.Relation.create(identifier=5)", "api.Relation.create(schema=nope, identifier='a')",
            rel(db, "s", "o", ", type='nope'"), rel(db, "s", "o", ", type=none"), rel(db, "s", "o", ", unknown_key=1"), "api.Relation.create('d', 's', 'i', 'view')" if db else "api.Relation.create(none, 's', 'i', 'view')",
            "api.Relation.create('a', 'b', 'c', 'view', 5)"]
    for attr in ("database schema identifier name table type is_table is_view is_cte is_materialized_view is_pointer is_function can_be_renamed can_be_replaced quote_character require_alias dbt_created "
                 "limit catalog event_time_filter path.schema path.identifier quote_policy.schema include_policy.database nope external is_delta information detailed_table_type s3_path_table_part").split():
        out += [f"{T}.{attr}", f"{rel(db, 's', 'o', ', type=' + chr(39) + 'view' + chr(39))}.{attr}", f"{R}.{attr}"]
    for t in ("table", "view", "cte", "materialized_view", "external", "ephemeral", "pointer_table", "function"):
        r = rel(db, "s", "o", f", type='{t}'")
        out += [f"{r}.type ~ {r}.is_table ~ {r}.is_view ~ {r}.is_cte ~ {r}.is_materialized_view ~ {r}.is_pointer ~ {r}.is_function ~ {r}.can_be_renamed ~ {r}.can_be_replaced",
                rel(db, "s", "o", f", type='{t}', limit=0"), rel(db, "s", "o", f", type='{t}', limit=7")]
    out += [f"{R}.render()", f"{T}.without_identifier()", f"{T}.without_identifier().render()", f"{T}.information_schema()", f"{T}.information_schema('columns')", f"{T}.information_schema_only()",
            f"{R}.information_schema('tables').include(database=false)", f"{rel(None, 's', 'o')}.information_schema('x')", f"{T}.information_schema(nope)", f"{T}.information_schema().type",
            f"{R}.replace_path(identifier='z')", f"{R}.replace_path(schema=none)", f"{R}.replace_path(nope='z')", f"{R}.incorporate(path={{'identifier': 'z'}})", f"{R}.incorporate(path={{'schema': none}})",
            f"{R}.incorporate(path={{'identifier': 'z'}}, type='view').is_view", f"{T}.incorporate(type=none).type", f"{T}.incorporate(type='nope')", f"{R}.incorporate(path={{'identifier': '{'y' * 64}'}})",
            f"{T}.incorporate(path={{'identifier': '{'y' * 64}'}})", f"{T}.incorporate(path={{'identifier': '{'y' * 128}'}})", f"{R} == {R}", f"{R} == {T}", f"{T} != {R}", f"{R} == 'x'", f"{R} is mapping", f"{R} is string",
            f"{R} is none", f"{R} is defined", f"{R}['schema']", f"{R}['nope'] is defined", f"{R}.get('metadata')", f"{R}.get('metadata', {{}}).get('type', '').endswith('Relation')", f"{R}.get('schema')",
            f"{R}.get('nope') is none", f"{R}.get('nope', 3)", f"{R} ~ '|' ~ {T}", f"({R} | string) | length", f"{R} | upper", f"[{R}]", f"{{'a': {R}}}", f"{R}.matches(identifier='orders')",
            f"{R}.matches(identifier='other')", f"{R}.matches(identifier='ORDERS')", f"{R}.matches(schema='s', identifier='orders')", f"{R}.matches()", f"{R}.matches(schema='S', identifier='nope')",
            f"{R}.View ~ {R}.Table ~ {R}.CTE ~ {R}.External ~ {R}.MaterializedView ~ {R}.Function ~ {R}.PointerTable", "api.Relation.View ~ api.Relation.Table ~ api.Relation.CTE", "adapter.Relation.create(schema='a', identifier='b')",
            "api.Relation.get_relation_type('view')", "api.Relation.get_relation_type('nope')", f"{R}.scd_args('id', 'u')", f"{R}.scd_args(['a', 'b'], 'u')", f"{R}.quoted('a b')", f"{R}.render_limited()",
            f"{R}.relation_max_name_length()", f"{R}.render_hive()", f"{R}.render_pure()", f"{rel(None, 's', 'o')}.render_hive()", f"{R}.quote(identifier=false).render_hive()", f"{R}.include(schema=false).render_hive()",
            f"{R}.include(nope=true)", f"{R}.include(true, false)", f"{R}.to_dict().type", f"{R}.to_dict(omit_none=true)['path']", "api.Relation.create(schema='s', identifier='e', external='read_csv(1)')",
            "api.Relation.create(schema='s', identifier='e', external='read_csv(1)', limit=0)", "api.Relation.create(schema='s', identifier='e', is_delta=true).is_delta",
            "api.Relation.create(schema='s', identifier='e', s3_path_table_part='p').s3_path_table_part", f"{R} in [{R}]", f"[{R}, {R}, {T}] | unique | list | length", f"({R} and 1) or 2"]
    for t in TYPES:
        c = f"api.Column.from_description('c', {q(t)})"
        d = f"api.Column('c', {q(t)})"
        for e in (c, d):
            out += [e, f"{e}.dtype", f"{e}.data_type", f"{e}.is_string() ~ {e}.is_number() ~ {e}.is_float() ~ {e}.is_integer() ~ {e}.is_numeric()", f"{e}.string_size()", f"{e}.literal(1)"]
        out += [f"{c}.char_size ~ {c}.numeric_precision ~ {c}.numeric_scale", f"api.Column.translate_type({q(t)})", f"api.Column.create('c', {q(t)}).data_type", f"{c}.can_expand_to(api.Column('d', 'varchar', 300))",
                f"api.Column('d', 'varchar', 5).can_expand_to({c})"]
        if adapter == "duckdb":
            out += [f"{d}.is_struct()", f"{d}.flatten()", f"{d}.fields"]
        if adapter == "athena":
            out += [f"{d}.is_binary() ~ {d}.is_timestamp() ~ {d}.is_array() ~ {d}.is_iceberg()", f"{d}.array_inner_type()", f"{d}.quoted_hive", f"{d}.timestamp_type()"]
    out += ["api.Column('a', 'varchar', 20).data_type", "api.Column('a', 'character varying', 20).data_type", "api.Column('a', 'numeric', none, 18, 2).data_type", "api.Column('a', 'decimal', 3, 18).data_type",
            "api.Column(column='a', dtype='b').name", "api.Column('a')", "api.Column.string_type(20)", "api.Column.string_type(0)", "api.Column.numeric_type('numeric', 1, 2)", "api.Column.numeric_type('numeric', none, 2)",
            "api.Column('a', 'b') == api.Column('a', 'b')", "api.Column('a', 'b') == api.Column('a', 'c')", "api.Column('a', 'b').nope", "api.Column.binary_type()", "api.Column.array_type('x')",
            "api.Column('a', 'text', 7).string_size()", "api.Column('a', 'varchar', 7).string_size()", "api.Column('a', 'varchar', '7').string_size()", "api.Column('a', 'varchar', 'x').string_size()"]
    # adapter methods
    C = "adapter.get_columns_in_relation"
    for i in ("Orders", "orders", "v_orders", "nope"):
        r = rel(db, "S", i)
        out += [f"adapter.get_relation(database={q(db)}, schema='s', identifier={q(i)})", f"adapter.get_relation({q(db)}, 'S', {q(i)}).type", f"{C}({r}) | map(attribute='name') | list",
                f"{C}({r}) | map(attribute='data_type') | list", f"{C}({r})", f"adapter.get_missing_columns({r}, {rel(db, 's', 'v_orders')})"]
    out += ["adapter.get_relation('db', 's', 'orders').is_table", "adapter.get_relation('db', 's2', 'ext').type", "adapter.get_relation('db', 's2', 'vv')", f"{C}({rel(db, 's2', 'ext')})", f"{C}('x')", f"{C}()",
            f"adapter.valid_snapshot_target({rel(db, 's2', 'ext')})", f"adapter.valid_snapshot_target({rel(db, 's', 'orders')})", f"adapter.get_missing_columns('a', 'b')"]
    if adapter != "athena":
        out += [f"adapter.valid_snapshot_target({rel(db, 's2', 'ext')}, {{'dbt_scd_id': 'dbt_scd_id', 'dbt_valid_from': 'x', 'dbt_valid_to': none}})",
                f"adapter.assert_valid_snapshot_target_given_strategy({rel(db, 's2', 'ext')}, none, {{'hard_deletes': 'new_record'}})",
                f"adapter.assert_valid_snapshot_target_given_strategy({rel(db, 's2', 'ext')}, none, {{'hard_deletes': 'ignore'}})"]
    out += ["adapter.type()", "adapter.nope", "adapter.nope()", "adapter.quote_as_configured('a', 'database')", "adapter.quote_as_configured('a', 'schema')", "adapter.quote_as_configured('a', 'column')", "adapter.quote_seed_column('a', true)",
            "adapter.quote_seed_column('a', 'yes')", "adapter.quote_seed_column('a', 1)", "adapter.config.project_name", "adapter.config.quoting", "adapter.config.credentials.schema", "adapter.config.credentials.database",
            "adapter.config.credentials.type", "adapter.behavior.enable_truthy_nulls_equals_macro.no_warn", "adapter.behavior.nope", "adapter.cache_added(none)", "adapter.cache_dropped(none)", "adapter.cache_renamed(none, none)",
            "adapter.get_partitions_metadata('x')", "adapter.build_catalog_relation(m_nocatalog)", "adapter.build_catalog_relation(m_catalog)", "adapter.get_catalog_integration('nope')"]
    for h in ("", "'hard_deletes': 'ignore'", "'hard_deletes': 'invalidate'", "'hard_deletes': 'new_record'", "'hard_deletes': 'x'", "'invalidate_hard_deletes': true", "'invalidate_hard_deletes': false",
              "'invalidate_hard_deletes': true, 'hard_deletes': 'ignore'", "'hard_deletes': none"):
        out.append(f"adapter.get_hard_deletes_behavior({{{h}}})")
    for s in ("none", "'default'", "'append'", "'delete+insert'", "'merge'", "'insert_overwrite'", "'microbatch'", "'custom'", "'missing'"):
        out.append(f"adapter.get_incremental_strategy_macro(macros, {s})")
    # constraints
    cons = []
    for t in ("check", "not_null", "unique", "primary_key", "foreign_key", "custom", "nope"):
        for more in ("", ", 'expression': 'x > 0'", ", 'expression': ' '", ", 'name': 'n'", ", 'name': 'n', 'expression': 'e'", ", 'to': 'a.b.c', 'to_columns': ['x', 'y']", ", 'to': 'b.c', 'to_columns': []",
                     ", 'to': '\"a\".\"b\".\"c\"', 'to_columns': ['x'], 'name': 'fk'", ", 'warn_unenforced': false, 'warn_unsupported': false", ", 'nope': 1", ", 'expression': 5"):
            cons.append(f"{{'type': '{t}'{more}}}")
    for c in cons:
        out += [f"adapter.render_raw_columns_constraints({{'a': {{'name': 'a', 'data_type': 'int', 'constraints': [{c}]}}}})",
                f"adapter.render_raw_model_constraints([{c}])", f"adapter.render_raw_model_constraints([dict({c}, columns=['a', 'b'])])"]
    out += ["adapter.render_raw_columns_constraints({'a': {'name': 'a b', 'quote': %s, 'data_type': 'int', 'constraints': []}, 'b': {'name': 'b', 'data_type': 'text', 'constraints': [{'type': 'not_null'}, {'type': 'unique'}]}})" % ("false" if adapter in ("athena", "spark") else "true"),  # those two fail on a mistake of theirs
            "adapter.render_raw_columns_constraints({})", "adapter.render_raw_model_constraints([])", "adapter.render_raw_model_constraints([{'type': 'unique', 'columns': 'a'}])", "adapter.render_raw_columns_constraints({'a': {'name': 'a'}})"]
    # tables
    for t in ("ints", "mixed", "empty", "grants", "types"):
        out += [f"{t}.column_names", f"{t} | length", f"{t}.rows | length", f"{t}.columns | length", f"{t}.rows", f"{t}.columns", f"{t}.print_table is defined"]
        for i in range({"ints": 2, "mixed": 9, "empty": 2, "grants": 2, "types": 12}[t]):
            out += [f"adapter.convert_type({t}, {i})", f"{t}.columns[{i}].values()", f"{t}.columns[{i}].name", f"{t}.columns[{i}].data_type.__class__.__name__ if false else ''", f"{t}.columns[{i}].values_without_nulls()"]
    out += ["ints.columns['a'].values()", "ints.columns.a.values()", "ints.columns['nope'] is defined", "ints.rows[0]['a']", "ints.rows[0].a", "ints.rows[0][1]", "ints[1][0]", "ints.rows[9] is defined", "ints.rows[-1][0]", "ints.rows[0].values()",
            "ints.rows[0].keys()", "ints.rows[0].items()", "ints.rows[0].dict()['b']", "ints.rows[0].get('b')", "ints.rows[0].get('z', 'd')", "ints.rows[0]['nope'] is defined", "ints.rows[0] == (1, 'x')", "ints.rows[0] | list", "ints.rows[0] | length",
            "ints.columns.keys()", "ints.columns | map(attribute='name') | list", "ints.columns[0] | list", "ints.columns[0] | max", "ints.columns[1] | join(',')", "ints.select(['b']).column_names", "ints.select('b').rows", "ints.exclude(['b']).column_names",
            "ints.exclude('zz').column_names", "ints.select('zz')", "ints.rename(column_names={'a': 'z'}).column_names", "ints.rename(column_names=['p', 'q']).columns['q'].values()", "ints.limit(1).rows", "ints.limit(1, 2).rows", "ints.distinct('b').rows",
            "ints.order_by('b').columns[0].values()", "ints.order_by('a', reverse=true).columns[0].values()", "ints.columns[0].values_distinct() | sort", "ints.rows[0:2]", "ints.rows[1:] | length", "ints.columns[0][::-1]", "ints[:1] | length", "1 in ints.columns[0]", "7 in ints.columns[0].values()", "ints.columns[0].values_sorted()", "ints.column_types | length", "types.columns['num'].values()[0] + 1",
            "types.columns['num'].values()[0] * 2", "types.columns['num'].values()[0] > 1", "types.columns['num'].values()[0] == 1.5", "types.columns['num'].values() | sum", "types.columns['num'].values()[0] | int", "types.columns['num'].values()[0] | float",
            "types.columns['num'].values()[0] | round(1)", "types.columns['num'].values()[0] / 4", "types.columns['num'].values()[0] // 1", "types.columns['num'].values()[0] % 1", "2 * types.columns['num'].values()[0]", "types.columns['num'].values()[0] + 0.5",
            "types.columns['num'].values() | max", "types.columns['num'].values()[0] is number", "types.columns['big'].values()[0] + 1", "adapter.convert_type(ints, 7)", "grants.rows | map(attribute='grantee') | list", "grants.columns | map(attribute='name') | join(', ')",
            "adapter.standardize_grants_dict(grants)", "adapter.standardize_grants_dict(empty)", "adapter.standardize_grants_dict(ints)"]
    if adapter in ("postgres", "duckdb"):
        out += ["adapter.parse_index(none)", "adapter.parse_index({'columns': ['a', 'b']}).columns", "adapter.parse_index({'columns': ['a'], 'unique': true}).unique", "adapter.parse_index({'columns': ['a'], 'type': 'hash'}).type", "adapter.parse_index({'columns': 'a'})",
                "adapter.parse_index({})", "adapter.parse_index('a')", "adapter.parse_index({'columns': ['a'], 'nope': 1})", "adapter.parse_index({'columns': [1]})", "adapter.parse_index({'columns': ['a'], 'unique': 'yes'})",
                "adapter.parse_index({'columns': ['a']}).render(" + R + ") | length"]
    if adapter in ("postgres", "redshift"):
        out += ["adapter.verify_database('db')", "adapter.verify_database('\"DB\"')", "adapter.verify_database('other')"]
    if adapter == "redshift":
        out += ["adapter.behavior.redshift_grants_extended.no_warn", "adapter.use_show_apis()", "adapter.drop_without_cascade()", "adapter.use_grants_extended()", "adapter.transform_show_tables_for_list_relations(shown).rows", "adapter.transform_show_tables_for_list_relations(shown).column_names",
                "adapter.combine_show_tables_and_function_relations(adapter.transform_show_tables_for_list_relations(shown), adapter.transform_show_tables_for_list_relations(shown)).rows | length",
                "adapter.build_catalog_from_show_tables_and_svv_columns([shown], svv).rows", "adapter.build_catalog_from_show_tables_and_svv_columns([shown], svv).column_names", "adapter.build_catalog_from_show_tables_and_svv_columns([], svv).rows | length"]
    if adapter == "duckdb":
        w = "adapter.external_write_options"
        out += ["adapter.external_root()", "adapter.is_motherduck()", "adapter.disable_transactions()", "adapter.escape_sql_string(\"o'brien\")", "adapter.escape_sql_string(5)", f"adapter.is_ducklake({R})", "adapter.is_ducklake(api.Relation.create(database='dl', schema='s', identifier='x'))",
                "adapter.is_ducklake(none)", "adapter.get_seed_file_path({'root_path': '/a/b', 'original_file_path': 'seeds/x.csv'})", "adapter.get_seed_file_path({'root_path': '/a/b/', 'original_file_path': '/seeds/x.csv'})",
                f"{w}('a/b.csv', {{}})", f"{w}('a/b.CSV.gz', {{}})", f"{w}('a/b.parquet', {{'codec': 'zstd'}})", f"{w}('a/b', {{}})", f"{w}('a/b', {{'delimiter': '|'}})", f"{w}('a/b.csv', {{'delimiter': '|', 'header': 0, 'null': \"'x'\"}})",
                f"{w}('a.b/c', {{'partition_by': 'x, y'}})", f"{w}('a.json.zst', {{'partition_by': '(x)'}})", f"{w}('.hidden', {{}})", "adapter.external_read_location('a/b', {})", "adapter.external_read_location('a/b', {'partition_by': 'x, y'})",
                "adapter.external_read_location('a/b', {'per_thread_output': true, 'format': 'csv'})", "adapter.batch_id_for_model({})", "adapter.batch_id_for_model({'batch': {'event_time_start': '2024-01-01 00:00:00+00:00'}})",
                "adapter.convert_datetimes_to_strs(types).columns['ts'].values()"]
    if adapter == "athena":
        g = f"adapter.generate_s3_location({R}"
        out += [f"{g}, s3_data_naming='table')", f"{g}, s3_data_dir='s3://x/y/', s3_data_naming='schema_table')", f"{g}, external_location='s3://e/f//')", f"{g}, external_location='s3://e', is_temporary_table=true, s3_data_naming='table')",
                f"{g}, s3_tmp_table_dir='s3://tmp', is_temporary_table=true, s3_data_naming='schema_table')", f"{g}, s3_data_naming='nope')", f"({g}) | length)" if False else f"{g}, s3_data_dir='s3://x', s3_data_naming='unique') | length", f"{g}) | length",
                f"{g}, s3_data_naming='table_unique') | length", "adapter.generate_s3_location(api.Relation.create(schema='s', identifier='t', s3_path_table_part='part'), s3_data_dir='s3://d', s3_data_naming='table')",
                "adapter.is_s3_tables_database('s3tablescatalog/b')", "adapter.is_s3_tables_database('S3TablesCatalog/b')", "adapter.is_s3_tables_database('awsdatacatalog')", "adapter.is_s3_tables_database(none)", "adapter.is_list([1])", "adapter.is_list('a')", "adapter.is_list((1,))",
                "adapter.generate_unique_temporary_table_suffix() | length", "adapter.generate_unique_temporary_table_suffix('x')[:2]", "adapter.quote_seed_column('a', true, '`')", "adapter.quote_seed_column('a', none, '`')", "adapter.quote_seed_column('a', false, '`')"]
        for k in ("Day", "day(ts)", "MONTH(Ts)", "bucket(user_id, 5)", "bucket(5, user_id)", "truncate(10, x)", "hour(a) and day(b)", "year()", "a bucket(b, 1)", "bucket(a)"):
            out.append(f"adapter.format_one_partition_key({q(k)})")
        out.append("adapter.format_partition_keys(['A', 'day(b)'])")
        for v, t in (("none", "string"), ("5", "integer"), ("'a'", "string"), ("\"o'b\"", "string"), ("'2024-01-01'", "date"), ("'2024-01-01 00:00:00'", "timestamp"), ("1", "double"), ("types.columns['d'].values()[0]", "date")):
            out.append(f"adapter.format_value_for_partition({v}, '{t}')")
        for v in ("1", "0", "-5", "34", "'iceberg'", "''", "'a'", "'ab'", "'abc'", "'abcd'", "'ümlaut'", "123456789012", "1.5", "true", "types.columns['d'].values()[0]"):
            out.append(f"adapter.murmur3_hash({v}, 16)")
    return out

def tables():
    D, dt = decimal.Decimal, datetime
    flat = lambda rows, names: agate_helper.table_from_data_flat([dict(zip(names, r)) for r in rows], names)
    ints = flat([(1, "x"), (3, "y"), (2, "x")], ["a", "b"])
    mixed = flat([(None, 1, True, 1.5, "a", None, 1, D("1.10"), 0), (None, None, None, None, None, None, 2.5, 3, 1)], list("abcdefghi"))
    empty = agate.Table([], ["a", "b"], [agate.Text(), agate.Text()]) if False else agate_helper.table_from_rows([], ["a", "b"])
    grants = flat([("u1", "select"), ("u2", "select"), ("u1", "insert")], ["grantee", "privilege_type"])
    types_ = flat([(1, D("1.50"), 2.0, True, "t", dt.date(2024, 1, 31), dt.datetime(2024, 1, 31, 10, 20, 30), [1, "a", None, {"k": "ü\"\n"}], 12345678901234567890, 1e20, b"a\x00'b", dt.datetime(2024, 1, 31, 1, 2, 3, 4, dt.timezone.utc)),
                   (None,) * 12], ["i", "num", "f", "bool", "s", "d", "ts", "l", "big", "huge", "bytes", "tz"])
    shown = flat([("db", "S", "T1", "TABLE", "REGULAR TABLE", "r", "o"), ("db", "s", "v", "VIEW", "LATE BINDING VIEW", None, "o"), ("db", "s", "mv", " view ", "MATERIALIZED VIEW", None, "o")],
                 ["database_name", "schema_name", "table_name", "table_type", "table_subtype", "remarks", "owner"])
    svv = flat([("db", "s", "t1", "a", 1, "int", "c"), ("db", "s", "mv", "b", 1, "int", None), ("db", "s", "zz", "b", 1, "int", None)], ["database_name", "schema_name", "table_name", "column_name", "ordinal_position", "data_type", "remarks"])
    nums = flat([(D("1234567.891"), 1e16, -0.5), (D("-0.0004"), 2.5, 1000), (None, None, D("7"))], ["a", "b", "c"])
    return dict(nums=nums, ints=ints, mixed=mixed, empty=empty, grants=grants, types=types_, shown=shown, svv=svv)

def main():
    outdir = sys.argv[1]
    relations = {}
    for e in [*CATALOG["nodes"].values(), *CATALOG["sources"].values()]:
        m = e["metadata"]
        kind = "view" if "view" in m["type"].lower() else "table"
        relations[(m["schema"].lower(), m["name"].lower())] = (kind, [(c["name"], c["type"]) for c in sorted(e["columns"].values(), key=lambda c: c["index"])])
    answers, targets = {}, []
    env = get_environment(None, capture_macros=False)
    for name, output in OUTPUTS.items():
        factory.FACTORY.load_plugin(name)
        cls = factory.FACTORY.get_adapter_class_by_name(name)
        patch(BaseAdapter, relations)
        creds = Profile._credentials_from_profile(dict(output), "prof", "dev")
        quoting = {k: v for k, v in cls.Relation.get_default_quote_policy().to_dict(omit_none=True).items()}
        config = SimpleNamespace(credentials=creds, quoting=quoting, flags={}, log_cache_events=False, project_name="proj", threads=1, query_comment=QueryComment(), target_path="t", cli_vars={}, profile_name="prof", target_name="dev")
        adapter = cls(config, multiprocessing.get_context("spawn"))
        if name == "athena":
            adapter.connections.get_thread_connection = lambda: SimpleNamespace(credentials=creds, name="c")
        if name == "duckdb":
            from packaging.version import Version
            type(adapter).duckdb_version = Version("1.5.5")
            type(adapter).duckdb_incremental_strategies = property(lambda self: ["append", "delete+insert", "merge", "microbatch"])
        def model(**kw):
            return SimpleNamespace(config=kw, identifier="m", database="db")
        macros = {f"get_incremental_{s}_sql": s for s in ("default", "append", "delete_insert", "merge", "insert_overwrite", "microbatch", "custom")}
        context = dict(adapter=RuntimeDatabaseWrapper(adapter, None), macros=macros, m_nocatalog=model(materialized="table"), m_catalog=model(catalog_name="nope"), **tables())
        context["api"] = {"Relation": context["adapter"].Relation, "Column": adapter.Column}
        def answer(expression, parse=False):
            ctx = dict(context)
            if parse:
                ctx["adapter"] = ParseDatabaseWrapper(adapter, None)
            try:
                return env.from_string("{{ " + expression + " }}").render(ctx)
            except BaseException as e:
                if os.environ.get("SHOW"):
                    print(name, expression, repr(e)[:150], file=sys.stderr)
                return None
        answers[name] = {}
        for e in expressions(name):
            answers[name][e] = answer(e)
        for m in ("execute('x')[1].rows | length", "add_query('x')", "get_column_schema_from_query('x')", "get_columns_in_relation('x')", "get_missing_columns(1, 2)", "check_schema_exists('a', 'b')", "drop_relation(1)", "get_relation()",
                  "get_incremental_strategy_macro(1, 2)", "get_hard_deletes_behavior(1)", "already_exists(1, 2)", "expand_target_column_types(1)", "create_schema(1)", "valid_snapshot_target(1)", "quote('a')", "type()"):
            answers[name]["parse: adapter." + m] = answer("adapter." + m, parse=True)
    # one line an expression: its answer where all five agree, else an answer for each adapter that was asked
    lines = []
    for e in dict.fromkeys(e for a in answers.values() for e in a):
        each = {name: a[e] for name, a in answers.items() if e in a}
        same = len(each) == len(answers) and len(set(each.values())) == 1
        lines.append(json.dumps([e, next(iter(each.values())) if same else each], ensure_ascii=True, separators=(",", ":")))
    open(outdir + "/expressions.json", "w").write("[\n" + ",\n".join(lines) + "\n]\n")
    json.dump(CATALOG, open(outdir + "/catalog.json", "w"), indent=1)
    import contextlib, io
    printed = {}
    tables_ = tables()
    for e in ("ints.print_table()", "mixed.print_table()", "types.print_table()", "types.print_table(max_columns=20)", "types.print_table(max_columns=none, max_column_width=none)", "types.print_table(max_columns=3, max_rows=1)",
              "mixed.print_table(max_precision=1)", "mixed.print_table(max_precision=none, max_columns=none)", "empty.print_table()", "grants.print_table(max_column_width=5)", "types.print_structure()", "ints.print_csv()", "types.print_csv()",
              "shown.select(['table_name', 'remarks']).print_table()", "nums.print_table()"):
        with contextlib.redirect_stdout(io.StringIO()) as f:
            for t in tables_.values():
                t.print_table.__func__.__defaults__ = (20, 6, f, 20, None, 3)
            type(ints := tables_["ints"]).print_structure.__defaults__ = (f, None)
            env.from_string("{% do " + e + " %}").render(tables_)
        printed[e] = f.getvalue()
    json.dump(printed, open(outdir + "/printed.json", "w"), indent=0)
    for output in target_outputs():
        case = {"output": output}
        try:
            creds = Profile._credentials_from_profile(json.loads(json.dumps(output)), "prof", "dev")
            p = SimpleNamespace(profile_name="prof", target_name="dev", threads=output.get("threads", 1), credentials=creds)
            case["target"] = [[k, v] for k, v in Profile.to_target_dict(p).items()]
        except BaseException as e:
            case["error"] = str(e)
        targets.append(case)
    open(outdir + "/targets.json", "w").write("[\n" + ",\n".join(json.dumps(c) for c in targets) + "\n]\n")

def target_outputs():
    out = list(OUTPUTS.values())
    pg = OUTPUTS["postgres"]
    for change in (dict(dbname=None), dict(port="5432"), dict(port=5432.0), dict(role="r", sslmode="require", retries=3), dict(nope=1), dict(schema=5), dict(keepalives_idle=None), dict(database="x"), dict(connect_timeout="a"), dict(user=None), dict(autocommit=None), dict(threads=8)):
        o = dict(pg); o.update(change); out.append(o)
    for missing in ("host", "port", "user", "dbname", "schema", "pass"):
        out.append({k: v for k, v in pg.items() if k != missing})
    rs = OUTPUTS["redshift"]
    for change in (dict(sslmode="verify-ca"), dict(sslmode="nope"), dict(method="iam", cluster_id="c", iam_profile="p", db_groups=["a"], autocreate=True), dict(ra3_node=True, datasharing=True), dict(db_groups="a"), dict(connect_timeout=None), dict(access_key_id="k", secret_access_key="s"), dict(tcp_keepalive=None)):
        o = dict(rs); o.update(change); out.append(o)
    at = OUTPUTS["athena"]
    for change in (dict(catalog="c2"), dict(poll_interval=2), dict(poll_interval="2"), dict(seed_s3_upload_args={"ACL": "x"}), dict(lf_tags_database={"a": "b"}), dict(aws_secret_access_key="k", aws_access_key_id="i"), dict(num_retries=None), dict(region_name=None)):
        o = dict(at); o.update(change); out.append(o)
    out.append({k: ("c2" if k == "catalog" else v) for k, v in {**{k: v for k, v in at.items() if k != "database"}, "catalog": "c2"}.items()})
    out.append({k: v for k, v in at.items() if k not in ("region_name",)})
    sp = OUTPUTS["spark"]
    for change in (dict(database="s"), dict(database="other"), dict(method="odbc", cluster="c", token="t", driver="d"), dict(method="nope"), dict(port=10001, organization="5"), dict(method="session", host="NA"), dict(server_side_parameters={"a": "b"}), dict(method="odbc", cluster="c", endpoint="e"), dict(user="u", password="p")):
        o = dict(sp); o.update(change); out.append(o)
    for missing in ("host", "method", "schema"):
        out.append({k: v for k, v in sp.items() if k != missing})
    du = dict(type="duckdb", schema="main")
    for change in (dict(), dict(path=":memory:"), dict(path="a/b/my.db.duckdb"), dict(path=".hidden.duckdb"), dict(path="md:mydb"), dict(path="md:"), dict(path="motherduck:x?token=1"), dict(path="ducklake:meta.ducklake"), dict(path="x.db", database="y"), dict(path="x.db", database="x"),
                   dict(path="x.db", database="lake", attach=[dict(path="l.db", alias="lake")]), dict(path="x.db", extensions=["httpfs", dict(name="h", repo="community")], settings=dict(a=1), config_options=dict(b="c")), dict(path="x.db", attach=[dict(path="a", read_only=True, options=dict(x=1))]),
                   dict(path="x.db", plugins=[dict(module="gsheet", config=dict(m="oauth"))]), dict(path="x.db", secrets=[dict(type="s3", region="r")]), dict(path="x.db", remote=dict(host="h", port=1, user="u"), database="z"), dict(path="x.db", threads=5, nope=3), dict(path="x.db", disable_transactions="yes"),
                   dict(path="x.db", attach=[dict(alias="a")]), dict(path="C:/data/x.db"), dict(path="dir/"), dict(path="s3://bucket/x.duckdb"), dict(path="x.db", filesystems=[dict(fs="s3", anon=True)]), dict(path="x.db", attach=[dict(path="a", nope=1)])):
        o = dict(du); o.update(change); out.append(o)
    return out

main()
