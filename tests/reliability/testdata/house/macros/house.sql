{# The columns of every relation. A column that does not exist stands in the model that is to be broken. #}
{% macro row_columns(also='') -%}
  id, part, happened, amount, run{{ also }}{% if var('broken') == this.name %}, no_such_column{% endif %}
{%- endmacro %}

{# A value that fails only when its row is reached, when part of the result has been made. #}
{% macro late_failure() -%}
  {% if var('broken') == this.name ~ '_late' %}case when id = 470 then error('too late') else amount end{% else %}amount{% endif %}
{%- endmacro %}
