{{ config(materialized='table', table_type='hive', partitioned_by=['day'], meta={'weft_publish': 'weak'}) }}
select id, part, amount, run, day from ({{ rows() }}) as r
