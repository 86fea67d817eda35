{{ config(materialized='view') }}
{{ rows() }}
