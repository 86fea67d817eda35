{{ config(materialized='external', options={'partition_by': 'part', 'overwrite_or_ignore': true}) }}
select range as id, range % 2 as part from range(4)
