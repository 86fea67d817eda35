select '{{ dbt_metadata_envs['TEAM'] }}' as team
