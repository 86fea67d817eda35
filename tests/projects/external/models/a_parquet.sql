{{ config(materialized='external') }}
select range as id, 'n' || range as name from range(5)
