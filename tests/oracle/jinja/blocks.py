"""Cut made-up files into blocks as dbt does: blocks.py SEED COUNT > testdata/blocks.jsonl. Needs dbt-common."""
import json
import random
import sys

from dbt_common.clients.jinja import extract_toplevel_blocks

TAGS = {"macro", "materialization", "test", "data_test", "docs", "snapshot"}
PIECES = [
    '{% macro a() %}',
    "{%- macro b(x='%}') -%}",
    '{% endmacro %}',
    '{%- endmacro -%}',
    '{% if x %}',
    '{% endif %}',
    '{% for a in b %}',
    '{% endfor %}',
    '{{ x }}',
    "{{ '}}' }}",
    '{{ "a\'b" }}',
    '{# c #}',
    '{# {% macro z() %} #}',
    '{#- x -#}',
    ' ',
    '\n',
    'text ',
    '{% raw %}{% macro q() %}{% endraw %}',
    '{%- raw -%} {{ {%- endraw -%}',
    '{% docs d %}',
    '{% enddocs %}',
    '{% snapshot s %}',
    '{% endsnapshot %}',
    '{% test t(m) %}',
    '{% endtest %}',
    '{% data_test u(m) %}',
    '{% enddata_test %}',
    '{% materialization m, default %}',
    '{% endmaterialization %}',
    '{%',
    '%}',
    '{{',
    '}}',
    '{#',
    '#}',
    "'",
    '"',
    "it's",
    "{% set x = '%}' %}",
    '{% set x = "it\'s" %}',
    '{%set y%}',
    '{% endset %}',
    '{% else %}',
    '{% elif %}',
    '{% macro',
    '{%+ macro p() %}',
    '{% endmacro',
    '-%}',
    '\\',
    '{% raw',
    '{%%}',
    '{% 1 %}',
    "{{ '{%' }}",
    'é',
    '{% macro\n  nl ( ) %}',
]


def well_formed(r):
    out = []
    for _ in range(r.randint(1, 5)):
        block = r.choice(["macro", "docs", "snapshot", "test", "materialization"])
        inner = "".join(r.choice(PIECES[4:17] + PIECES[37:43]) for _ in range(r.randint(0, 5)))
        out.append(r.choice(["{% ", "{%- ", "{%"]) + block + " n%d" % r.randint(0, 9) + r.choice(["", "()", "(a='x')"]) + r.choice([" %}", " -%}", "%}"])
                   + inner + r.choice(["{% end", "{%- end"]) + block + r.choice([" %}", " -%}\n "]))
        if r.random() < 0.3:
            out.append(r.choice(PIECES))
    return "".join(out)


def main(seed, count):
    r = random.Random(seed)
    for _ in range(count):
        text = well_formed(r) if r.random() < 0.6 else "".join(r.choice(PIECES) for _ in range(r.randint(1, 14)))
        case = {"text": text}
        try:
            blocks = extract_toplevel_blocks(text, allowed_blocks=TAGS, collect_raw_data=False)
            case["blocks"] = [[b.block_type_name, b.block_name or "", b.contents, b.full_block] for b in blocks]
        except Exception as e:
            case["error"] = getattr(e, "msg", str(e))
        print(json.dumps(case))


main(int(sys.argv[1]), int(sys.argv[2]))
