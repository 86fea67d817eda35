{{ config(materialized='table', table_type='iceberg', format='orc',
    table_properties={'vacuum_min_snapshots_to_keep': '3', 'optimize_rewrite_delete_file_threshold': '2'}) }}
select * from {{ ref('animals') }}
