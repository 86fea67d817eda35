{% macro hook_of_macro(rel) %}insert into main.log (what) values ('macro {{ rel.identifier }} {{ model.name }} {{ execute }}'){% endmacro %}
{% macro note() %}{% do run_query("insert into main.log (what) values ('operation')") %}{% endmacro %}
