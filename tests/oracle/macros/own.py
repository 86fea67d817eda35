"""Macros whose text is not compared, with the reason. Their names, arguments and results are dbt's; the text is our own."""
PYTHON = "Python that runs around a model: same names and behaviour, own words"
QUERY = "a query of the engine's own catalog: same columns, own words"
OWN = {name: PYTHON for name in ("build_ref_function", "build_source_function", "build_config_dict", "py_script_postfix", "py_script_comment", "py_write_table")}
# Comments inside a statement that only the engine sees are not compared, but for these, whose text becomes part of what a model
# or a test compiles to.
COMMENTS_COUNT = r"last_day|datediff|dateadd|split_part|get_fixture_sql|get_expected_sql|date_spine|generate_series|get_csv_sql|test_"
