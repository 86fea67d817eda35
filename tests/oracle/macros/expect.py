"""Writes what dbt's macros make of calls that need nothing but their arguments, the node's config and the target: the test data
of the Go engine with our macros.

    python expect.py > compiler/internal/render/macros/testdata/calls.jsonl

A line is {"dialect", "config", "target", "text", "want"}: `text` is a template, `want` what dbt renders it to."""
import json
import random
import re

import compare
import args as pool
import fakes
from own import COMMENTS_COUNT, OWN

TARGET = {"name": "dev", "schema": "tgt_schema", "database": "tgt_db", "method": "thrift", "endpoint": None, "s3_data_dir": "s3://d", "s3_data_naming": "unique"}


class Skip(Exception):
    pass


class Poison:
    """What a call may not touch: it would make the answer depend on more than the test gives."""

    def __getattr__(self, name):
        raise Skip(name)

    def __getitem__(self, name):
        raise Skip(name)

    def __call__(self, *a, **kw):
        raise Skip()

    def __str__(self):
        raise Skip()

    def __iter__(self):
        raise Skip()

    def __bool__(self):
        raise Skip()


class Adapter(fakes.Adapter):
    KNOWN = {"world", "dispatch", "quote", "type", "behavior", "Relation", "Column", "quote_as_configured"}

    def __getattribute__(self, name):
        if not name.startswith("__") and name not in Adapter.KNOWN:
            raise Skip(name)
        return object.__getattribute__(self, name)


class Config:
    def __init__(self, values):
        self.values, self.read = values, {}

    def get(self, name, default=None, validator=None):
        v = self.values.get(name)
        if v is not None:
            self.read[name] = v
        return default if v is None else v


def source(v, w):
    """A value as a template writes it."""
    if v is None or isinstance(v, (bool, int, float)):
        return {None: "none", True: "true", False: "false"}.get(v, repr(v)) if not isinstance(v, (int, float)) or isinstance(v, bool) else repr(v)
    if type(v) is str:
        return "'" + v.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
    if isinstance(v, list):
        return "[" + ", ".join(source(x, w) for x in v) + "]"
    if type(v) is dict:
        return "{" + ", ".join(source(k, w) + ": " + source(x, w) for k, x in v.items()) + "}"
    if isinstance(v, fakes.Column):
        return "api.Column(%s, %s)" % (source(v.column, w), source(v.dtype, w))
    if isinstance(v, fakes.RELATIONS[w.dialect]) and not isinstance(v.identifier, type(None)):
        db = "" if w.dialect == "spark" else "database='db', "
        extra = "".join(", %s=true" % k for k in ("is_iceberg", "is_delta") if getattr(v, k, False))
        return "api.Relation.create(%sschema='sch', identifier=%s, type='%s'%s)" % (db, source(v.identifier, w), v.type, extra)
    raise Skip()


def main():
    theirs, _ = compare.libraries()
    compare.count_required()
    seen = set()
    for d in compare.DIALECTS:
        bound = compare.Bound(theirs, d)
        for name in sorted(bound.merged):
            if "__" in name.strip("_") or any(p + name in OWN for p in ["", d + "__"] + [x + "__" for x in compare.PARENTS.get(d, [])]):
                continue
            pkg = next(p for p in (["dbt_" + x for x in [d] + compare.PARENTS.get(d, [])] + ["dbt"]) if name in theirs[p])
            names = compare.signature(theirs[pkg][name], name)
            required = compare.REQUIRED[pkg][name]
            kept = 0
            for seed in range(60):
                if kept >= 5:
                    break
                w = fakes.World(d, seed)
                for flag in w.behavior.values():
                    flag["no_warn"] = False
                ctx = bound.enter(w)
                r = random.Random("%s/%s/%s" % (d, name, seed))
                config = Config(w.values)
                for poisoned in ("model", "this", "graph", "flags", "load_result", "store_result", "store_raw_result", "submit_python_job", "write", "render", "sql", "pre_hooks", "post_hooks",
                                 "selected_resources", "defer_relation", "compiled_code", "ref", "source", "schema", "database", "log", "exceptions"):
                    ctx[poisoned] = Poison()
                ctx["config"], ctx["adapter"], ctx["target"] = config, Adapter(w), fakes.Bag(TARGET, type=d)
                try:
                    given = []
                    for i, p in enumerate(names):
                        if i >= required and r.random() < 0.4:
                            break
                        given.append(pool.value(p, w, r, name))
                    call = "{{ %s(%s) }}" % (name, ", ".join(source(v, w) for v in given))
                    if "'python'" in call:
                        continue
                    value = w.names[name](*given)
                    want = str(value)
                    if not re.search(COMMENTS_COUNT, name):
                        if "--" in call:
                            continue
                        want = re.sub(r"(?m)^\s*--.*$| -- .*$", "", want)
                except Exception:
                    continue
                if w.trace or "object at 0x" in want or "\\n" in want or "FixedDatetime" in want or "<function" in want:
                    continue
                try:
                    used = json.loads(json.dumps(config.read))
                except TypeError:
                    continue
                line = json.dumps({"dialect": d, "config": used, "text": call, "want": want}, sort_keys=True)
                if line not in seen:
                    seen.add(line)
                    kept += 1
                    print(line)


main()
