select '{{ env_var('DBT_ENV_SECRET_NEVER_USED') }}' as word
