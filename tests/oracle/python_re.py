#!/usr/bin/env python3
"""What Python's re answers, as data for the tests of compiler/internal/pyre: python_re.py > compiler/internal/pyre/testdata/answers.json

Written expressions come first, then random ones from a small grammar (fixed seed). For each: the error's message, or for each text the
spans of all groups of every match found one after another (finditer), of match and of fullmatch. Spans count characters.
"""
import json, random, re, signal, warnings

warnings.simplefilter("ignore")
TEXTS = ["", "a", "ab", "aab", "abab\n", "a\nb\n", "aXbxA", "foo_bar 12.5 baz", "x = {{ ref('my_model') }} -- from y", "éÉ ß ſ K\u00a0\u0661", "aaaaaaaaab", "--\n\nselect 1", "1,22,333;4444", "<a><b></b></a>"]
WRITTEN = [r"a*", r"a*?", r"|a", r"a|", r"(a)|b", r"(?:a|ab)(?:c|bcd|b)*", r"(a+)+$", r"^a", r"(?m)^\w+$", r"\w+\b", r"\B", r"\bfoo", r"(?<!f)o", r"(?<=a)b", r"(?<=ab|cd)a", r"(?<=a+)b",
    r"(?=a)\w", r"(?!a)\w", r"(a)(?!b)|(b)", r"(\w)\1", r"(?P<x>a)(?P=x)", r"(?P<x>a)(?P<x>b)", r"(a)?(?(1)b|x)", r"(?(1)a)", r"(?>a+)b", r"a++b", r"a++a", r"a{2}", r"a{,2}b", r"a{2,}", r"a{2,1}", r"a{x}", r"{{\s*ref", r"x{",
    r"[a-z]+", r"[^a-z\s]+", r"[]a]", r"[^]a]", r"[a-\d]", r"[z-a]", r"[a", r"[\w.-]+", r"[\]]", r"\d+", r"\D+", r"(?a)\w+", r"(?i)É", r"(?i)[é]", r"(?i)s", r"(?i)k", r"(?ai)k", r"(?i:A)b", r"(?-i:a)", r"(?s).+", r".+",
    r"(?x) a  # comment" "\n b", r"(?x) [ ] a", "(?ix)\n  (from|join) \\s+ # x\n ({{\\s*ref)", r"a(?i)b", r"(?P<1a>b)", r"(?P<>b)", r"(?P=y)", r"(", r")", r"a)", r"(a", r"*a", r"a**", r"a*??", r"(?:)*", r"(?:a*)*b", r"(?:a|b)*?b", r"((a)|b)*",
    r"(?:(a)|(b)|x)+", r"\Z", r"a\Z", r"b$", r"$", r"\A\w", r"\x61", r"\x6", r"\u00e9", r"\0", r"\141", r"\8", r"\1", r"(\1)", r"\q", r"\n", "\\", r"(?#no)a", r"(?#no", r"(?z)", r"(?P!a)", r"(?<a>b)", r"\.", r"[.]5", r"\s+", r"\S+",
    r"(['\"])(.*?)\1", r"<(\w+)>.*</\1>", r"^\s*|\s*$", r"(?:^|,)(\d+)", r"--.*", r"/\*(.|\n)*?\*/", r"(a|b){2,3}", r"(a|b){2,3}?", r"(?:a{1,2}){2}", r"(?i)(?<!distinct\s)(from)\s+(y)", r"a|b|ab", r"(?:a(?=b))+", r"(?m)$", r"(?m)^"]


def random_expression(r, depth=0):
    atoms = ["a", "b", "x", ".", r"\w", r"\d", r"\s", "[ab]", "[^a]", "^", "$", r"\b", r"\n", "o", "1", "é"]
    out = ""
    for _ in range(r.randint(1, 3)):
        kind = r.random()
        if kind < .6 or depth > 2:
            x = r.choice(atoms)
        elif kind < .8:
            x = r.choice(["(", "(?:", "(", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:"]) + random_expression(r, depth + 1) + ")"
        elif kind < .9:
            x = "(?:" + random_expression(r, depth + 1) + "|" + random_expression(r, depth + 1) + ")"
        else:
            x = r.choice([r"\1", r"\2", "(?(1)a|b)"])
        if r.random() < .4:
            x += r.choice(["*", "+", "?", "*?", "+?", "??", "{1,2}", "{2}", "{0,2}?", "*+", "?+"])
        out += x
    return out


def answer(expression, flags=0):
    try:
        p = re.compile(expression, flags)
    except (re.error, OverflowError) as e:
        return {"re": expression, "error": str(e).split(" (line")[0]}
    spans = lambda m: None if m is None else [list(m.span(i)) for i in range(p.groups + 1)]
    return {"re": expression, "groups": p.groups, "flags": p.flags, "all": [[spans(m) for m in p.finditer(t)] for t in TEXTS], "match": [spans(p.match(t)) for t in TEXTS], "full": [spans(p.fullmatch(t)) for t in TEXTS]}


class TooLong(Exception):
    pass


def late(*_):
    raise TooLong


def main():
    r, cases = random.Random(7), []
    signal.signal(signal.SIGALRM, late)
    for x in WRITTEN + [random_expression(r) for _ in range(400)]:
        signal.alarm(2)         # some random expressions take for ever; they are left out
        try:
            cases.append(answer(x))
            if len(cases) > len(WRITTEN) and "error" in cases[-1]:
                cases[-1]["error"] = "*"        # of several errors another may be the first
        except TooLong:
            pass
    signal.alarm(0)
    print('{"texts": ' + json.dumps(TEXTS) + ',\n"cases": [\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}")


main()
