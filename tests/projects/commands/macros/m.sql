{% test has_rows(model) %}
select 1 from (select count(*) as n from {{ model }}) t where n = 0
{% endtest %}
{% macro note(name) %}{% do log("noted " ~ name, info=true) %}{% do run_query("create table if not exists noted as select '" ~ name ~ "' as name") %}{% endmacro %}
{% macro fails() %}{% do exceptions.raise_compiler_error("on purpose") %}{% endmacro %}
