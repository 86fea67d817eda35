#!/usr/bin/env python3
"""Writes what dbt makes of CSV texts: compiler/internal/seedcsv/testdata/infer.json.

usage: python seedcsv.py > infer.json     (a Python with dbt-core; the file is committed, tests only read it)

Each case is a CSV text with options, and either the error's first line or, per column, agate's type, the type that dbt's
common adapter gives it, and the printed values.
"""
import io, itertools, json, random, sys, tempfile, warnings
warnings.simplefilter("ignore")
from dbt.adapters.sql import SQLAdapter
from dbt_common.clients import agate_helper

CELLS = """1|0|-1|+5|1.0|1.5|-0.00|1,000|1,00|$5|-$5.20|$-5|5%|%|-|--5|1e5|1E-7|1e30|123456789012345678901234567890|0.1234567890123456789012345678901|
nan|NaN|snan|inf|-Infinity|1_000|_1|٣|１２|.5|5.|.|NULL|null|Null| null |na|n/a|none|true|True|FALSE|tr,ue|t|yes|, |,|2024-01-31|2024-1-5|2024-02-30|
2024-02-29|2023-02-29|0000-01-01|9999-12-31|24-01-01|2024-01-01 |2024/01/01|2024-01-01 10:20:30|2024-01-01  1:2:3|2024-01-01\t10:20:30|2024-01-01 24:00:00|
2024-01-01 10:20|2024-01-01 10:20:60|2024-01-01 10:20:30.5|2024-01-01T10:20:30|2024-01-01T10:20:30Z|2024-01-01T10:20:30+02:00|2024-01-01T10:20:30.123456789|
2024-01-01T10:20|2024-01-01T10|20240101T102030|2024-W05-3T10:00|2024W053T1000|2024-060T10:00:00|2024060T10|2024-02T10:00|202402T10:00|2024T10|20T10|2024-01-01T24:00|
2024-01-01T10:20:30-0730|2024-01-01T10:20:30+7|2024-01-01TT10|2024-01-01t10:20:30|2024-13-01T10:00|2024-00T10:00|2024-W00-1T10:00|2024-366T10:00|0001-000T10:00|
text|'|"quoted"|a b|1 2|€12|12 €|£3£|0x10|1e|e5|1e99999|3000000000|00012|1.|-0|- 5|5-|(5)|2024|10:20:30|P1D|\x1c5|\u00a07\u00a0|12345678901234567890.5""".replace("\n", "").replace("\\t", "\t").split("|")

def row_text(values):
    out = []
    for v in values:
        out.append('"' + v.replace('"', '""') + '"' if any(c in v for c in ',"\n\t') or v != v.strip() else v)
    return ",".join(out)

def show(v):
    return None if v is None else str(v)

def run(text, delimiter=",", text_columns=()):
    case = {"text": text, "delimiter": delimiter, "text_columns": list(text_columns)}
    with tempfile.NamedTemporaryFile("wb", suffix=".csv") as f:
        f.write(text.encode()); f.flush()
        try:
            t = agate_helper.from_csv(f.name, text_columns, delimiter)
        except (Exception, StopIteration) as e:
            case["error"] = type(e).__name__ + ": " + str(e).split("\n")[0]
            return case
    case["rows"] = len(t.rows)
    case["columns"] = [{
        "name": c.name, "type": type(c.data_type).__name__, "sql": SQLAdapter.convert_agate_type(t, i),
        "values": [show(v) for v in c.values()],
    } for i, c in enumerate(t.columns)]
    return case

def main():
    rng = random.Random(7)
    cases = []
    for c in CELLS:                                                     # each cell alone, and beside what is of another type
        for other in ("", "1", "1.25", "2024-01-01", "2024-01-01 00:00:00", "2024-01-01T00:00:00", "true", "x"):
            cases.append(run("id,v\n1," + row_text([c]) + "\n2," + other + "\n"))
    for _ in range(250):
        cols = rng.randint(1, 4)
        rows = [[rng.choice(CELLS) for _ in range(cols)] for _ in range(rng.randint(0, 4))]
        cases.append(run("\n".join([",".join("abcd"[:cols])] + [row_text(r) for r in rows]) + "\n",
                         text_columns=rng.choice([(), (), ("a",), ("b", "zz")])))
    shapes = ["", "\n", "a\n", "a,b", "a,b\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "\ufeffa,b\n1,2\n", "a,a,a\n1,2,3\n", ",,x\n1,2,3\n", "a,b\n1\n", "a,b\n1,2,3\n",
              "a,b\n\n1,2\n\n", "\n1,2\n", "a\n\"x\ny\"\n", "a\n\"x\r\ny\"\n", "a\n\"x\"\"y\"\n", "a\n\"x\"y\n", "a\nx\"y\"\n", "a\n\"unclosed\nrow\n", "a\n\"", "a\n\"\"\n",
              "a;b\n1;2\n", "a,b\n\"1,5\",2\n", "a,b\n 1 ,\" 2\"\n", "a,a_2,a\n1,2,3\n", "A,a\n1,2\n", "a\n" + "x" * 131072 + "\n", "a\n" + "x" * 131073 + "\n",
              "a,b\n1,\n", "a,b\n,\n", "a,b,\n1,2,\n", "é,ü\n1,2\n", "a\n\0\n", "a\tb\n1\t2\n", "a|b\n1|2\n", "\"a\nb\",c\n1,2\n", ",\n,\n", "a\n1\n2"]
    for s in shapes:
        for d in (",", ";", "\t", "|", "é", ",,"):
            if d in (",", ";", "\t", "|") or len(s) < 12:
                try:
                    cases.append(run(s, d))
                except TypeError:
                    pass
    for _ in range(400):                                                # arbitrary texts of the characters that matter
        cases.append(run("".join(rng.choice('a1,"\n\r ;.-') for _ in range(rng.randint(0, 24)))))
    # long texts only bloat the file
    for c in cases:
        if len(c["text"]) > 4000:
            c["repeat"] = [c["text"][2], len(c["text"]) - 3]; c["text"] = ""
            for col in c.get("columns", ()):
                col["values"] = None
    json.dump(cases, sys.stdout, ensure_ascii=True, separators=(",", ":"))
main()
