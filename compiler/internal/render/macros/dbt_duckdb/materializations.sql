{# The materializations that weft itself carries out (package lower). They stand here by name, so that they are found, listed and
   overridden; a template that calls one as a macro is told that it cannot. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}{% do exceptions.raise_compiler_error('the materialization table is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}{% do exceptions.raise_compiler_error('the materialization incremental is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization external, adapter='duckdb', supported_languages=['sql', 'python'] %}{% do exceptions.raise_compiler_error('the materialization external is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization table_function, adapter='duckdb' %}{% do exceptions.raise_compiler_error('the materialization table_function is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
