"""Renders every built-in macro with dbt's library and with ours, in the same fake context, and compares: the text or value,
what was executed and asked, in order, and the errors. White space is left out, but for what ends a comment.

    python compare.py [--samples N] [--package PACKAGE] [--only REGEXP] [--dialect NAME] [--verbose]

Run with a Python that has dbt-core and the five adapters. What is not compared, and why, stands in own.py."""
import argparse
import json
import os
import random
import re
import sys

import dbt.include
import jinja2
from dbt_common.clients.jinja import extract_toplevel_blocks, get_environment

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import args as pool  # noqa: E402
from fakes import PARENTS, Refused, World, norm  # noqa: E402
import fakes  # noqa: E402
from own import COMMENTS_COUNT, OWN  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(HERE, "../../../compiler/internal/render/macros")
DIALECTS = ["postgres", "redshift", "athena", "spark", "duckdb"]


class Return(BaseException):
    def __init__(self, value):
        self.value = value


def macro_name(block):
    """The name of a block's macro; None for a materialization that is not a macro of ours."""
    if block.block_type_name == "materialization":
        return "materialization_%s_default" % block.block_name if block.block_name in ("test", "unit") else None
    return ("test_" if "test" in block.block_type_name else "") + block.block_name


def load(folder):
    """name → (template, whether it is a generic test) of the .sql files below a folder."""
    out = {}
    env = get_environment()
    for root, _, files in sorted(os.walk(folder)):
        for f in sorted(files):
            if not f.endswith(".sql"):
                continue
            for b in extract_toplevel_blocks(open(os.path.join(root, f)).read(), {"macro", "materialization", "test", "data_test"}, collect_raw_data=False):
                name = macro_name(b)
                if name is None:
                    continue
                out[name] = env.from_string(b.full_block)
    return out


def libraries():
    root = list(dbt.include.__path__)[0]
    theirs = {"dbt": load(os.path.join(root, "global_project"))}
    ours = {"dbt": load(os.path.join(OURS, "dbt"))}
    for d in DIALECTS:
        theirs["dbt_" + d] = load(os.path.join(root, d))
        ours["dbt_" + d] = load(os.path.join(OURS, "dbt_" + d))
    return theirs, ours


class Bound:
    """The macros of a library as a dialect sees them, as functions; ctx is the context of the sample that runs."""

    def __init__(self, lib, dialect, fill=None):
        merged = {}
        for package in ["dbt"] + ["dbt_" + d for d in reversed([dialect] + PARENTS.get(dialect, []))]:
            merged.update(fill[package] if fill else {})
            merged.update(lib[package])
            if lib is not fill and fill:  # what is not compared itself is the same for both where others call it
                merged.update({k: v for k, v in fill[package].items() if k in OWN})
        self.merged, self.ctx = merged, {}
        self.names = {name: self.function(name, t) for name, t in merged.items()}
        self.namespace = Namespace(self.names)

    def function(self, name, template):
        def call(*a, **kw):
            macro = template.make_module(vars=self.ctx, shared=False).__dict__["dbt_macro__" + name]
            try:
                return macro(*a, **kw)
            except Return as r:
                return r.value
        return call

    def enter(self, w):
        w.names = self.names
        ctx = w.ctx = self.ctx = dict(self.names)
        ctx.update(w.context())
        ctx["dbt"] = ctx["dbt_" + w.dialect] = self.namespace
        ctx["context"] = ctx
        ctx["return"] = give_back
        return ctx


class Namespace:
    def __init__(self, names):
        self.__dict__.update(names)

    def __contains__(self, name):
        return name in self.__dict__

    def __getitem__(self, name):
        return self.__dict__[name]


def give_back(value=None):
    raise Return(value)


def signature(template, name):
    macro = template.make_module(vars={"api": type("A", (), {"Column": type("C", (), {"translate_type": staticmethod(str)})})}, shared=False).__dict__["dbt_macro__" + name]
    return list(macro.arguments)


