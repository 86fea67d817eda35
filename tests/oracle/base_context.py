"""Renders many templates in dbt's base context, as expected data for package basecontext. Runs in a venv with dbt-core.

    python tests/oracle/base_context.py > compiler/internal/basecontext/testdata/context.json

Each case is [template, native, result]: the result is {"text": …} (of a native rendering the repr) or {"error": message}.
"""
import datetime
import json
import os
from argparse import Namespace

# dbt prints what print() and log() are given: keep that out of the result.
result_file = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

from dbt.flags import set_from_args

set_from_args(Namespace(), None)
from dbt_common.context import set_invocation_context

ENV = {"PLAIN": "v", "NUMBER": "4", "EMPTY": "", "DBT_ENV_SECRET_KEY": "hush", "TRUE": "true"}
set_invocation_context(ENV)

from dbt.clients.jinja import get_rendered
from dbt.context.base import BaseContext

VARS = {"a": 1, "s": "text", "l": [1, 2], "n": None, "t": "{{ 1 + 1 }}", "d": datetime.date(2024, 1, 2), "f": 1.5, "b": True}

RE = [
    ("a.c", "xabcabc"), ("(a)(b)?", "ac ab"), (r"\d+", "a1b22c333"), (r"^\w+", "hello world"), ("x*", "axxb"), (r"(?P<first>\w+) (?P<last>\w+)", "John Smith"),
    (r"\s+", "a  b\tc\nd"), ("[a-c]+", "abcdabc"), ("[^a-c]+", "abcxyz"), ("(?i)ABC", "xabc"), ("a|b", "cab"), (r"\bfoo\b", "a foo b"), ("^$", ""), ("$", "a\nb\n"), ("a$", "a\n"),
    (r"a\Z", "a"), (r"[\d.]+", "v1.2.3"), (r"[\w-]+", "a-b_c d"), ("é+", "caféé"), (r"\w+", "naïve café"), ("(a(b(c)))", "abc"), ("a{2,3}", "aaaaa"), ("a{2}?", "aaaa"), ("a+?", "aaa"),
    (r"[]a]+", "]a]"), (r"[a\]]+", "a]"), (r"\.", "a.b"), (r"[[:alpha:]]", "a:"), (r"\$\{(\w+)\}", "${x} ${y}"), ("(?:ab)+", "ababx"), ("(?s).+", "a\nb"), ("(?m)^.", "ab\ncd"), (r"\x41\u0042", "AB"),
    (r"(\d{4})-(\d{2})-(\d{2})", "on 2024-03-05."), ("", "abc"), ("b*", "abc"), ("(a)|b", "ab"), ("[.]", "a.b"), (r"\/", "a/b"), (r"(?P<x>a)(?P<y>z)?", "a"),
]

DATES = ["2024, 1, 1", "1999, 12, 31, 23, 59, 59", "2024, 2, 29, 12, 30", "2023, 7, 4, 0, 5, 9, 123456", "2020, 1, 5", "2021, 1, 3, 15", "1, 1, 1", "9999, 12, 31, 23, 59, 59, 999999", "2026, 12, 28, 11, 11, 11, 10"]
FORMATS = ["%Y-%m-%d %H:%M:%S", "%a %A %b %B %d %j %U %W %w %u %V %G %g", "%I:%M %p", "%f", "%y %c", "%x %X %D %F %T %R %r %e %k %l %C %h %n %t %%", "%-d/%-m/%-H", "%z|%Z", "plain", "%s"[:0], "%_d %_m", "%^a %^b", "%Q"]
PARSE = [("2024-01-02", "%Y-%m-%d"), ("2024-01-02 03:04:05.678", "%Y-%m-%d %H:%M:%S.%f"), ("02/01/99", "%d/%m/%y"), ("Jan 5 2024", "%b %d %Y"), ("January 15, 2024 03:07 PM", "%B %d, %Y %I:%M %p"), ("20240102T030405Z", "%Y%m%dT%H%M%S%z"),
         ("2024-01-02T03:04:05+0530", "%Y-%m-%dT%H:%M:%S%z"), ("2024-01-02T03:04:05-05:00", "%Y-%m-%dT%H:%M:%S%z"), ("x", "%Y"), ("2024-13-01", "%Y-%m-%d"), ("2024-02-30", "%Y-%m-%d"), ("2024-01-02x", "%Y-%m-%d"), ("2024 045", "%Y %j"), ("Mon Jan  1 2024", "%a %b %d %Y"),
         ("12", "%H"), ("12 AM", "%I %p"), ("1/2/3", "%m/%d/%y"), ("2024-1-2", "%Y-%m-%d"), ("20240102", "%Y%m%d"), ("2024-01-02", "%Q"), ("10:20:30", "%X"), ("  5", " %d"), ("%5", "%%%d")]

