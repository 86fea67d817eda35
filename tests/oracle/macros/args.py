"""Arguments for macros, by the names of their parameters."""
from jinja2.utils import Namespace

from fakes import Bag, Table, World

DATEPARTS = ["year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond", "century", "YEAR"]
SQL = ["select 1 as a, 2 as b", "with q as (select 1)\nselect * from q", "select 1 as a -- c\nfrom t", "select 1 as a -- end"]
NONE_OK = {"existing_relation", "old_relation"}
RELATION = set("""relation target_relation existing_relation backup_relation intermediate_relation base_relation schema_relation old_relation tmp_relation temp_relation from_relation
    to_relation this_relation defer_relation source_relation staging_relation temporary_relation target source existing preexisting snapshotted_rel current_rel""".split())
SQLS = set("sql compiled_code select_sql main_sql source_sql build_sql insert_sql create_or_truncate_sql snapshot_sql expected_fixture_sql loaded_at_query query".split())
COLUMN_LISTS = set("dest_columns columns source_columns target_columns replace_columns columns_with_partitions".split())


class Node:
    def __init__(self, **kw):
        self.__dict__.update(kw)

    def __getitem__(self, k):
        return self.__dict__[k]

    def __repr__(self):
        return "<node>"


def value(name, w: World, r, macro=""):
    """A value for a parameter, or the class Skip to leave an argument with a default out."""
    o = r.choice
    if name in RELATION:
        if name in ("snapshotted_rel", "current_rel"):
            return name
        if name in NONE_OK and r.random() < 0.2:
            return None
        return w.relation(name, r.randrange(3))
    if name in SQLS:
        return o(SQL)
    if name in COLUMN_LISTS:
        if macro.endswith("get_empty_schema_sql"):
            return o([{"a": {"name": "a", "data_type": "int"}, "b": {"name": "b", "data_type": " Numeric", "quote": True}}, {"a": {"name": "a"}}, {"a": {"name": "a", "data_type": "varchar(10)"}}])
        return w.columns(o(["x", "y", "z", "u"]))
    if name in ("add_columns", "remove_columns"):
        return o([None, [], w.columns("x"), w.columns("y")])
    pools = {
        "temporary": [True, False], "unique_key": [None, "id", ["id", "b"], []], "datepart": DATEPARTS, "interval": ["1", 2, "x - 1"], "part_number": [-2, -1, 0, 1, 2], "limit_num": [None, 2, 5], "limit": [None, 10],
        "delimiter_text": ["','", "'|'", "'a.b'", "d"], "order_by_clause": [None, "order by a"], "incremental_predicates": [None, ["a > 1", "DBT_INTERNAL_DEST.b = 2"], ["dbt_internal_dest.c < 3"]], "predicates": [None, ["a > 1"], ["a", "b"]],
        "include_sql_header": [True, False], "language": ["sql", "python", "odd"], "grantees": [["a"], ["group:g", "role:r", "user:u", "x"]], "privilege": ["select", "insert"], "new_name": ["other"], "suffix": ["__dbt_tmp", "__x", "s" * 20],
        "custom_schema_name": [None, " custom "], "custom_alias_name": [None, "", " al "], "custom_database_name": [None, "cdb"], "full_refresh": [True, False], "full_refresh_mode": [True, False], "should_revoke": [True, False],
        "grant_config": [{}, {"select": ["a", "b"]}, {"select": [], "insert": ["role:r"]}, {"select": ["a", "c"]}], "grants_dict": [{"select": ["a", "group:g"]}], "strategy": None, "type": ["int", "array<int>", "Struct<a:int>", "varchar(10)"],
        "field": ["a", "'x'", '"y"', "t.c"], "inputs": [[], ["1", "2"], ["x"]], "data_type": ["integer", "text"], "expression": ["a", "x + 1"], "upper_bound": [1, 2, 3, 10, 1000, 0, -1], "year": [2024], "month": [2], "day": [29, 1],
        "values": [["a", "b"], [1, 2], ["it's"], []], "quote": [True, False], "volatility": ["odd"], "hooks": [w.hooks(), []], "inside_transaction": [True, False], "on_schema_change": ["ignore", "fail", "append_new_columns", "sync_all_columns", "odd"],
        "merge_update_columns": [None, ["a"], []], "merge_exclude_columns": [None, ["B"], []], "column_names": [["a", "B"], []], "rows": [[], [{"a": 1, "B": "it's"}, {"a": None, "b": True}], [{"A": "x"}], [{"zz": 1}], [{"a": 1}, {"a": None}]],
        "row": [{"a": 1, "B": "it's"}, {"A": None}, {"zz": 2}, {"a": "x"}], "column_name_to_data_types": [{"a": "int", "b": "character varying(10)"}, {"a": "struct<x:int>", "b": "text"}], "column_name_to_quoted": [{"a": '"a"', "b": '"b"'}],
        "row_number": [1], "comment": ["it's", "$dbt_comment_literal_block$", 5], "relation_comment": ["it's"], "dstring": [True, False], "index_dict": [{"columns": ["a"], "unique": True, "type": "hash"}, {"columns": ["a", "b"]}],
        "index_name": ["ix"], "configuration_changes": None, "new_config": None, "select_sql_header": [None, "set x;"], "sql_header": [None, "set x;"], "filter": [None, "a > 1"], "raw_partition_date": ["20240101", "20240101,20240103", "x", "1,2,3", "20240103,20240101"],
        "date_fmt": ["%Y%m%d"], "date_str": ["20240101", " 20240102 ", "x"], "start_date_str": ["20240101"], "end_date_str": [None, "20240103"], "in_fmt": ["%Y%m%d"], "out_fmt": ["%Y%m%d", "", "%Y-%m-%d"],
        "name": ["main", "n", None, "timestamp", "check", "dbt.timestamp", "nope.x", "odd"], "args": [["a"], ["a", "b"]], "check_cols_config": ["all", ["a", "b"], "bad", []], "target_exists": [True, False], "arg_dict": None, "dist": [None, "ALL", "even", "auto", "id", ["a"]],
        "sort_type": [None, "compound", "interleaved"], "sort": [None, "a", ["a", "b"]], "schemas": [["s1"], ["s1", "s2"]], "columns_filter": ["f"], "table_name": ["svv_table_info"], "label": ["partitioned by"], "required": [True, False],
        "model_columns": None, "column_dict": None, "query_columns": [["a", "B"], ["a"]], "existing_column_names": [["a", "b"], ["A"]], "column_name": ["a", "B"], "raw_strategy": ["append", "merge", "insert_overwrite", "microbatch", "odd", "delete+insert"],
        "file_format": ["delta", "parquet"], "raw_file_format": ["delta", "odd"], "table_type": ["hive", "iceberg"], "col_type": ["int", "varchar(10)", "array(integer)", "timestamp(6)", "string", "float", "map(varchar, integer)", "character varying(3)", "varbinary", "bigint"],
        "new_column_type": ["varchar(10)", "integer", "VARBYTE(3)"], "is_last": [True, False], "rule": ["coalesce", "sum", "append", "append_distinct", "replace", "{0} + 1", "odd"], "delete_condition": [None, "s.d"], "update_condition": [None, "s.u"], "insert_condition": [None, "s.i"],
        "merge_part": ["merge x", ["a", "b"]], "as_subquery": [True, False], "force_batch": [True, False], "skip_partitioning": [True, False], "statement_name": ["main", "st"], "partitioned_by": [["a", "b", "c", "d", "e"], None, ["a", "b"]], "sorted_by": [None, ["a"]], "run_outside_transaction_hooks": [True, False],
        "timestamp": ["2024-01-01"], "options": [{"format": "parquet"}, {"x": "1", "partition_by": "a, b"}], "location": ["x.parquet", "it's"], "format": ["parquet"], "field_value": [None, "a", ["a"], {"a": 1}, 5], "field_name": ["fld"], "raw": [None, "a", ["a", "b"], {"x": 1}, 5, [1]],
        "label_": [], "batch_id": ["", "7"], "temp_schema": [None, "ts"], "optional_args": [{}, {"x": 1}], "is_": [], "for_relation": [True, False], "for_columns": [True, False], "raw_": [], "partition_keys": [["a"], ["a", "ts"]],
        "length_expression": ["2", "n"], "backup_relation_type": ["table", "view"], "identifier": ["ident"], "datatype": [], "on_": [], "expected_column_names": [["a", "b"]], "fields": [["a", "b"], ["a"]], "null": [None],
        "message": ["msg"], "code": ["OK"], "rows_affected": [3], "res": [None], "fetch_result": [True, False], "auto_begin": [True, False], "errors": None, "existing_key": [], "base_configuration_fields": None, "merge_clauses": None, "col": None, "ns": None, "table": None, "col_index": [0, 1],
        "partition_key": ["bucket(a, 5)"], "constraints": None, "merge_on_using_columns": [None, ["a"], []], "merge_update_condition": [None, "x > 1"], "merge_insert_condition": [None, "x < 1"], "merge_update_set_expressions": [None, {"a": "DBT_INTERNAL_SOURCE.a + 1"}, {}], "clause_type": ["when_matched", "when_not_matched"],
        "default": ["ignore"], "dropped": None, "function": ["date"], "arg": ["x"], "version": [2], "limit_": [], "loaded_at_field": ["ld"], "plugin": ["pl"], "source_unique_key": ["s.id"], "target_unique_key": ["t.id"],
    }
    if name == "dest_cols_csv":
        return o(['"a", "b"', "a"])
    if name == "partitioned_by" and macro == "delete_overlapping_partitions":
        return ["a", "b", "c", "d", "e"]
    if pools.get(name):
        return o(pools[name])
    special = {
        "model": lambda: Bag(w.model), "node": lambda: Node(name="m", version=o([None, 2, "1.5"]), database=o([None, "db"]), schema="sch", alias="al", compiled_code="select 1 as a"), "parsed_model": lambda: Bag(w.model),
        "agate_table": lambda: Table(o([1, 2])), "config": lambda: w.ctx["config"], "model_config": lambda: w.ctx["config"], "schema_changes_dict": lambda: {"schema_changed": True, "source_not_in_target": o([[], w.columns("x")]), "target_not_in_source": o([[], w.columns("y")]),
            "new_target_types": o([[], [{"column_name": "a", "new_type": "bigint"}]]), "source_columns": w.columns("x"), "target_columns": w.columns("y")},
        "strategy": lambda: Bag(unique_key=o(["id", ["id", "b"]]), updated_at="upd", row_changed="(a <> b)", scd_id="md5(x)", hard_deletes=o(["ignore", "invalidate", "new_record"]), invalidate_hard_deletes=False) if "incremental_sql" not in macro else o(["append", "merge", "insert_overwrite", "microbatch", "odd"]),
        "arg_dict": lambda: {"target_relation": w.relation("tgt"), "temp_relation": w.relation("tmp"), "unique_key": o([None, "id", ["id", "b"]]), "dest_columns": w.columns("d"), "incremental_predicates": o([None, ["a > 1", "DBT_INTERNAL_DEST.x = 1"]])},
        "args_dict": lambda: {"target_relation": w.relation("tgt"), "temp_relation": w.relation("tmp"), "unique_key": o([None, "id", ["id", "b"]]), "dest_columns": w.columns("d"), "incremental_predicates": o([None, ["a > 1"]])},
        "column_dict": lambda: dict(w.model["columns"]), "model_columns": lambda: dict(w.model["columns"]), "relations": lambda: [w.relation("r1"), w.relation("r2")][: o([1, 2])],
        "information_schema": lambda: w.relation("x").information_schema("tables"), "configuration_changes": lambda: Bag(requires_full_refresh=o([True, False]), indexes=[Bag(action=o(["drop", "create"]), context=Bag(name="ix", as_node_config={"columns": ["a"]}))], autorefresh=o([None, Bag(context=True), Bag(context=False)])),
        "get_dcl_macro": lambda: w.names["get_grant_sql"], "dcl_statement_list": lambda: o([[], ["grant x", "revoke y"]]), "insert_cols": lambda: o([["a"], ['"a"', '"b"']]), "index_changes": lambda: [Bag(action="drop", context=Bag(name="ix")), Bag(action=o(["create", "odd"]), context=Bag(name="iy", as_node_config={"columns": ["a"]}))],
        "pre_hooks": lambda: w.hooks(), "post_hooks": lambda: w.hooks(), "new_config": lambda: w.ctx["config"], "errors": lambda: [], "base_configuration_fields": lambda: {"merge_update_condition": w.values["merge_update_condition"], "merge_insert_condition": w.values["merge_insert_condition"], "merge_update_set_expressions": w.values["merge_update_set_expressions"], "merge_on_using_columns": w.values["merge_on_using_columns"],
            "merge_update_columns": w.values["merge_update_columns"], "merge_exclude_columns": w.values["merge_exclude_columns"]},
        "merge_clauses": lambda: w.values["merge_clauses"] or o([{}, "odd", {"when_matched": "odd"}, {"when_matched": []}, {"odd": []}, {"when_matched": [{"action": "odd"}]}, {"when_not_matched": [{"action": "insert", "mode": "odd"}]}]), "constraints": lambda: [Bag(type="check", expression="a > 1", name=o([None, "ck"])), Bag(type="unique")],
        "col": lambda: w.columns("x")[0] if "update_statement" in macro else "a", "ns": lambda: Namespace(is_bucketed=False, bucket_numbers=[], bucket_conditions={}, bucket_column=None), "table": lambda: Table(2), "dropped": lambda: [], "column": lambda: w.columns("x")[0],
    }
    if name in special:
        return special[name]()
    return name + "_arg"
