"""Writes what PyYAML's safe loader makes of many small documents, as expected data for package yamldoc.

    python tests/oracle/pyyaml_values.py > compiler/internal/yamldoc/testdata/pyyaml.json

A value is written as [type, ...]: n, b, i, f, s, d (date), t (datetime), l (list), m (mapping); an error as ["error"].
"""
import datetime
import itertools
import json
import random
import sys

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def typed(v):
    if v is None:
        return ["n"]
    if isinstance(v, bool):
        return ["b", v]
    if isinstance(v, int):
        return ["i", str(v)]
    if isinstance(v, float):
        return ["f", repr(v)]
    if isinstance(v, str):
        return ["s", v]
    if isinstance(v, datetime.datetime):
        return ["t", v.isoformat()]
    if isinstance(v, datetime.date):
        return ["d", v.isoformat()]
    if isinstance(v, list):
        return ["l", [typed(x) for x in v]]
    if isinstance(v, dict):
        return ["m", [[str(k), typed(k), typed(x)] for k, x in v.items()]]
    raise TypeError(type(v))


def load(text):
    try:
        return typed(yaml.load(text.strip(), Loader=Loader))
    except Exception:
        return ["error"]


def scalars():
    words = "y Y yes Yes YES yES no No NO on On ON off Off OFF true True TRUE tRue false False FALSE null Null NULL nULL ~ ~~ n N none None".split()
    numbers = """0 1 -1 +1 00 012 -012 +012 08 09 0o17 0_7 0_ 1_000 1__0 _1 1_ -_1 0b101 0b 0b_ 0b2 -0b11 0x1F 0x1f_ff 0x 0xg +0x10 0X1F 123456789012345678901234567890
      9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 1:30 1:60 1:59 190:20:30 -1:30 0:30 1:2:3:4 1:99 1:9 01:30 1_0:30 1:030
      1. 1.0 .5 -.5 +.5 ._5 .5_ 1._5 1_0.5_0 1e3 1.e3 1.5e3 1.5e+3 1.5E-3 1.5e+ 1e+3 .5e+3 1.5e+_3 .inf .Inf .INF .iNf -.inf +.inf .nan .NaN .NAN .Nan -.nan inf nan
      1:30.5 1:30. -1:30.5 190:20:30.15 1:60.5 1.2.3 1,000 1.5f 0.1 1.0e+400 123456789.123456789 0.1e-10 - + . -- +- 1-2 1+1 0. 00.5 0_0.1 +1.5 1.0e-5 100000.0e+20 ..5 -.""".split()
    dates = """2024-01-01 2024-1-1 2024-13-01 2024-02-30 2024-02-29 2023-02-29 0000-01-01 0001-01-01 9999-12-31 2024-01-01T00:00:00 2024-1-1T1:02:03 2024-01-01t10:20:30.5 2024-01-01T10:20:30.123456789
      2024-01-01T10:20:30Z 2024-01-01T10:20:30+01:00 2024-01-01T10:20:30-7 2024-01-01T10:20:30+0530 2024-01-01T10:20:30.5+5:30 2024-01-01T24:00:00 2024-01-01T10:60:00 2024-01-01T10:20:60 2024-01-01T10:20 2024-01-01T10:20:30+25:00
      20240101 2024-01 2024-01-01T 2024-01-01T10:20:30. 2024-01-01T10:20:30.Z 12024-01-01 2024-001-01 2024-01-01T10:20:30-00:30 2024-01-01T10:20:30z 2024-01-01T100:20:30""".split()
    spaced = ["2024-01-01 10:20:30", "2024-01-01  10:20:30.25 Z", "2024-01-01 10:20:30 +02", "2024-01-01\t10:20:30", "2024-01-01 10:20:30 -02:30", "2024-01-01 10:20:30 UTC", "2024-01-01 x", "a b", "yes no", "1 2"]
    other = ["=", "<<", "<", "==", "'='", "'<<'", '"yes"', "'1'", "", "!!str 1", "!!str yes", '!!int "3"', "!!int 0x1f", "!!float 1", "!!float 1.5", "!!bool yes", '!!bool "off"', "!!null x", "!!null ''", "!!timestamp 2024-01-01", "! 1", "! yes", "!custom x",
             "!!binary aGVsbG8=", "!!python/name:os.system x", "!!str", "!!int abc", "!!bool maybe", "!!seq x", "a#b", "a #b", "#b", "a: b", "a:b", "http://x/y?z=1", "-a", "- a", "?a", ":a", "a:", "@a", "`a", "%a", "%", "!", "&a 1", "*a", "|", ">", "|-", "[a, b]", "{a: b}", "{a, b}", "[a: b]", "[", "]", "{", "}", "[]", "{}", "[1, yes, ~, 2024-01-01]", "{1: a, yes: b}",
             "{{ x }}", "'{{ x }}'", "{% if %}", "a {{ b }}", '"a\\nb"', '"\\x41\\u00e9\\U0001F600\\/\\_\\N\\L\\P\\0\\a\\b\\e\\f\\v\\r\\t\\ "', '"\\q"', "'it''s'", '"a\\\n   b"', "'a\n\n  b'", '"a\n  b"', "a\n  b\n\n  c", "é", "日本", "😀", "\u00a0a", "a\u2028b", "a\u0085b", "\ufeffa", "a\tb", "\ta", "a\t", "a\x00b", "a\x07b", "a\x7fb"]
    return words + numbers + dates + spaced + other


