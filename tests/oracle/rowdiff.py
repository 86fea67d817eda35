#!/usr/bin/env python3
"""Ask daff, which draws the tables of dbt's failing unit tests, for differences of random tables.

usage: rowdiff.py > compiler/internal/rowdiff/testdata/daff.json, with the Python of an environment that has dbt.
Two things are ours and are evened out here: no value is written NULL everywhere, and lines end in a line feed.
"""
import json, random, re, sys
import daff

plain = daff.python_Boot.toString1
daff.python_Boot.toString1 = staticmethod(lambda o, s: "NULL" if o is None else plain(o, s))
ANSI = re.compile(r"\x1B(?:[@-Z\\-_]|\[[0-?]*[ -/]*[@-~])")


def difference(names, expected, actual):
    flags = daff.CompareFlags()
    flags.ordered = False
    a, b = daff.PythonTableView([list(names)] + [list(r) for r in expected]), daff.PythonTableView([list(names)] + [list(r) for r in actual])
    d = daff.TableDiff(daff.Coopy.compareTables(a, b, flags).align(), flags)
    out = daff.PythonTableView([])
    d.hilite(out)
    if not d.hasDifference():
        return ""
    out = daff.PythonTableView([])
    d.hilite(out)
    return ANSI.sub("", daff.TerminalDiffRender().render(out)).replace("\r\n", "\n")


def order(rows):
    return sorted(rows, key=lambda r: [(c is None, c) for c in r])


def main():
    r = random.Random(7)
    words = ["a", "b", "c", "anna", "bert", "x, y", 'say "hi"', " lead", "trail ", "a b", "ab", "->", "a->b", "NULL", "_NULL", "", None, None, "long " * 6, "ü→", "two\nlines"]
    cases = []
    while len(cases) < 150:
        w, h = r.choice([1, 2, 2, 3, 4, 6, 7, 9]), r.choice([0, 1, 2, 3, 5, 8, 14])
        names = [f"c{i}" if r.random() < 0.8 else f"a_long_name_{i}" for i in range(w)]
        few = r.choice([2, 4, len(words)])
        pool = r.sample(words, few)
        cell = lambda i, j: str(i + 1) if j == 0 and r.random() < 0.9 else r.choice(pool)
        expected = [[cell(i, j) for j in range(w)] for i in range(h)]
        actual = [list(x) for x in expected]
        for _ in range(r.choice([0, 1, 1, 2, 4])):
            what = r.choice("cadu") if actual else "a"
            if what == "c":
                actual[r.randrange(len(actual))][r.randrange(w)] = r.choice(words)
            elif what == "a":
                actual.append([r.choice(pool) for _ in range(w)])
            elif what == "d":
                actual.pop(r.randrange(len(actual)))
            else:
                actual.append(list(r.choice(actual)))
        expected, actual = order(expected), order(actual)
        try:
            text = difference(names, expected, actual)
        except TypeError:       # daff takes the root of a number just below zero
            continue
        cases.append({"names": names, "expected": expected, "actual": actual, "text": text})
    json.dump(cases, sys.stdout, ensure_ascii=False, indent=None, separators=(",", ":"))


main()
