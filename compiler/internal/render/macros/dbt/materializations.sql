{# The materializations that weft itself carries out (package lower). They stand here by name, so that they are found, listed and
   overridden; a template that calls one as a macro is told that it cannot. #}
{% materialization view, default %}{% do exceptions.raise_compiler_error('the materialization view is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization table, default %}{% do exceptions.raise_compiler_error('the materialization table is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization incremental, default %}{% do exceptions.raise_compiler_error('the materialization incremental is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization materialized_view, default %}{% do exceptions.raise_compiler_error('the materialization materialized_view is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization seed, default %}{% do exceptions.raise_compiler_error('the materialization seed is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization snapshot, default %}{% do exceptions.raise_compiler_error('the materialization snapshot is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization clone, default %}{% do exceptions.raise_compiler_error('the materialization clone is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization function, default, supported_languages=['sql', 'python', 'javascript'] %}{% do exceptions.raise_compiler_error('the materialization function is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
