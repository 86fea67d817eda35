{# Python models in DuckDB: whatever DuckDB can read becomes a table. #}
{% macro py_write_table(temporary, relation, compiled_code, partitioned_by=none, sorted_by=none) %}
{{ compiled_code }}


def materialize(df, con):
    try:
        import pyarrow
        if isinstance(df, pyarrow.Table):
            import pyarrow.dataset  # without it DuckDB cannot scan an Arrow table
    except ImportError:
        pass
    name = '__dbt_python_model_df_{{ relation.identifier }}'
    con.register(name, df)
    {%- if partitioned_by or sorted_by %}
    con.execute('create table {{ relation }} as select * from ' + name + ' limit 0')
    {%- if partitioned_by %}
    con.execute('alter table {{ relation }} set partitioned by ({{ partitioned_by }})')
    {%- endif %}
    {%- if sorted_by %}
    con.execute('alter table {{ relation }} set sorted by ({{ sorted_by }})')
    {%- endif %}
    con.execute('insert into {{ relation }} select * from ' + name)
    {%- else %}
    con.execute('create table {{ relation }} as select * from ' + name)
    {%- endif %}
    con.unregister(name)
{% endmacro %}
