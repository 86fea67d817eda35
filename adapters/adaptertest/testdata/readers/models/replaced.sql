{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['id', 'part']) }}
{{ rows() }}
