{{ config(materialized='table', partitioned_by=['day']) }}
{{ rows() }}
