{# Python models: the script around what the author wrote. #}
{% macro resolve_model_name(input_model_name) %}{{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}{% endmacro %}
{% macro default__resolve_model_name(input_model_name) %}{{ input_model_name | string | replace('"', '\"') }}{% endmacro %}
{% macro py_script_comment() %}{% endmacro %}

{# ref() and source() of the script look names up in a table that is made here. #}
{% macro build_ref_function(model) -%}
  {%- set relations = {} -%}
  {%- for wanted in model.refs -%}
    {%- set path = [wanted['package'], wanted['name']] if wanted.get('package') else [wanted['name']] -%}
    {%- set relation = ref(*path, v=wanted.get('version')) -%}
    {%- if relation.render is defined and relation.render is callable -%}
      {%- set relation = relation.render() -%}
    {%- endif -%}
    {%- if wanted.get('version') -%}
      {%- do path.append('v' ~ wanted['version']) -%}
    {%- endif -%}
    {%- do relations.update({path | join('.'): resolve_model_name(relation)}) -%}
  {%- endfor %}
def ref(*args, **kwargs):
    relations = {{ relations | tojson }}
    version = kwargs.get("v") or kwargs.get("version")
    name = ".".join(args) + (f".v{version}" if version else "")
    return kwargs.get("dbt_load_df_function")(relations[name])
{% endmacro %}
{% macro build_source_function(model) -%}
  {%- set relations = {} -%}
  {%- for wanted in model.sources -%}
    {%- do relations.update({wanted | join('.'): resolve_model_name(source(*wanted))}) -%}
  {%- endfor %}
def source(*args, dbt_load_df_function):
    return dbt_load_df_function({{ relations | tojson }}[".".join(args)])
{% endmacro %}
{% macro build_config_dict(model) -%}
  {%- set values, meta = {}, {} -%}
  {%- for key, default in zip(model.config.config_keys_used, model.config.config_keys_defaults) -%}
    {%- do values.update({key: model.config.get(key, default)}) -%}
  {%- endfor -%}
  {%- if model.config.meta_keys_used -%}
    {%- for key, default in zip(model.config.meta_keys_used, model.config.meta_keys_defaults) -%}
      {%- do meta.update({key: model.config.meta[key] if model.config.meta and key in model.config.meta else default}) -%}
    {%- endfor -%}
  {%- endif %}
config_dict = {{ values }}
meta_dict = {{ meta }}
{% endmacro %}

{% macro py_script_postfix(model) %}
# The author's code ends here; what follows gives it refs, sources and settings.
{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}

class config:
    def __init__(self, *args, **kwargs):
        pass

    @staticmethod
    def get(key, default=None):
        return config_dict.get(key, default)

    @staticmethod
    def meta_get(key, default=None):
        return meta_dict.get(key, default)


class this:
    """The relation that the model builds: dbt.this, dbt.this.identifier."""
    database, schema, identifier = "{{ this.database }}", "{{ this.schema }}", "{{ this.identifier }}"

    def __repr__(self):
        return '{{ resolve_model_name(this) }}'


class dbtObj:
    def __init__(self, load_df_function) -> None:
        self.source = lambda *args: source(*args, dbt_load_df_function=load_df_function)
        self.ref = lambda *args, **kwargs: ref(*args, **kwargs, dbt_load_df_function=load_df_function)
        self.config = config
        self.this = this()
        self.is_incremental = {{ is_incremental() }}

# COMMAND ----------
{{ py_script_comment() }}
{% endmacro %}
