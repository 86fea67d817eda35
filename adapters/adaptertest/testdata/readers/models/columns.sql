{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id', on_schema_change='append_new_columns') }}
select r.*{% if var('run') | int > 9 %}, part as more{% endif %} from ({{ rows() }}) as r