STRUCTURES = """
a: 1
b: [1, 2]
c:
  d: e
---8<---
a: 1
a: 2
b: 3
a: 4
---8<---
yes: 1
true: 2
1: 3
1.0: 4
null: 5
~: 6
2024-01-01: 7
---8<---
base: &b {x: 1, y: 2}
one:
  <<: *b
  y: 3
two:
  z: 0
  <<: *b
three:
  <<: [*b, {x: 9, w: 8}]
four:
  <<: {q: 1}
  <<: {r: 2}
---8<---
<<: 1
---8<---
<<: [1]
---8<---
'<<': {a: 1}
---8<---
a: &x [1, *x]
---8<---
a: &x 1
b: &x 2
c: *x
---8<---
a: *nope
---8<---
a: &e
b: *e
---8<---
- a
-
- - b
  - c
-   d: 1
    e: 2
- ? f
  : g
- ? [h]
  : i
---8<---
? {a: b}
: c
---8<---
? a
? b
---8<---
{? a, ? b : c}
---8<---
a: |
  one
    two

  three
b: >
  one
  two

  three
    four
  five


  six
c: |-
  x
d: |+
  y

e: >-
  z
  w
f: |2
    four
g: end
---8<---
a: |
  last
---8<---
a: >+
  last


---8<---
a:
- b
- c
d: e
---8<---
a: b
 c: d
---8<---
a:
  b
  c
d: 'x
  y'
---8<---
a: b: c
---8<---
a:
	b: c
---8<---
- a
b: c
---8<---
a: 1
- b
---8<---
a: "unclosed
b: c
---8<---
--- 
a: 1
...
---8<---
a: 1
---
b: 2
---8<---
%YAML 1.1
---
a: 1
---8<---
%YAML 1.2
---
a: 0o17
---8<---
# only a comment
---8<---
a: 1 # comment
# more
b:
  # inside
  - c # d
  #e
  - f
---8<---
models:
  - name: x
    columns:
    - name: y
      tests: [unique, {accepted_values: {values: ['a', "b"]}}]
---8<---
a: {b: [c, {d: e}], f: }
---8<---
a: [b,]
---8<---
a: [,]
---8<---
a: {,}
---8<---
{a: 1, a: 2}
---8<---
a : b
"c" : d
'e': f
"g":h
---8<---
[a, [b, c]]: d
---8<---
? |
  block key
: x
---8<---
a: !!str
b: 1
---8<---
a: !!set {x, y}
---8<---
a: - b
---8<---
a: ? b
---8<---
a: 'b' c
---8<---
a: "b" # c
---8<---
a: "b"# c
---8<---
a: [b]c
---8<---
a: {{ var('x') }}
---8<---
a: {{ x }}
---8<---
a: @x
---8<---
a: `x`
---8<---
a: %x
---8<---
a: !t x
---8<---
key with spaces: value with spaces
"quoted key": 'v'
? complex
: v
---8<---
a: x
   y
   z: 1
---8<---
a:

  - b

c:


  d
---8<---
  a: 1
b: 2
---8<---
  a: 1
  b: 2
---8<---
a: "x\\
  y"
---8<---
a: 'x

  y'
---8<---
a: - 1
---8<---
-1
---8<---
- -1
- - 1
---8<---
a: &anchor
  b: 1
c: *anchor
d:
  - *anchor
  - &s str
  - *s
---8<---
*a : b
---8<---
&a a: b
*a : c
---8<---
a: |
   deep
  shallow
---8<---
a: |

    x
   y
---8<---
a: >

  x

   y

  z
""".strip("\n").split("\n---8<---\n")


