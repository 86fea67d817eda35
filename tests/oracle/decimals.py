#!/usr/bin/env python3
"""Writes what Python's decimal makes of texts and pairs of numbers: compiler/internal/decimal/testdata/decimals.json.

usage: python3 decimals.py > decimals.json
"""
import json, random, sys
from decimal import Decimal, InvalidOperation, getcontext
rng = random.Random(3)
TEXTS = ["0", "-0", "1", "-1", "00012", "1.50", ".5", "5.", ".", "", "+", "-", "1e5", "1E+5", "1e-7", "0.000001", "0.0000001", "1e", "e5", "1e5.0", "inf", "-Infinity", "nan", "NaN12", "snan", "nanx", "1_000", "_", "1__0", " 7 ", "\t7\n",
         "١٢", "１.５", "0x10", "1,000", "1e400", "1e-400", "-0.00", "0e5", "0e-9", "123456789012345678901234567890", "0.1234567890123456789012345678905", "99999999999999999999999999995", "1" * 60, "1 2", "--1", "1.2.3"]
def text():
    d = "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 2, 3, 5, 12, 20, 30])))
    if rng.random() < .6:
        i = rng.randrange(len(d) + 1); d = d[:i] + "." + d[i:]
    if d == ".": d = "0."
    if rng.random() < .25:
        d += "e%d" % rng.randint(-30, 30)
    return rng.choice(["", "", "-", "+"]) + d
parse = []
for t in TEXTS + [text() for _ in range(300)]:
    try:
        d = Decimal(t)
    except InvalidOperation:
        parse.append([t, None]); continue
    case = {"str": str(d), "float": float(d) if not d.is_snan() else None}
    case["float"] = None if case["float"] is None or case["float"] != case["float"] or abs(case["float"]) == float("inf") else case["float"]
    if d.is_finite():
        case["rounded"] = str(d * 1); case["int"] = str(int(d)) if abs(d.adjusted()) < 500 else None
        n = d.normalize().as_tuple(); case["places"] = [len(n.digits) + n.exponent, -n.exponent]
    parse.append([t, case])
pairs = []
for _ in range(400):
    a, b = Decimal(text()), Decimal(text())
    if rng.random() < .1: b = Decimal(rng.choice(["0", "-0", "0.00"]))
    r = {"a": str(a), "b": str(b), "cmp": int(a.compare(b))}
    for op, f in (("+", lambda: a + b), ("-", lambda: a - b), ("*", lambda: a * b), ("/", lambda: a / b), ("//", lambda: a // b), ("%", lambda: a % b)):
        try: r[op] = str(f())
        except Exception: r[op] = None
    pairs.append(r)
floats = [[repr(f), str(Decimal(repr(f)))] for f in [0.0, -0.0, 1.0, 1.5, 0.1, 1e15, 1e16, 1e17, 123456789.125, 1e-4, 1e-5, 1.5e-7, 1e300, -2.5e-300, 1/3]]
json.dump({"parse": parse, "pairs": pairs, "floats": floats}, sys.stdout, indent=0)
