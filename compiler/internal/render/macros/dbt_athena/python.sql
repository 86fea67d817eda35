{# Python models on Athena for Spark. #}
{% macro athena__py_get_spark_dbt_object() %}
def get_spark_df(identifier):
    # Spark's own catalog knows schema and table only: the catalog's name goes.
    return spark.table(".".join(identifier.split(".")[1:]).replace('"', ''))


class SparkdbtObj(dbtObj):
    def __init__(self):
        super().__init__(load_df_function=get_spark_df)
        self.source = lambda *args: source(*args, dbt_load_df_function=get_spark_df)
        self.ref = lambda *args: ref(*args, dbt_load_df_function=get_spark_df)
{% endmacro %}
{% macro athena__py_execute_query(query) %}
{{ athena__py_get_spark_dbt_object() }}

dbt = SparkdbtObj()
spark.sql("""{{ query }}""")
{% endmacro %}

{% macro athena__py_save_table_as(compiled_code, target_relation, optional_args={}) -%}
  {%- set name = target_relation.schema ~ '.' ~ target_relation.identifier -%}
  {%- set create = optional_args.get('spark_ctas', '') %}
import pandas
import pyspark

{{ compiled_code }}
{{ athena__py_get_spark_dbt_object() }}


def materialize(spark_session, df):
    if isinstance(df, pandas.core.frame.DataFrame):
        df = spark_session.createDataFrame(df)
    if not isinstance(df, pyspark.sql.dataframe.DataFrame):
        raise Exception(f"{type(df)} is not a supported type for dbt Python materialization")
    {%- if create %}
    df.createOrReplaceTempView("{{ name | replace('.', '_') }}_tmpvw")
    spark_session.sql("""{{ create }} select * from {{ name | replace('.', '_') }}_tmpvw""")
    {%- else %}
    writer = df.write.format("{{ optional_args.get('format', 'parquet') }}").mode("{{ optional_args.get('mode', 'overwrite') }}")
    writer = writer.option("path", "{{ optional_args.get('location') }}")
    writer = writer.option("compression", "{{ optional_args.get('write_compression', 'snappy') }}")
    writer = writer.option("mergeSchema", "{{ optional_args.get('merge_schema', true) }}")
    writer = writer.option("delimiter", "{{ optional_args.get('field_delimiter') }}")
    {%- if optional_args.get('partitioned_by') is not none %}
    writer = writer.partitionBy({{ optional_args.get('partitioned_by') }})
    {%- endif %}
    {%- if optional_args.get('bucketed_by') is not none %}
    writer = writer.bucketBy({{ optional_args.get('bucket_count') }}, {{ optional_args.get('bucketed_by') }})
    {%- endif %}
    {%- if optional_args.get('sorted_by') is not none %}
    writer = writer.sortBy({{ optional_args.get('sorted_by') }})
    {%- endif %}
    writer.saveAsTable(name="{{ name }}")
    {%- endif %}
    return "Success: {{ name }}"


dbt = SparkdbtObj()
materialize(spark, model(dbt, spark))
{%- endmacro %}
