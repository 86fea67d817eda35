{{ config(materialized='incremental', alias='Größe "quoted"'.replace('"', ''), unique_key='"group"', on_schema_change='append_new_columns') }}
select "group", "größe" as "GRÖSSE 日本", "a b" as "When?" from {{ ref('blank') }}
