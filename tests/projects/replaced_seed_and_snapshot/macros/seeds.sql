{% macro duckdb__load_csv_rows(model, agate_table) %}
  {% set sql %}
    insert into {{ this.render() }} ({{ agate_table.column_names | join(', ') }}) values
    {% for row in agate_table.rows %}
    ({% for cell in row %}{% if cell is none %}null{% else %}'{{ cell }}'{% endif %}{% if not loop.last %}, {% endif %}{% endfor %}){% if not loop.last %},{% endif %}
    {% endfor %}
  {% endset %}
  {% do adapter.add_query(sql, auto_begin=False) %}
  {{ return(sql) }}
{% endmacro %}

