"""Macros whose text is not compared, with the reason. Their names, arguments and results are dbt's; the text is our own."""
PYTHON = "Python that runs around a model: same names and behaviour, own words"
QUERY = "a query of the engine's own catalog: same columns, own words"
OWN = {name: PYTHON for name in ("build_ref_function", "build_source_function", "build_config_dict", "py_script_postfix", "py_script_comment", "py_write_table", "athena__py_save_table_as", "athena__py_execute_query",
                                "athena__py_get_spark_dbt_object")}
# Comments inside a statement that only the engine sees are not compared, but for these, whose text becomes part of what a model
# or a test compiles to.
COMMENTS_COUNT = r"last_day|datediff|dateadd|split_part|get_fixture_sql|get_expected_sql|date_spine|generate_series|get_csv_sql|test_"
OWN |= {name: QUERY for name in """
    postgres__get_show_indexes_sql postgres__get_catalog_relations postgres__get_relations redshift__get_columns_in_relation_legacy redshift__get_relations
    redshift__get_relation_last_modified redshift__describe_materialized_view redshift__get_late_binding_sql redshift__get_early_binding_sql redshift__get_table_owners_sql
    redshift__get_extended_catalog_sql _redshift__get_base_catalog_by_relation _redshift__get_base_catalog_by_schema _redshift__get_early_binding_by_relation_sql
    _redshift__get_early_binding_by_schema_sql redshift__no_svv_table_info_warning duckdb__get_catalog duckdb__get_catalog_relations duckdb__get_catalog_tables_sql
    duckdb__get_catalog_columns_sql duckdb__get_catalog_results_sql drop_foreign_key_dependents""".split()}
