{% macro note(what) %}insert into main.runs values ('{{ what }}', 1){% endmacro %}
