{# CREATE TABLE AS in Athena: where the files go, what the table's properties are, and what to do when there are more partitions
   than one statement may write. #}
{% macro create_table_as(temporary, relation, compiled_code, language='sql', skip_partitioning=false) -%}
  {{ adapter.dispatch('create_table_as', 'athena')(temporary, relation, compiled_code, language, skip_partitioning) }}
{%- endmacro %}

{% macro athena__create_table_as(temporary, relation, compiled_code, language='sql', skip_partitioning=false) -%}
  {%- do log('Skip partitioning: ' ~ skip_partitioning) -%}
  {%- set partitions = config.get('partitioned_by', default=none) if not skip_partitioning else none -%}
  {%- set buckets, bucket_count = config.get('bucketed_by', default=none), config.get('bucket_count', default=none) -%}
  {%- set delimiter, compression = config.get('field_delimiter', default=none), config.get('write_compression', default=none) -%}
  {%- set properties, fixed_location = config.get('table_properties', default=none), config.get('external_location', default=none) -%}
  {%- set home = adapter.build_catalog_relation(config.model) -%}
  {%- set type = resolve_table_type() -%}
  {%- set iceberg = type == 'iceberg' -%}
  {%- set managed = home is not none and home.catalog_type == 's3_tables' -%}
  {%- set format = config.get('format', default=none) or (home.file_format if home is not none else none) or 'parquet' -%}
  {%- if not managed -%}
    {%- set volume = home.external_volume if home is not none else none -%}
    {%- set data_dir = config.get('s3_data_dir', default=none) or volume or target.s3_data_dir -%}
    {%- set naming = config.get('s3_data_naming', default=target.s3_data_naming) -%}
    {%- set temporary_dir = config.get('s3_tmp_table_dir', default=target.s3_tmp_table_dir) -%}
    {%- set enforced = adapter.is_work_group_output_location_enforced() -%}
    {%- set location = adapter.generate_s3_location(relation, data_dir, naming, temporary_dir, fixed_location, temporary) -%}
  {%- endif -%}
  {%- if config.get('contract').enforced -%}
    {{ get_assert_columns_equivalent(compiled_code) }}
  {%- endif -%}
  {%- if managed -%}
  {%- elif iceberg and config.get('native_drop', default=false) -%}
    {%- do log('Config native_drop enabled, skipping direct S3 delete') -%}
  {%- else -%}
    {%- do adapter.delete_from_s3(location) -%}
  {%- endif -%}

  {%- if language == 'python' -%}
    {%- if managed -%}
      {%- do exceptions.raise_compiler_error('Python models are not supported for S3 Tables catalogs. S3 Tables manages its own\nstorage and rejects the explicit location required by the Spark writer. Use a SQL\nmodel instead.') -%}
    {%- endif -%}
    {%- set head = '' -%}
    {%- if iceberg -%}
      {%- set pairs = [] -%}
      {%- for name, value in (properties or {}).items() -%}
        {%- do pairs.append("'" ~ name ~ "'='" ~ value ~ "'") -%}
      {%- endfor -%}
      {%- set head -%}
        create table {{ relation.schema | replace('\"', '`') }}.{{ relation.identifier | replace('\"', '`') }}
        using iceberg
        location '{{ location }}/'
        {% if partitions is not none %}partitioned by ({{ partitions | join(',') }}){% endif %}
        {% if properties is not none %}tblproperties({{ pairs | join(',') }}){% endif %}
        as
      {%- endset -%}
    {%- endif -%}
    {{ athena__py_save_table_as(compiled_code, relation, optional_args={
      'location': location, 'format': format, 'mode': 'overwrite', 'partitioned_by': partitions, 'bucketed_by': buckets,
      'write_compression': compression, 'bucket_count': bucket_count, 'field_delimiter': delimiter, 'spark_ctas': head,
    }) }}
  {%- else -%}
    {%- if iceberg -%}
      {%- if buckets is not none or bucket_count is not none -%}
        {%- do log('bucketed_by or bucket_count cannot be used with Iceberg tables. You have to use the bucket function\nwhen partitioning. Will be ignored') -%}
        {%- set buckets, bucket_count = none, none -%}
      {%- endif -%}
      {%- if not managed and config.get('materialized', default='table') == 'table' and (fixed_location is not none or 'unique' not in naming) -%}
        {%- do exceptions.raise_compiler_error('You need to have an unique table location when creating Iceberg table since we use the RENAME feature\nto have near-zero downtime.') -%}
      {%- endif -%}
    {%- endif -%}
    {%- set settings = ["table_type='" ~ type ~ "'", 'is_external=' ~ ('false' if iceberg else 'true')] -%}
    {%- if not managed and (iceberg or not enforced) -%}
      {%- do settings.append(('location' if iceberg else 'external_location') ~ "='" ~ location ~ "'") -%}
    {%- endif -%}
    {%- if partitions is not none -%}
      {%- do settings.append(('partitioning' if iceberg else 'partitioned_by') ~ '=ARRAY' ~ partitions | tojson | replace('\"', "'")) -%}
    {%- endif -%}
    {%- if buckets is not none -%}
      {%- do settings.append('bucketed_by=ARRAY' ~ buckets | tojson | replace('\"', "'")) -%}
    {%- endif -%}
    {%- if bucket_count is not none -%}
      {%- do settings.append('bucket_count=' ~ bucket_count) -%}
    {%- endif -%}
    {%- if delimiter is not none -%}
      {%- do settings.append("field_delimiter='" ~ delimiter ~ "'") -%}
    {%- endif -%}
    {%- if compression is not none -%}
      {%- do settings.append("write_compression='" ~ compression ~ "'") -%}
    {%- endif -%}
    {%- do settings.append("format='" ~ format ~ "'") -%}
    {%- for name, value in (properties or {}).items() -%}
      {%- do settings.append(name ~ '=' ~ value) -%}
    {%- endfor %}
    create table {{ relation }}
    with (
      {{ settings | join(',\n      ') }}
    )
    as
    {{ compiled_code }}
  {%- endif -%}
{%- endmacro %}

{# What a node calls: one statement if that goes, else batches. #}
{% macro safe_create_table_as(temporary, relation, compiled_code, language='sql', force_batch=False) -%}
  {%- if language != 'sql' -%}
    {{ return(create_table_as(temporary, relation, compiled_code, language)) }}
  {%- elif force_batch -%}
    {%- do create_table_as_with_partitions(temporary, relation, compiled_code, language) -%}
    {{ return(compiled_code_result) }}
  {%- elif temporary -%}
    {%- do run_query(create_table_as(temporary, relation, compiled_code, language, true)) -%}
    {{ return(relation ~ ' as temporary relation without partitioning created') }}
  {%- endif -%}
  {%- set outcome = adapter.run_query_with_partitions_limit_catching(create_table_as(temporary, relation, compiled_code)) -%}
  {%- do log('COMPILED CODE RESULT: ' ~ outcome) -%}
  {%- if outcome != 'TOO_MANY_OPEN_PARTITIONS' -%}
    {{ return(outcome) }}
  {%- endif -%}
  {%- do create_table_as_with_partitions(temporary, relation, compiled_code, language) -%}
  {{ return(relation ~ ' with many partitions created') }}
{%- endmacro %}

{# A staging table without partitions, of which the target is created and filled batch by batch. #}
{% macro create_table_as_with_partitions(temporary, relation, compiled_code, language='sql') -%}
  {%- set name = relation.identifier ~ '__tmp_not_partitioned' -%}
  {%- set staged = api.Relation.create(identifier=name, schema=relation.schema, database=relation.database, s3_path_table_part=name, type='table') -%}
  {%- do drop_relation(staged) -%}
  {%- do log('CREATE NON-PARTITIONED STAGING TABLE: ' ~ staged) -%}
  {%- do run_query(create_table_as(temporary, staged, compiled_code, language, true)) -%}
  {%- set batches = get_partition_batches(sql=staged, as_subquery=False) -%}
  {%- do log('BATCHES TO PROCESS: ' ~ batches | length) -%}
  {%- set columns = adapter.get_columns_in_relation(staged) | map(attribute='quoted') | join(', ') -%}
  {%- for batch in batches -%}
    {%- do log('BATCH PROCESSING: ' ~ loop.index ~ ' OF ' ~ batches | length) -%}
    {%- set rows = 'select ' ~ columns ~ '\nfrom ' ~ staged ~ '\nwhere ' ~ batch -%}
    {%- do run_query(create_table_as(temporary, relation, rows, language) if loop.first else 'insert into ' ~ relation ~ ' (' ~ columns ~ ')\n' ~ rows) -%}
  {%- endfor -%}
  {%- do drop_relation(staged) -%}
  select 'SUCCESSFULLY CREATED TABLE {{ relation }}'
{%- endmacro %}
