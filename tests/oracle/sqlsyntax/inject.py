"""Writes what dbt's own CTE injection makes of many queries: run with a Python that has dbt-core.

    python inject.py > compiler/internal/sqlsyntax/testdata/inject.jsonl

One line is [sql, number of CTEs, text], text null where dbt fails. The queries are generated from a grammar of fragments with
a fixed seed, so that a run repeats."""
import json
import random

from dbt.compilation import inject_ctes_into_sql
from dbt.contracts.graph.nodes import InjectedCTE

FIXED = [
    "select 1", "with a as (select 1) select * from a", "WITH\n  a as (select 1)\nselect 1", "", "   ", "\n\n", "-- only a comment",
    "with recursive a as (select 1) select 1", "with  RECURSIVE\n a as (select 1) select 1", "with /* c */ recursive a as (select 1) select 1",
    "with -- c\n a as (select 1) select 1", "with recursive -- c\n a as (select 1) select 1", "/* c */ with a as (select 1) select 1",
    "-- c\nwith a as (select 1) select 1", "-- with a\nselect 1", "/* with */ select 1", "\n\n  select 1\n\n", "  \t with a as (select 1) select 1  \n",
    "(with a as (select 1) select * from a)", "select * from (with a as (select 1) select * from a) x", "select 1;", "select 1;\n", "select 1; \n",
    "select 1;  -- c", "select 1; -- c\n", "select 1; -- c\n\n -- d\nselect 2", "select 1; select 2", "select 1; /* c */ select 2", "with a as (select 1) select 1; ;",
    "select ';' as a; select 2", "select \"a;b\" from t", "select 'with' as a", "select \"with\" from t", "select with.a from with", "select a.with from t",
    "with(select 1)", "with", "with ", "with recursive", "insert into t with a as (select 1) select * from a", "insert into t (a) select 1",
    "create table t as with a as (select 1) select * from a", "select * from t where x = 1 with a", "select * from t where x = 1 order by 1 with a",
    "select case when 1 = 1 then 1 else 2 end with x", "select * from t group by a with rollup", "select cast(x as timestamp with time zone) from t",
    "select x::timestamp with time zone from t", "select * from unnest(a) with ordinality", "select * from t union all with a as (select 1) select 2",
    "select '--' as a\nfrom t", "select 1 -- it's\nfrom t", "select 'it''s' from t with x", "select E'a\\'b' from t", "select $$a;b$$; select 2",
    "values (1)", "{{ not rendered }}", "select a[1] from t", "select (1", "select 1) with x", "((select 1) union (select 2))", "set a = 1; with b as (select 1) select 2",
    "with a as (select 1), b as (select 2) select 1", "\ufeffselect 1", "select 'ü' as ü", "with\tx as (select 1) select 1", "with\r\na as (select 1)\r\nselect 1",
]
SPACE = [" ", "\n", "\n\n", "  ", "\t", " /* c */ ", " -- c\n", "\n-- with x\n", "/* a\n with b */", "\r\n"]
TERM = ["a", "a.b", "1", "1.5", "'x'", "'it''s'", "\"A\"", "\"a b\"", "'with'", "'(;'", "count(*)", "(select 1)", "case when a then b else c end", "a::int",
        "cast(a as text)", "a[1]", "coalesce(a, 'b')", "sum(a) over (partition by b order by c)", "null", "a || b", "x.\"with\"", "-1", "(with q as (select 1) select 2)"]
FROM = ["t", "s.t", "\"s\".\"t\"", "t as x", "t x", "(select 1) y", "t join u on t.a = u.b", "t left join u using (a)", "lateral (select 1) z", "unnest(a) u"]
COND = ["a = 1", "a in (1, 2)", "a is not null", "exists (select 1)", "a like '%;%'", "a between 1 and 2", "not (a = b)", "(a or b)", "a > (select 1)"]


def generate(r):
    def sp():
        return r.choice(SPACE) if r.random() < 0.4 else " "

    def select(depth):
        out = "select" + sp() + (r.choice(["distinct ", ""])) + ("," + sp()).join(r.choice(TERM) for _ in range(r.randint(1, 4)))
        if r.random() < 0.8:
            out += sp() + "from" + sp() + r.choice(FROM)
        if r.random() < 0.5:
            out += sp() + "where" + sp() + (sp() + r.choice(["and", "or"]) + sp()).join(r.choice(COND) for _ in range(r.randint(1, 3)))
        if r.random() < 0.3:
            out += sp() + "group by" + sp() + "1"
        if r.random() < 0.3:
            out += sp() + "order" + sp() + "by" + sp() + "1"
        if r.random() < 0.2:
            out += sp() + "limit" + sp() + "10"
        if depth and r.random() < 0.3:
            out += sp() + r.choice(["union all", "union", "except", "intersect"]) + sp() + select(depth - 1)
        return out

    def query():
        out = ""
        if r.random() < 0.6:
            out = r.choice(["with", "WITH", "With"]) + sp()
            if r.random() < 0.2:
                out += r.choice(["recursive", "RECURSIVE"]) + sp()
            out += ("," + sp()).join("c%d" % i + sp() + "as" + sp() + "(" + sp() + select(1) + sp() + ")" for i in range(r.randint(1, 3))) + sp()
        return out + select(2)

    text = (sp() if r.random() < 0.5 else "") + query()
    kind = r.random()
    if kind < 0.05:
        text = "insert into t" + sp() + text
    elif kind < 0.1:
        text = "create table t as" + sp() + text
    elif kind < 0.15:
        text = "(" + text + ")"
    if r.random() < 0.3:
        text += sp()
    if r.random() < 0.2:
        text += ";" + (sp() if r.random() < 0.7 else "")
        if r.random() < 0.3:
            text += query()
    return text


def main():
    r = random.Random(3)
    for i, sql in enumerate(FIXED + [generate(r) for _ in range(600)]):
        n = 1 if i % 5 else 3
        ctes = [InjectedCTE(id=str(k), sql=" __dbt__cte__e%d as (\nselect %d\n)" % (k, k)) for k in range(n)]
        try:
            text = inject_ctes_into_sql(sql, ctes)
        except Exception:
            text = None
        print(json.dumps([sql, n, text], ensure_ascii=False))


main()