DT = "modules.datetime.datetime"
D = "modules.datetime.date"
TD = "modules.datetime.timedelta"
T = "modules.datetime.time"
TZ = "modules.pytz.timezone"


def templates():
    text = [
        "{{ dbt_version }}", "{{ var('a') }} {{ var('s') }} {{ var('l') }} {{ var('n') }} {{ var('d') }} {{ var('f') }}", "{{ var('t') }}", "{{ var('nope') }}", "{{ var('nope', 'd') }}", "{{ var('nope', none) }}", "{{ var('nope', default=3) }}",
        "{{ var.has_var('a') }} {{ var.has_var('x') }}", "{{ var() }}", "{{ var('a', 1, 2) }}", "{{ env_var('PLAIN') }}", "{{ env_var('NOPE') }}", "{{ env_var('NOPE', 'x') }}", "{{ env_var('NOPE', default='x') }}", "{{ env_var('NOPE', none) }}", "{{ env_var('EMPTY') }}|", "{{ env_var('EMPTY', 'x') }}|",
        "{{ env_var('DBT_ENV_SECRET_KEY') }}", "{{ env_var('DBT_ENV_SECRET_NOPE', 'x') }}", "{{ env_var('NUMBER') | int + 1 }}", "{{ env_var('NOPE', 3) }}",
        "{{ fromjson('{\"a\": [1, 2.5, null, true, \"x\\u00e9\"]}') }}", "{{ fromjson('nope') }}", "{{ fromjson('nope', 'd') }}", "{{ fromjson('') }}", "{{ fromjson('[1,]') }}", "{{ fromjson('{\"a\":1,\"a\":2}') }}", "{{ fromjson('NaN') }}", "{{ fromjson('1e3') }}", "{{ fromjson('12345678901234567890123') }}", "{{ fromjson(' [ 1 , 2 ] ') }}", "{{ fromjson('01') }}", "{{ fromjson('\"\\\\ud83d\\\\ude00\"') }}", "{{ fromjson(1) }}", "{{ fromjson('-') }}", "{{ fromjson('1.') }}", "{{ fromjson('-Infinity') }}", "{{ fromjson(\"'a'\") }}",
        "{{ tojson({'a': [1, 2.5, none, true, 'é\\n\"']}) }}", "{{ tojson({'b': 1, 'a': 2}, sort_keys=true) }}", "{{ tojson((1, 2)) }}", "{{ tojson({1: 2, none: 3, true: 4, 1.5: 5}) }}", "{{ tojson(set([1])) }}", "{{ tojson(1e20) }} {{ tojson(1e-7) }} {{ tojson(100000000000000000000) }}", "{{ tojson([]) }} {{ tojson({}) }}", "{{ tojson('\\t/\\\\<') }}", "{{ tojson(%s(2024,1,1)) }}" % D, "{{ tojson(nope) }}", "{{ tojson({'z': {'y': 1, 'x': [{'b': 1, 'a': 2}]}}, sort_keys=True) }}", "{{ tojson({(1,2): 3}) }}", "{{ tojson({'b': 1, 1: 2}, sort_keys=True) }}",
        "{{ fromyaml('a: [1, yes, 2024-01-01, 012]') }}", "{{ fromyaml('a: [') }}", "{{ fromyaml('a: [', 'd') }}", "{{ fromyaml('') }}", "{{ fromyaml('- a\\n- b: c\\n') }}", "{{ fromyaml('1') + 1 }}", "{{ fromyaml('a: !x b', 3) }}",
        "{{ set([1, 1]) }}", "{{ set('a') }}", "{{ set(1) }}", "{{ set(1, 'd') }}", "{{ set([[1]], 'd') }}", "{{ set_strict([1]) }}", "{{ set_strict(1) }}", "{{ set({'a': 1}) }}", "{{ set([]) }}", "{{ (set([1, 2, 3]) | list | sort) }}",
        "{{ zip([1, 2], ['a', 'b', 'c']) | list }}", "{{ zip() | list }}", "{{ zip(1, [2]) }}", "{{ zip(1, [2], default='d') }}", "{{ zip_strict([1], (2,)) | list }}", "{{ zip_strict(1) }}", "{% for a, b in zip('ab', [1, 2]) %}{{ a }}{{ b }}{% endfor %}", "{{ zip([1]) | list }}", "{{ zip({'a': 1, 'b': 2}, 'xy') | list }}",
        "{{ local_md5('hello world') }}", "{{ local_md5('é') }}", "{{ local_md5(1) }}", "[{{ log('x') }}][{{ log('x', info=true) }}][{{ print('y') }}]", "{{ log() }}",
        "{{ diff_of_two_dicts({'key_x': ['value_1', 'VALUE_2'], 'KEY_Y': ['value_3']}, {'key_x': ['value_1'], 'key_z': ['value_4']}) }}", "{{ diff_of_two_dicts({'A': ['x', 'Y']}, {'a': ['X', 'y']}) }}", "{{ diff_of_two_dicts({}, {}) }}", "{{ diff_of_two_dicts({'a': ['b']}, {}) }}",
        "{{ otel_trace_id() }} {{ otel_span_id() }}", "{{ builtins.var('a') }}", "{{ context['dbt_version'] }}", "{{ modules.keys() | list | sort }}", "{{ 'var' in builtins }} {{ 'nope' in context }}", "{{ thread_id }}", "{{ modules.datetime.keys() | list | sort }}", "{{ modules.itertools.keys() | list | sort }}",
    ]
    for v in ["{'a': 1, 'b': [1, 2], 'c': {'d': none}}", "[1, [2, 3], {'a': 1, 'b': 2}]", "[]", "{}", "{'a': [], 'b': {}}", "'text'", "'yes'", "'1'", "''", "'a: b'", "'a\\nb'", "'it''s'", "1", "1.5", "1e20", "true", "none", "[none, true, 1.0]", "['- a', '# b', 'c #d', 'e:', ' f', 'g ', '*h', '{i}', '!j', '%k', '@l', '|m', 'null', '~', '2024-01-01', '1:30', '0x1f', '=', '<<', '-', '?', ':', 'a\\tb', 'é', '😀']",
              "{'b': 1, 'a': 2}", "['" + "word " * 30 + "']", "{'k': '" + "it''s a long text " * 12 + "'}", "{'k': '" + "é long " * 30 + "'}", "[[1, 2], [[3]]]", "[{'a': [{'b': 1}]}]", "(1, 2)", "{1: 2, none: 3}", "['a\\n\\nb\\n', ' a\\n b', 'a \\n']", "{'k': 'line one\\nline two\\n  indented\\n'}", "['it\\'s: so', \"say 'hi' # x\"]", "{'%s': 1}" % ("k" * 130), "[[], {}, [{}]]", "'---'", "'a' * 100", "['x' * 200]"]:
        text.append("{{ toyaml(%s) }}|" % v)
    text.append("{{ toyaml({'b': 1, 'a': 2}, sort_keys=true) }}")
    text.append("{% set x = [1] %}{{ toyaml([x, x, {'k': x}]) }}")
    text.append("{{ toyaml(%s(2024,1,2)) }}{{ toyaml(%s(2024,1,2,3,4,5,6)) }}" % (D, DT))
    for p, s in RE:
        for f in ["match", "search", "fullmatch"]:
            text.append("{%% set m = modules.re.%s(%r, %r) %%}{{ m }}{%% if m %%} {{ m.group() }} {{ m.groups() }} {{ m.groupdict() }} {{ m.span() }} {{ m.start() }} {{ m.end() }} {{ m.lastindex }}{%% endif %%}" % (f, p, s))
        text.append("{{ modules.re.findall(%r, %r) }}" % (p, s))
        text.append("{{ modules.re.split(%r, %r) }}" % (p, s))
        text.append("{{ modules.re.sub(%r, '<\\\\g<0>>', %r) }}" % (p, s))
    text += [
        r"{{ modules.re.sub('(a)(b)', '\\2\\1', 'abab') }}", r"{{ modules.re.sub('a', 'b', 'aaa', 2) }}", r"{{ modules.re.sub('a', 'b', 'aaa', count=1) }}", r"{{ modules.re.subn('a', 'b', 'aaa') }}", "{{ modules.re.compile('a+') }}", "{% set p = modules.re.compile('a(b)?', modules.re.I) %}{{ p.pattern }} {{ p.match('AB').group(1) }} {{ p.findall('abA') }} {{ p.sub('x', 'aab') }} {{ p.groups }} {{ p.split('xaby') }}",
        "{{ modules.re.escape('a.b*c-d e/f_g') }}", "{{ modules.re.split(',', 'a,b,c', maxsplit=1) }}", "{{ modules.re.match('(', 'a') }}", "{{ modules.re.match('a', 1) }}", r"{{ modules.re.search('(?P<n>\d+)', 'a12')['n'] }}", r"{{ modules.re.search('(?P<n>\d+)', 'a12').group('n') }}", "{{ modules.re.search('b', 'abc').string }}", "{{ modules.re.match('a', 'b') is none }}",
        "{{ modules.re.IGNORECASE }}", "{{ modules.re.search('A', 'a', modules.re.IGNORECASE) is not none }}", "{{ modules.re.search('A', 'a', flags=2).group(0) }}", r"{{ modules.re.sub('\s', '', ' a b ') }}", "{% for m in modules.re.finditer('a.', 'abac') %}{{ m.group() }};{% endfor %}", r"{{ modules.re.sub('x', '\\n', 'axb') }}", r"{{ modules.re.sub('x', '\\q', 'axb') }}", "{{ modules.re.search('z', 'a').group() }}", "{{ modules.re.match('(a)(b)', 'ab').group(1, 2) }}", "{{ modules.re.match('(a)', 'a').group(3) }}", "{{ modules.re.search(' a # c\n b', 'ab', modules.re.X).group() }}", "{{ modules.re.match('a.b', 'a\nb', modules.re.DOTALL) is none }}", "{{ modules.re.findall('^a', 'a\na', modules.re.M) }}",
    ]
    for d in DATES:
        for f in FORMATS:
            if f:
                text.append("{{ %s(%s).strftime('%s') }}" % (DT, d, f))
        text.append("{%% set d = %s(%s) %%}{{ d }} {{ d.isoformat() }} {{ d.date() }} {{ d.time() }} {{ d.weekday() }} {{ d.isoweekday() }} {{ d.toordinal() }} {{ d.year }}/{{ d.month }}/{{ d.day }} {{ d.hour }}:{{ d.minute }}:{{ d.second }}.{{ d.microsecond }} {{ d.tzinfo }} {{ d.ctime() }} {{ [d] }} {{ d.isoformat(sep=' ', timespec='minutes') }} {{ d.isoformat(' ') }} {{ d.replace(year=2020, day=1) }} {{ d.isocalendar()[1] }}" % (DT, d))
        text.append("{%% set d = %s(%s) %%}{{ d + %s(days=1, hours=2) }}" % (DT, d, TD))
        text.append("{%% set d = %s(%s) %%}{{ d - %s(weeks=1) }} {{ d - %s(2024, 1, 1) }} {{ d < %s(2024, 1, 1) }} {{ d == %s(2024, 1, 1) }}" % (DT, d, TD, DT, DT, DT))
        text.append("{{ %s('America/New_York').localize(%s(%s)) }}" % (TZ, DT, d))
        text.append("{{ modules.pytz.utc.localize(%s(%s)).astimezone(%s('Asia/Kolkata')) }}" % (DT, d, TZ))
    for s, f in PARSE:
        text.append("{{ %s.strptime(%r, %r) }}" % (DT, s, f))
    for s in ["2024-01-02", "2024-01-02T03:04:05", "2024-01-02 03:04:05.123456", "2024-01-02T03:04:05+01:00", "2024-01-02T03:04:05Z", "2024-01-02T03", "2024-01-02T03:04", "x", "2024-13-01"]:
        text.append("{{ %s.fromisoformat(%r) }}" % (DT, s))
        text.append("{{ %s.fromisoformat(%r) }}" % (D, s))
    text += [
        "{{ %s(2024, 1, 2) }} {{ [%s(2024, 1, 2)] }} {{ %s(2024, 1, 2) - %s(2023, 1, 1) }} {{ %s(2024, 1, 31) + %s(days=1) }} {{ %s(2024, 1, 2).strftime('%%d.%%m.%%Y') }} {{ %s(2024, 1, 2).isoformat() }} {{ %s(2024, 1, 2).replace(month=3) }}" % ((D,) * 5 + (TD,) + (D,) * 3),
        "{{ %s(2024, 13, 1) }}" % D, "{{ %s(2024, 2, 30) }}" % DT, "{{ %s(2024) }}" % DT, "{{ %s('2024', 1, 1) }}" % DT, "{{ %s(2024, 1, 1, 25) }}" % DT, "{{ %s(2024, 1, 1) + 1 }}" % DT, "{{ %s(2024, 1, 1) < %s(2024, 1, 1, tzinfo=modules.pytz.utc) }}" % (DT, DT), "{{ %s(2024, 1, 1) == %s(2024, 1, 1) }}" % (D, DT), "{{ %s(2024, 1, 1, tzinfo=modules.pytz.utc) - %s(2024, 1, 1) }}" % (DT, DT),
        "{{ %s(1, 2, 3) }} {{ [%s(1, 2)] }} {{ %s(1, 2, 3, 4).isoformat() }} {{ %s(1, 2).strftime('%%H-%%M') }} {{ %s(1) < %s(2) }} {{ %s(13, 5).hour }}" % ((T,) * 7),
        "{{ %s(days=1, hours=25, minutes=-3) }} {{ [%s(days=1.5)] }} {{ %s(seconds=90).total_seconds() }} {{ %s(days=-1) }} {{ %s(0) }} {{ %s(microseconds=5) }} {{ %s(weeks=2).days }}" % ((TD,) * 7),
        "{{ %s(days=3) / 2 }} {{ %s(days=3) // %s(days=2) }} {{ %s(hours=1) * 3 }} {{ 2 * %s(hours=1) }} {{ %s(hours=1) / %s(minutes=7) }} {{ %s(hours=5) %% %s(hours=2) }} {{ %s(1) > %s(hours=2) }} {{ %s(1) + %s(1) }} {{ %s(1) - %s(2) }} {{ %s(hours=1) * 1.5 }} {{ %s(1) == %s(hours=24) }}" % ((TD,) * 18),
        "{{ %s(days='x') }}" % TD, "{{ %s(days=10**10) }}" % TD, "{{ %s(foo=1) }}" % TD, "{{ 'y' if %s(0) else 'n' }}" % TD, "{{ [%s(days=-1, seconds=5), %s(seconds=1, microseconds=2)] }}" % (TD, TD),
        "{{ %s.combine(%s(2024, 1, 2), %s(3, 4)) }}" % (DT, D, T), "{{ %s.min }} {{ %s.max }}" % (DT, D), "{{ %s.fromordinal(738000) }}" % D, "{{ %s.utcfromtimestamp(1700000000) }} {{ %s.utcfromtimestamp(1700000000.123456) }}" % (DT, DT), "{{ %s.fromtimestamp(1700000000, modules.pytz.utc) }}" % DT, "{{ modules.pytz.utc.localize(%s(2024, 1, 1)).timestamp() }}" % DT,
        "{{ modules.pytz.utc }} {{ [modules.pytz.utc] }} {{ %s('UTC') }} {{ %s('Europe/Paris') }} {{ [%s('Europe/Paris')] }} {{ %s('US/Eastern').zone }} {{ %s('us/eastern') }}" % (TZ, TZ, TZ, TZ, TZ), "{{ %s('Nowhere/Land') }}" % TZ,
        "{%% set tz = %s('America/New_York') %%}{{ tz.localize(%s(2024, 3, 10, 2, 30)) }} {{ tz.localize(%s(2024, 11, 3, 1, 30)) }} {{ tz.localize(%s(2024, 11, 3, 1, 30), is_dst=True) }} {{ tz.localize(%s(2024, 7, 1)) }}" % (TZ, DT, DT, DT, DT),
        "{%% set tz = %s('America/New_York') %%}{{ tz.normalize(tz.localize(%s(2024, 3, 10, 1, 30)) + %s(hours=1)) }} {{ tz.localize(%s(2024, 7, 1)).tzname() }} {{ tz.localize(%s(2024, 7, 1)).utcoffset() }} {{ tz.localize(%s(2024, 7, 1)).dst() }} {{ [tz.localize(%s(2024, 7, 1))] }} {{ tz.localize(%s(2024, 7, 1)).tzinfo }}" % (TZ, DT, TD, DT, DT, DT, DT, DT),
        "{{ %s(2024, 1, 1, tzinfo=%s('America/New_York')) }}" % (DT, TZ), "{{ %s(2024, 1, 1, tzinfo=modules.pytz.utc) }} {{ [%s(2024, 1, 1, tzinfo=modules.pytz.utc)] }}" % (DT, DT), "{{ modules.pytz.FixedOffset(90) }} {{ %s(2024, 1, 1, tzinfo=modules.pytz.FixedOffset(-90)) }}" % DT, "{{ %s('America/New_York').localize(%s(2024, 1, 1, tzinfo=modules.pytz.utc)) }}" % (TZ, DT),
        "{{ %s(2024,1,1).strftime('%%Y') | int + 1 }}" % DT, "{%% for i in range(3) %%}{{ (%s(2024, 1, 30) + %s(days=i)).strftime('%%Y%%m%%d') }} {%% endfor %%}" % (D, TD), "{{ [%s(2024,1,2), %s(2023,1,1)] | sort }}" % (D, D), "{{ [%s(2024,1,2), %s(2023,1,1)] | max }}" % (D, D), "{{ {%s(2024,1,1): 'x'}[%s(2024,1,1)] }}" % (D, D), "{{ %s(2024,1,1).nope }}|" % DT, "{{ %s(2024,1,1) ~ '' }}" % D,
        "{{ %s(2024, 1, 1, 12).replace(tzinfo=modules.pytz.utc).isoformat() }}" % DT, "{{ %s(2024, 1, 1, 12, tzinfo=modules.pytz.utc).replace(tzinfo=none) }}" % DT, "{{ %s(2024, 1, 1) is mapping }} {{ %s(2024,1,1) is string }}" % (DT, D), "{{ modules.datetime.datetime }} {{ modules.datetime.timedelta }}",
    ]
    IT = "modules.itertools."
    text += ["{{ %sproduct([1, 2], 'ab') | list }}" % IT, "{{ %sproduct([0, 1], repeat=2) | list }}" % IT, "{{ %spermutations([1, 2, 3], 2) | list }}" % IT, "{{ %spermutations('ab') | list }}" % IT, "{{ %scombinations([1, 2, 3], 2) | list }}" % IT, "{{ %scombinations_with_replacement([1, 2], 2) | list }}" % IT, "{{ %schain([1], (2,), 'a') | list }}" % IT, "{{ %saccumulate([1, 2, 3]) | list }}" % IT, "{{ %saccumulate(['a', 'b']) | list }}" % IT,
             "{{ %scompress('abc', [1, 0, 1]) | list }}" % IT, "{{ %sislice([1, 2, 3, 4], 2) | list }}" % IT, "{{ %sislice([1, 2, 3, 4], 1, none, 2) | list }}" % IT, "{{ %sislice(%scount(5), 3) | list }}" % (IT, IT), "{{ %sislice(%scycle('ab'), 5) | list }}" % (IT, IT), "{{ %srepeat(1, 3) | list }}" % IT, "{{ %szip_longest([1], [2, 3], fillvalue=0) | list }}" % IT, "{% set a, b = modules.itertools.tee([1, 2]) %}{{ a | list }}{{ b | list }}", "{{ %sproduct(1) }}" % IT, "{{ %scombinations([1, 2], 3) | list }}" % IT, "{{ %sislice([1,2,3], 0) | list }}" % IT, "{% for i in modules.itertools.count(1, 2) %}{% if i > 5 %}{% break %}{% endif %}{{ i }}{% endfor %}", "{{ %sislice(%scount(0.5, 0.25), 3) | list }}" % (IT, IT), "{{ %sstarmap(range, [(1, 3)]) | list }}" % IT]
    native = ["{{ var('a') }}", "{{ var('l') }}", "{{ var('n') }}", "{{ var('d') }}", "{{ var('f') }}", "{{ var('b') }}", "{{ var('s') }}", "x{{ var('a') }}", "{{ var('a') }} ", "{{ var('a') }}{{ var('a') }}", "plain", "1", "", "a\n", "a\n\n", "a\r\nb", "{{ '1' }}", "{{ 1 }}", "{{ env_var('NUMBER') }}", "{{ env_var('NUMBER') | as_number }}", "{{ env_var('PLAIN') | as_number }}", "{{ env_var('TRUE') | as_bool }}", "{{ 'True' | as_bool }}", "{{ env_var('NUMBER') | as_native }}", "{{ '[1, 2]' | as_native }}", "{{ '[1, 2]' }}", "{{ 1 | as_text }}",
              "{% if true %}a{% endif %}", "{% if false %}a{% endif %}", "{# c #}", "{# c #}x", "{% set x = 1 %}{{ x }}", "{{ nope }}", "{{ nope.x }}", "{{ none }}", "{{ true }}", "{{ [1, 'a'] }}", "{{ {'a': 1} }}", "{{ 1.5 }}", "{{ 'a' ~ 1 }}", "{{ 1 + 1 }}", "{{ '01' }}", "{{ \"'quoted'\" }}", "{% for i in [1] %}{{ i }}{% endfor %}", "{% for i in [1, 2] %}{{ i }}{% endfor %}", "{{ ", "{{ 1 / 0 }}", "{{ '{{ 1 }}' }}", "{{ '1' | as_number + 1 }}", "{{ '[' | as_native }}", "{{ 'x' | as_bool }}", "{{ '1.5' | as_number }}", "{{ tojson({'a': 1}) }}", "{{ modules.datetime.date(2024, 1, 1) }}", "a { b } c", "{{ var('nope') }}", "{{ 'a' if var('b') else 'c' }}", "{%- if true -%} x {%- endif -%}", "\n{{ 1 }}", "{{ 1 }}\n", "{% raw %}{{ x }}{% endraw %}", "{{ return(3) }}"]
    return [(t, False) for t in text] + [(t, True) for t in native]


def main():
    cases = []
    for t, native in templates():
        ctx = BaseContext(VARS).to_dict()
        try:
            out = get_rendered(t, ctx, native=native)
            result = {"text": repr(out) if native else out}
        except Exception as e:
            result = {"error": str(getattr(e, "msg", None) or e)}
        cases.append([t, native, result])
    result_file.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")


main()
