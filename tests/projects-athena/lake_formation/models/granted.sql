{{ config(materialized='table', table_type='iceberg',
    lf_grants={'data_cell_filters': {'enabled': true, 'filters': {'ants': {'row_filter': "name = 'ant'", 'principals': ['arn:aws:iam::123456789012:role/analytics'], 'column_names': ['id', 'name']}}}}) }}
select * from {{ ref('animals') }}
