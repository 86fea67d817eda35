{{ config(materialized='view' if var('run') | int % 2 else 'table') }}
{{ rows() }}
