{# Batches: conditions, each of which holds for at most as many partitions as one statement may write. #}

{# A value of a bucketed column goes to the list of its bucket. #}
{% macro process_bucket_column(col, partition_key, table, ns, col_index) -%}
  {%- set bucket = modules.re.search('bucket\((.+?),\s*(\d+)\)', partition_key) -%}
  {%- if bucket -%}
    {%- set ns.is_bucketed, ns.bucket_column = true, bucket[1] -%}
    {%- set number = adapter.murmur3_hash(col, bucket[2] | int) -%}
    {%- set value, operator = adapter.format_value_for_partition(col, adapter.convert_type(table, col_index)) -%}
    {%- if number not in ns.bucket_numbers -%}
      {%- do ns.bucket_numbers.append(number) -%}
      {%- do ns.bucket_conditions.update({number: [value]}) -%}
    {%- elif value not in ns.bucket_conditions[number] -%}
      {%- do ns.bucket_conditions[number].append(value) -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{# With buckets, a batch is a number of buckets times a number of partitions, and the limit holds for the product. #}
{% macro get_partition_batches(sql, as_subquery=True) -%}
  {%- set keys = config.get('partitioned_by') -%}
  {%- set limit = [1, config.get('partitions_limit', 100) | int] | max -%}
  {%- set key_list = adapter.format_partition_keys(keys) -%}
  {%- do log('PARTITIONED KEYS: ' ~ key_list) -%}
  {%- call statement('get_partitions', fetch_result=True) %}select distinct {{ key_list }} from {% if as_subquery %}({{ sql }}){% else %}{{ sql }}{% endif %} order by {{ key_list }};{% endcall -%}
  {%- set table = load_result('get_partitions').table -%}
  {%- set ns = namespace(partitions=[], bucket_conditions={}, bucket_numbers=[], bucket_column=None, is_bucketed=false) -%}
  {%- for row in table.rows -%}
    {%- set conditions = [] -%}
    {%- for value, key in zip(row, keys) -%}
      {%- do process_bucket_column(value, key, table, ns, loop.index0) -%}
      {%- if not modules.re.search('bucket\((.+?),\s*(\d+)\)', key) -%}
        {%- set literal, operator = adapter.format_value_for_partition(value, adapter.convert_type(table, loop.index0)) -%}
        {%- do conditions.append(adapter.format_one_partition_key(keys[loop.index0]) ~ operator ~ literal) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- set condition = conditions | join(' and ') -%}
    {%- if condition not in ns.partitions -%}
      {%- do ns.partitions.append(condition) -%}
    {%- endif -%}
  {%- endfor -%}

  {%- set partitions, batches = ns.partitions | select | list, [] -%}
  {%- if not ns.is_bucketed -%}
    {%- for group in partitions | batch(limit) -%}
      {%- do batches.append(group | join(' or ')) -%}
    {%- endfor -%}
  {%- else -%}
    {%- set together = [partitions | length, limit] | min -%}
    {%- set buckets_together = [1, (limit / together) | int] | max if together else limit -%}
    {%- set groups = [] -%}
    {%- for group in partitions | batch(together) if together -%}
      {%- do groups.append('(' ~ group | join(' or ') ~ ') and ') -%}
    {%- endfor -%}
    {%- for numbers in ns.bucket_numbers | batch(buckets_together) -%}
      {%- set values = [] -%}
      {%- for number in numbers -%}
        {%- do values.extend(ns.bucket_conditions[number]) -%}
      {%- endfor -%}
      {%- for some in values | batch(limit) -%}
        {%- for group in groups or [''] -%}
          {%- do batches.append(group ~ ns.bucket_column ~ ' IN (' ~ some | join(', ') ~ ')') -%}
        {%- endfor -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {%- do log('TOTAL PARTITIONS TO PROCESS: ' ~ batches | length) -%}
  {{ return(batches) }}
{%- endmacro %}

{# Takes away the files of the partitions that new rows fall into. #}
{% macro delete_overlapping_partitions(target_relation, tmp_relation, partitioned_by) -%}
  {%- set key_list = partitioned_by | tojson | replace('\"', '') | replace('[', '') | replace(']', '') -%}
  {%- call statement('get_partitions', fetch_result=True) %}select distinct {{ key_list }} from {{ tmp_relation }};{% endcall -%}
  {%- set table = load_result('get_partitions').table -%}
  {%- set partitions = [] -%}
  {%- for row in table.rows -%}
    {%- set conditions = [] -%}
    {%- for value in row -%}
      {%- set type = adapter.convert_type(table, loop.index0) -%}
      {%- if type == 'integer' or type is none -%}
        {%- set literal = value | string -%}
      {%- elif type in ['string', 'date', 'timestamp'] -%}
        {%- set literal = "'" ~ value ~ "'" -%}
      {%- else -%}
        {%- do exceptions.raise_compiler_error('Need to add support for column type ' ~ type) -%}
      {%- endif -%}
      {%- do conditions.append(partitioned_by[loop.index0] ~ '=' ~ literal) -%}
    {%- endfor -%}
    {%- do partitions.append(conditions | join(' and ')) -%}
  {%- endfor -%}
  {%- do adapter.clean_up_partitions(target_relation, partitions) -%}
{%- endmacro %}
{% macro remove_partitions_from_columns(columns_with_partitions, partition_keys) -%}
  {{ return(columns_with_partitions | rejectattr('name', 'in', partition_keys) | list) }}
{%- endmacro %}
