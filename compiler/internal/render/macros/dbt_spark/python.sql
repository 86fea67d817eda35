{# Python models on Spark: the model's frame, of whatever library, is written as a table. #}
{% macro py_write_table(compiled_code, target_relation) %}
{{ compiled_code }}

# What follows turns the model's result into a Spark frame and stores it.
import importlib
import pyspark

dbt = dbtObj(spark.table)
df = model(dbt, spark)


def frame_class(module, name="frame.DataFrame"):
    """A data frame class, or an empty class where its library is not installed."""
    try:
        found = importlib.import_module(module)
    except ImportError:
        return type("missing", (), {})
    for part in name.split("."):
        found = getattr(found, part)
    return found


pandas_frame = frame_class("pandas", "core.frame.DataFrame")
on_spark = [frame_class("pyspark.pandas"), frame_class("databricks.koalas")]
if isinstance(df, pandas_frame):
    # a frame on Spark converts better than one in memory
    preferred = next((c for c in on_spark if c.__name__ != "missing"), None)
    df = preferred(df) if preferred else spark.createDataFrame(df)
if isinstance(df, tuple(on_spark)):
    df = df.to_spark()
if not isinstance(df, pyspark.sql.dataframe.DataFrame):
    raise Exception(f"{type(df)} is not a supported type for dbt Python materialization")

df.write.mode("overwrite").format("{{ config.get('file_format', 'delta') }}").option("overwriteSchema", "true").saveAsTable("{{ target_relation }}")
{%- endmacro %}
{% macro py_script_comment() %}
# in a notebook:
# dbt = dbtObj(spark.table)
# df = model(dbt, spark)
{% endmacro %}
