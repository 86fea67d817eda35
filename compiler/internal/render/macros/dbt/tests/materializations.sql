{# How a test runs. These two are whole, because packages wrap them: they call materialization_test_default and look at what it
   left behind. #}
{% materialization test, default %}
  {%- set header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS else none -%}
  {%- set relations = [] -%}
  {%- set query %}{{ get_limit_subquery_sql(sql, config.get('limit')) }}{% endset -%}
  {%- if should_store_failures() -%}
    {%- set old = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
    {%- set type = config.get('store_failures_as') -%}
    {%- set type = 'table' if type == none else type -%}
    {%- if type not in ['table', 'view'] -%}
      {%- do exceptions.raise_compiler_error("'" ~ type ~ "' is not a valid value for `store_failures_as`. Accepted values are: ['ephemeral', 'table', 'view']") -%}
    {%- endif -%}
    {%- set failures = api.Relation.create(identifier=model['alias'], schema=schema, database=database, type=type) -%}
    {%- if old -%}
      {%- do adapter.drop_relation(old) -%}
    {%- endif -%}
    {%- call statement(auto_begin=True) %}{{ header or '' }} {{ get_create_sql(failures, query) }}{% endcall -%}
    {%- do relations.append(failures) -%}
    {%- do adapter.commit() -%}
    {%- set query = 'select * from ' ~ failures -%}
  {%- endif -%}
  {%- call statement('main', fetch_result=True) %}
    {{ header or '' }}
    {{ get_test_sql(query, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
  {% endcall -%}
  {{ return({'relations': relations}) }}
{% endmaterialization %}

{# The model's columns and types are read from an empty temporary table made of its query. #}
{% materialization unit, default %}
  {%- set header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS else none -%}
  {%- set rows, expected = config.get('expected_rows'), config.get('expected_sql') -%}
  {%- set names = rows[0].keys() if rows | length else get_columns_in_query(sql) -%}
  {%- set probe = make_temp_relation(this.incorporate(type='table')) -%}
  {%- do run_query(get_create_table_as_sql(True, probe, get_empty_subquery_sql(sql))) -%}
  {%- set types, quoted, columns = {}, {}, [] -%}
  {%- for column in adapter.get_columns_in_relation(probe) -%}
    {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- do quoted.update({column.name | lower: column.quoted}) -%}
  {%- endfor -%}
  {%- for name in names -%}
    {%- do columns.append(quoted[name | lower]) -%}
  {%- endfor -%}
  {%- set comparison = get_unit_test_sql(sql, expected or get_expected_sql(rows, types, quoted), columns) -%}
  {%- call statement('main', fetch_result=True) %}{{ header or '' }} {{ comparison }}{% endcall -%}
  {%- do adapter.drop_relation(probe) -%}
  {{ return({'relations': []}) }}
{% endmaterialization %}