def generated():
    r = random.Random(7)
    atoms = ["a", "b c", "1", "yes", "~", "'q'", '"d"', "2024-01-01", "1.5", "x:y", "-z", "a#b", "", "{{ v }}", "\"{{ v('a') }}\"", "it's", "0x1f", "1:30"]
    keys = ["a", "b", "c d", "'e'", '"f"', "1", "no", "g-h", "i.j", "+k"]

    def flow(depth):
        k = r.random()
        if depth <= 0 or k < 0.5:
            return r.choice([x for x in atoms if x != "{{ v }}"])
        if k < 0.75:
            return "[" + r.choice([", ", ",", " , "]).join(flow(depth - 1) for _ in range(r.randint(0, 3))) + "]"
        return "{" + ", ".join(r.choice(keys) + ": " + flow(depth - 1) for _ in range(r.randint(0, 3))) + "}"

    def block(depth, indent):
        pad = " " * indent
        k = r.random()
        if depth <= 0 or k < 0.25:
            j = r.random()
            if j < 0.6:
                return " " + r.choice(atoms) + r.choice(["", "", " # note", "  "]) + "\n"
            if j < 0.75:
                return " " + flow(2) + "\n"
            style = r.choice(["|", ">", "|-", ">-", "|+", ">+", "|2", "> # note"])
            body = ""
            for _ in range(r.randint(0, 4)):
                body += r.choice([pad + "  text # no comment\n", pad + "  more: x\n", "\n", pad + "    deeper\n", pad + "  {{ x }}\n"])
            return " " + style + "\n" + body
        out = "\n"
        n = r.randint(1, 4)
        if k < 0.6:
            for _ in range(n):
                out += r.choice(["", "", "", "\n", pad + "# c\n", "# c\n"]) + pad + r.choice(keys) + ":" + block(depth - 1, indent + r.choice([1, 2, 2, 4]))
        else:
            for _ in range(n):
                if r.random() < 0.4:
                    inner = indent + 2
                    out += pad + "- " + r.choice(keys) + ":" + block(depth - 2, inner + 2)
                    for _ in range(r.randint(0, 2)):
                        out += " " * inner + r.choice(keys) + ":" + block(depth - 2, inner + 2)
                else:
                    out += pad + "-" + block(depth - 1, indent + 2)
        return out

    for _ in range(1500):
        yield block(4, 0)
    # Damage sound documents at random: what is refused must be refused by both.
    for _ in range(1500):
        t = block(3, 0)
        for _ in range(r.randint(1, 3)):
            i = r.randrange(len(t) + 1)
            if r.random() < 0.4:
                t = t[:i] + t[i + 1:]
            else:
                t = t[:i] + r.choice([" ", "  ", "\n", ":", ": ", "-", "- ", "'", '"', "#", " #", "[", "]", "{", "}", ",", "&a ", "*a", "|", ">", "!", "%", "@", "?", "? ", "\t", "<<: ", "\\"]) + t[i:]
        yield t


def main():
    cases = []
    seen = set()
    values = scalars()
    texts = list(values) + ["k: " + v for v in values] + [v + ": x" for v in values] + ["[" + v + "]" for v in values] + STRUCTURES + list(generated())
    for t in texts:
        if t in seen:
            continue
        seen.add(t)
        try:
            t.encode()
        except UnicodeEncodeError:
            continue
        cases.append([t, load(t)])
    sys.stdout.write("[\n" + ",\n".join(json.dumps(c, ensure_ascii=True, separators=(",", ":")) for c in cases) + "\n]\n")


main()
