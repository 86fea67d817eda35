{{ config(materialized='view' if var('run') | int % 3 == 0 else 'incremental', incremental_strategy='delete+insert', unique_key='id') }}
{{ rows() }}