def run(bound, dialect, name, seed, required, names):
    w = World(dialect, seed)
    bound.enter(w)
    r = random.Random("%s/%s/%s" % (dialect, name, seed))
    given = []
    for i, p in enumerate(names):
        if i >= required and r.random() < 0.4:
            break
        given.append(pool.value(p, w, r, name))
    shown = norm(given)
    kw = {}
    if name in ("statement", "noop_statement", "set_sql_header"):
        kw["caller"] = lambda: "select called"
    try:
        value = w.names[name](*given, **kw)
        outcome = ["value", norm(value)]
    except Refused as e:
        outcome = ["refused", str(e)]
    except (jinja2.exceptions.TemplateError, TypeError, AttributeError, KeyError, ValueError, IndexError) as e:
        outcome = ["error", ""]
        w.why = "%s: %s" % (type(e).__name__, e)
    except Exception as e:  # dbt's own, from its relations
        outcome = ["error", ""]
        w.why = "%s: %s" % (type(e).__name__, e)
    return outcome, w, shown


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--samples", type=int, default=40)
    p.add_argument("--only")
    p.add_argument("--dialect")
    p.add_argument("--package")
    p.add_argument("--strict", action="store_true", help="do not let dbt's macros stand in for missing ones")
    p.add_argument("--verbose", action="store_true")
    a = p.parse_args()
    theirs, ours = libraries()
    bound = {}
    for d in DIALECTS:
        bound["dbt", d] = Bound(theirs, d)
        bound["ours", d] = Bound(ours, d, None if a.strict else theirs)
    missing, wrong, dead, signatures, total, equal = [], {}, [], [], 0, 0
    for pkg in theirs:
        for name in sorted(set(ours[pkg]) - set(theirs[pkg])):
            signatures.append("%s.%s is not dbt's" % (pkg, name))
    for pkg in theirs:
        if a.package and a.package != pkg:
            continue
        dialects = DIALECTS if pkg == "dbt" else [pkg[4:]] + [d for d in DIALECTS if pkg[4:] in PARENTS.get(d, [])]
        for name, t in theirs[pkg].items():
            if a.only and not re.search(a.only, name):
                continue
            if name not in ours[pkg]:
                missing.append("%s.%s" % (pkg, name))
                continue
            names = signature(t, name)
            if names != signature(ours[pkg][name], name):
                signatures.append("%s.%s: %s, ours %s" % (pkg, name, names, signature(ours[pkg][name], name)))
                continue
            required = REQUIRED[pkg][name]
            fakes.COMMENTS = re.search(COMMENTS_COUNT, name) is not None
            for d in dialects:
                if a.dialect and d != a.dialect:
                    continue
                if name in OWN:
                    continue
                effective = 0
                for seed in range(a.samples if names or d == DIALECTS[0] or pkg != "dbt" else max(6, a.samples // 4)):
                    o1, w1, shown = run(bound["dbt", d], d, name, seed, required, names)
                    o2, w2, _ = run(bound["ours", d], d, name, seed, required, names)
                    total += 1
                    effective += o1[0] != "error"
                    # Where dbt's macro fails of itself (an attribute of None, a missing argument) there is nothing to be equal to.
                    same = o1 == o2 and w1.trace == w2.trace or o1[0] == "error"
                    equal += same
                    if not same:
                        wrong.setdefault("%s.%s [%s]" % (pkg, name, d), []).append((shown, o1, o2, w1.trace, w2.trace, getattr(w1, "why", ""), getattr(w2, "why", "")))
                if not effective:
                    dead.append("%s.%s [%s]: %s" % (pkg, name, d, getattr(w1, "why", "")))
    print("%d samples, %d equal, %d macros differ, %d missing, %d signatures, %d never ran" % (total, equal, len(wrong), len(missing), len(signatures), len(dead)))
    for s in signatures:
        print("SIGNATURE", s)
    print("MISSING", " ".join(missing))
    for k, v in list(wrong.items())[: 1000 if a.verbose else 25]:
        print("WRONG", k, len(v))
        shown, o1, o2, t1, t2, y1, y2 = v[0]
        print("   args", str(shown)[:300])
        if o1 != o2:
            show("   dbt ", "   ours", o1 + [y1], o2 + [y2])
        for x, y in zip(t1 + [None] * 9, t2 + [None] * 9):
            if x != y:
                show("   dbt  did", "   ours did", x, y)
                break
    if a.verbose:
        for s in dead:
            print("NEVER RAN", s)
    sys.exit(bool(wrong or missing or signatures))


def show(name1, name2, x, y):
    """Prints two values from a little before the place where they part."""
    x, y = str(x), str(y)
    n = max(0, len(os.path.commonprefix([x, y])) - 60)
    print(name1, x[n:n + 300])
    print(name2, y[n:n + 300])


REQUIRED = {}


def count_required():
    """How many parameters of each macro of dbt's have no default."""
    env = get_environment()
    root = list(dbt.include.__path__)[0]
    for pkg, folder in [("dbt", "global_project")] + [("dbt_" + d, d) for d in DIALECTS]:
        REQUIRED[pkg] = {}
        for base, _, files in os.walk(os.path.join(root, folder)):
            for f in files:
                if not f.endswith(".sql"):
                    continue
                for b in extract_toplevel_blocks(open(os.path.join(base, f)).read(), {"macro", "materialization", "test", "data_test"}, collect_raw_data=False):
                    name = macro_name(b)
                    if name is None:
                        continue
                    node = next(env.parse(b.full_block).find_all(jinja2.nodes.Macro))
                    REQUIRED[pkg][name] = len(node.args) - len(node.defaults)


if __name__ == "__main__":
    count_required()
    main()
