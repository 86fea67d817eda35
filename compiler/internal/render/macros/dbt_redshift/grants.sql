{# Privileges in Redshift, where a grantee is a user, a group or a role: "user:a", "group:b", "role:c". #}
{% macro redshift__normalize_grants_dict(grants_dict) -%}
  {%- set normalized = {} -%}
  {%- for privilege, grantees in grants_dict.items() -%}
    {%- set named = [] -%}
    {%- for grantee in grantees -%}
      {%- do named.append(grantee if grantee.split(':')[0] in ['group', 'role', 'user'] and ':' in grantee else 'user:' ~ grantee) -%}
    {%- endfor -%}
    {%- do normalized.update({privilege: named}) -%}
  {%- endfor -%}
  {{ return(normalized) }}
{%- endmacro %}
{% macro redshift__format_grantees(grantees) -%}
  {%- set words = {'group': 'GROUP ', 'role': 'ROLE ', 'user': ''} -%}
  {%- set formatted = [] -%}
  {%- for grantee in grantees -%}
    {%- set kind = grantee.split(':')[0] -%}
    {%- do formatted.append(words[kind] ~ grantee[kind | length + 1:] if ':' in grantee and kind in words else grantee) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{%- endmacro %}

{% macro redshift__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%}
    {{ default__apply_grants(relation, redshift__normalize_grants_dict(grant_config) if redshift__use_grants_extended() else grant_config, should_revoke) }}
  {%- endif -%}
{%- endmacro %}
{% macro redshift__get_grant_sql(relation, privilege, grantees) -%}
  {%- if redshift__use_grants_extended() -%}
    grant {{ privilege }} on {{ relation.render() }} to {{ redshift__format_grantees(grantees) | join(', ') }}
  {%- else -%}
    {{ default__get_grant_sql(relation, privilege, grantees) }}
  {%- endif -%}
{%- endmacro %}
{% macro redshift__get_revoke_sql(relation, privilege, grantees) -%}
  {%- if redshift__use_grants_extended() -%}
    revoke {{ privilege }} on {{ relation.render() }} from {{ redshift__format_grantees(grantees) | join(', ') }}
  {%- else -%}
    {{ default__get_revoke_sql(relation, privilege, grantees) }}
  {%- endif -%}
{%- endmacro %}
{% macro redshift__get_show_grant_sql(relation) -%}
  {%- if redshift__use_show_apis() -%}
    SHOW GRANTS ON TABLE {{ adapter.quote(relation.database) }}.{{ adapter.quote(relation.schema) }}.{{ adapter.quote(relation.identifier) }}
  {%- elif redshift__use_grants_extended() -%}
    select identity_name, identity_type, privilege_type
    from svv_relation_privileges
    where namespace_name = '{{ relation.schema }}' and relation_name = '{{ relation.identifier }}'
      and not (identity_type = 'user' and identity_name = current_user)
  {%- else -%}
    with privileges as (
      {% for privilege in ['select', 'insert', 'update', 'delete', 'references'] -%}
        select '{{ privilege }}' as privilege_type {{ 'union all ' if not loop.last }}
      {%- endfor %}
    )
    select u.usename as grantee, p.privilege_type
    from pg_user u cross join privileges p
    where has_table_privilege(u.usename, '{{ relation }}', privilege_type)
      and u.usename != current_user and not u.usesuper
  {%- endif -%}
{%- endmacro %}
