{# Seeds in Athena: the file goes to S3 as it is, a table of strings reads it there, and the seed's table is made of that. #}
{% macro athena__create_csv_table(model, agate_table) -%}
  {%- set by_insert = config.get('seed_by_insert', False) | as_bool -%}
  {%- do log('seed by insert...' if by_insert else 'seed by upload...') -%}
  {{ return(create_csv_table_insert(model, agate_table) if by_insert else create_csv_table_upload(model, agate_table)) }}
{%- endmacro %}
{% macro athena__load_csv_rows(model, agate_table) -%}
  {%- if config.get('seed_by_insert', False) | as_bool -%} {{ default__load_csv_rows(model, agate_table) }} {%- else -%} select 1 {%- endif -%}
{%- endmacro %}
{# Nothing can be truncated: the table is created anew. #}
{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- do drop_relation(old_relation) -%}
  {{ return(create_csv_table(model, agate_table)) }}
{%- endmacro %}

{% macro create_csv_table_insert(model, agate_table) -%}
  {%- set tags, grants = config.get('lf_tags_config'), config.get('lf_grants') -%}
  {%- set types, how = config.get('column_types', {}), config.get('quote_columns') -%}
  {%- set table = api.Relation.create(identifier=model['alias'], schema=model.schema, database=model.database, type='table') -%}
  {%- set location = adapter.generate_s3_location(table, config.get('s3_data_dir', target.s3_data_dir), config.get('s3_data_naming', target.s3_data_naming),
      config.get('s3_tmp_table_dir', default=target.s3_tmp_table_dir), config.get('external_location'), temporary) -%}
  {%- call statement('_') %}
    create external table {{ table.render_hive() }} (
      {% for name in agate_table.column_names -%}
        {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
        {{ adapter.quote_seed_column(name | string, how, '`') }} {{ ddl_data_type('varchar' if type == 'string' else type) }}{{ ', ' if not loop.last }}
      {%- endfor %}
    )
    location '{{ location }}'
  {% endcall -%}
  {%- if tags is not none -%} {{ adapter.add_lf_tags(table, tags) }} {%- endif -%}
  {%- if grants is not none -%} {{ adapter.apply_lf_grants(table, grants) }} {%- endif -%}
  {{ return(sql) }}
{%- endmacro %}

{% macro create_csv_table_upload(model, agate_table) -%}
  {%- set tags, grants = config.get('lf_tags_config'), config.get('lf_grants') -%}
  {%- set types, how = config.get('column_types', {}), config.get('quote_columns', None) -%}
  {%- set raw = api.Relation.create(identifier=model['alias'] ~ '__dbt_tmp', schema=model.schema, database=model.database, type='table') -%}
  {%- set table = api.Relation.create(identifier=model['alias'], schema=model.schema, database=model.database, type='table') -%}
  {%- set file = adapter.upload_seed_to_s3(raw, agate_table, config.get('s3_data_dir', default=target.s3_data_dir), config.get('s3_data_naming', target.s3_data_naming),
      config.get('external_location', default=none), seed_s3_upload_args=config.get('seed_s3_upload_args', default=target.seed_s3_upload_args)) -%}
  {%- do drop_relation(raw) -%}
  {%- set query %}
    select
    {% for name in agate_table.column_names -%}
      {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
      {%- set column = adapter.quote_seed_column(name | string, how) -%}
      {%- if type == 'timestamp' -%}
        {{ try_cast_timestamp(column) }}
      {%- else -%}
        cast(nullif({{ column }}, '') as {{ 'varchar' if type == 'string' else type }}) as {{ column }}
      {%- endif -%}
      {{ ', ' if not loop.last }}
    {%- endfor %}
    from {{ raw }}
  {% endset -%}
  {%- call statement('_') %}
    create external table {{ raw.render_hive() }} (
      {% for name in agate_table.column_names %}{{ adapter.quote_seed_column(name | string, how, '`') }} string{{ ', ' if not loop.last }}{% endfor %}
    )
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location '{{ file }}'
    tblproperties ( 'skip.header.line.count'='1' )
  {% endcall -%}
  {%- set create = create_table_as(false, table, query) -%}
  {%- call statement('_') %}{{ create }}{% endcall -%}
  {%- do drop_relation(raw) -%}
  {%- do adapter.delete_from_s3(file) -%}
  {%- if tags is not none -%} {{ adapter.add_lf_tags(table, tags) }} {%- endif -%}
  {%- if grants is not none -%} {{ adapter.apply_lf_grants(table, grants) }} {%- endif -%}
  {{ return(create) }}
{%- endmacro %}

{# A time may be written in many ways; the first that reads it counts. #}
{% macro try_cast_timestamp(col) -%}
  {%- set dates = ['%Y-%m-%d', '%Y/%m/%d', '%d %M %Y', '%d/%m/%Y'] -%}
  {%- set formats = [] -%}
  {%- for date in dates + ['%d-%m-%Y'] -%}
    {%- do formats.append(date ~ ' %H:%i:%s') -%}
  {%- endfor -%}
  {%- for date in dates -%}
    {%- do formats.append(date ~ ' %H:%i:%s.%f') -%}
  {%- endfor -%}
  {%- for end in ['.%fZ', 'Z', ''] -%}
    {%- do formats.append('%Y-%m-%dT%H:%i:%s' ~ end) -%}
  {%- endfor -%}
  coalesce( {% for format in formats %}try(date_parse({{ col }}, '{{ format }}')){{ ', ' if not loop.last }}{% endfor %} ) as {{ col }}
{%- endmacro %}
