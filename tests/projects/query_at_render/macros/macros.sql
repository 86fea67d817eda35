{% macro highest(model, column) %}{% if execute %}{{ run_query('select max(' ~ column ~ ') from ' ~ ref(model)).columns[0].values()[0] }}{% else %}0{% endif %}{% endmacro %}
