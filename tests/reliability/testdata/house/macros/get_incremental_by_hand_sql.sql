{% macro get_incremental_by_hand_sql(arg_dict) %}
  delete from {{ arg_dict['target_relation'] }} where id in (select id from {{ arg_dict['temp_relation'] }});
  insert into {{ arg_dict['target_relation'] }} select * from {{ arg_dict['temp_relation'] }};
{% endmacro %}
