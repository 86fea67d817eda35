{% set before = kept('kept_text') %}{% do keep('kept_text', 'x' ~ 1) %}
select '{{ before }}' as before, '{{ kept("kept_text") }}' as after, '{{ builtins.ref.config.project_name }}' as project,
  '{{ builtins.ref.config.dependencies["jinja"].version }}' as version, '{{ modules.re.sub("(?ix) (?<!b) (a) # comment", "<\\1>", "ab ba A") }}' as replaced
