{# The materializations that weft itself carries out (package lower). They stand here by name, so that they are found, listed and
   overridden; a template that calls one as a macro is told that it cannot. #}
{% materialization table, adapter='redshift' %}{% do exceptions.raise_compiler_error('the materialization table is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization view, adapter='redshift' %}{% do exceptions.raise_compiler_error('the materialization view is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
