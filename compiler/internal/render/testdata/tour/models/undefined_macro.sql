{% if execute %}select 1 as a{% else %}{{ no_such_macro(1).x['y'] }} {{ no_pkg.m() }}{% endif %}
