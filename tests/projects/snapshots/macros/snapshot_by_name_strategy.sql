{% macro snapshot_by_name_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% set key = config.get('unique_key') %}
  {% set changed = config.get('updated_at') %}
  {% do return({
    'unique_key': key, 'updated_at': changed,
    'row_changed': '(' ~ snapshotted_rel ~ '.name <> ' ~ current_rel ~ '.name)',
    'scd_id': snapshot_hash_arguments([key, 'name', changed]),
    'hard_deletes': 'ignore'}) %}
{% endmacro %}
