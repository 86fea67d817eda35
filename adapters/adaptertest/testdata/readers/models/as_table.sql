{{ config(materialized='table') }}
{{ rows() }}
