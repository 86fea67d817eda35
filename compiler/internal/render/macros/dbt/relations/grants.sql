{# Privileges: what is granted, what is to change, and the statements that change it. #}
{% macro copy_grants() %}{{ return(adapter.dispatch('copy_grants', 'dbt')()) }}{% endmacro %}
{% macro support_multiple_grantees_per_dcl_statement() %}{{ return(adapter.dispatch('support_multiple_grantees_per_dcl_statement', 'dbt')()) }}{% endmacro %}
{% macro get_show_grant_sql(relation) %}{{ return(adapter.dispatch('get_show_grant_sql', 'dbt')(relation)) }}{% endmacro %}
{% macro get_grant_sql(relation, privilege, grantees) %}{{ return(adapter.dispatch('get_grant_sql', 'dbt')(relation, privilege, grantees)) }}{% endmacro %}
{% macro get_revoke_sql(relation, privilege, grantees) %}{{ return(adapter.dispatch('get_revoke_sql', 'dbt')(relation, privilege, grantees)) }}{% endmacro %}
{% macro get_dcl_statement_list(relation, grant_config, get_dcl_macro) %}{{ return(adapter.dispatch('get_dcl_statement_list', 'dbt')(relation, grant_config, get_dcl_macro)) }}{% endmacro %}
{% macro call_dcl_statements(dcl_statement_list) %}{{ return(adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list)) }}{% endmacro %}
{% macro apply_grants(relation, grant_config, should_revoke) %}{{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}{% endmacro %}

{# Whether a replaced relation keeps its grants, and whether one statement may name several grantees. #}
{% macro default__copy_grants() %}{{ return(True) }}{% endmacro %}
{% macro default__support_multiple_grantees_per_dcl_statement() %}{{ return(True) }}{% endmacro %}

{# Only a relation that was there can hold old grants; one that is built anew holds them only where the engine copies them. #}
{% macro should_revoke(existing_relation, full_refresh_mode=True) -%}
  {{ return(False if not existing_relation else (copy_grants() if full_refresh_mode else True)) }}
{%- endmacro %}

{% macro default__get_show_grant_sql(relation) %}show grants on {{ relation.render() }}{% endmacro %}
{% macro default__get_grant_sql(relation, privilege, grantees) %}grant {{ privilege }} on {{ relation.render() }} to {{ grantees | join(', ') }}{% endmacro %}
{% macro default__get_revoke_sql(relation, privilege, grantees) -%}
  revoke {{ privilege }} on {{ relation.render() }} from {% for grantee in grantees %}{{ adapter.quote(grantee) }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{% macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) -%}
  {%- set statements = [] -%}
  {%- for privilege, grantees in grant_config.items() if grantees -%}
    {%- set groups = [grantees] if support_multiple_grantees_per_dcl_statement() else grantees | batch(1) -%}
    {%- for group in groups -%}
      {%- do statements.append(get_dcl_macro(relation, privilege, group)) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(statements) }}
{%- endmacro %}

{% macro default__call_dcl_statements(dcl_statement_list) -%}
  {%- call statement('grants') -%}
    {%- for sql in dcl_statement_list %} {{ sql }}; {% endfor -%}
  {%- endcall -%}
{%- endmacro %}

{% macro default__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%}
    {%- set wanted, unwanted = grant_config, {} -%}
    {%- if should_revoke -%}
      {%- set present = adapter.standardize_grants_dict(run_query(get_show_grant_sql(relation))) -%}
      {%- set wanted, unwanted = diff_of_two_dicts(grant_config, present), diff_of_two_dicts(present, grant_config) -%}
      {%- if not wanted and not unwanted -%}
        {%- do log('On ' ~ relation.render() ~ ': All grants are in place, no revocation or granting needed.') -%}
      {%- endif -%}
    {%- endif -%}
    {%- if wanted or unwanted -%}
      {%- set statements = get_dcl_statement_list(relation, unwanted, get_revoke_sql) + get_dcl_statement_list(relation, wanted, get_grant_sql) -%}
      {%- if statements -%}
        {{ call_dcl_statements(statements) }}
      {%- endif -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
