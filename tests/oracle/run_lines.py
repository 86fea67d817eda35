"""Lets real dbt build small projects, and keeps the lines it prints and the results it writes.

usage: run_lines.py DBT OUT      DBT is dbt's executable; OUT is compiler/internal/lower/testdata

The tests of that folder build the same projects with weft and compare. Times are masked; results keep only what does not
change from run to run.
"""
import json, pathlib, re, subprocess, sys, tempfile

PROFILE = "p1: {target: dev, outputs: {dev: {type: duckdb, path: p1.duckdb, schema: main, threads: 1}}}\n"
HEAD = "name: p1\nversion: '1.0'\nprofile: p1\n"

PROJECTS = {
    "build": ({
        "dbt_project.yml": HEAD + "models: {p1: {+materialized: view}}\n"
            "on-run-start: ['create table if not exists hooklog (x varchar)', \"insert into hooklog values ('start')\"]\n"
            "on-run-end: [\"insert into hooklog values ('end')\"]\n",
        "seeds/s.csv": "id,name,amt,d\n1,a,1.5,2024-01-01\n2,,2.25,2024-01-02\n3,c,,2024-01-03\n",
        "models/v.sql": "select id, name from {{ ref('s') }}",
        "models/t.sql": "{{ config(materialized='table', post_hook=\"insert into hooklog values ('post')\") }} select * from {{ ref('v') }}",
        "models/bad.sql": "{{ config(materialized='table') }} select * from nope_table",
        "models/child.sql": "select * from {{ ref('bad') }}",
        "models/eph.sql": "{{ config(materialized='ephemeral') }} select 1 as x",
        "models/useeph.sql": "select * from {{ ref('eph') }}",
        "models/inc.sql": "{{ config(materialized='incremental') }} select 1 as x",
        "tests/sing.sql": "select * from {{ ref('t') }} where id = 2",
        "tests/singwarn.sql": "{{ config(severity='warn') }} select * from {{ ref('t') }} where id > 1",
        "models/schema.yml": "models: [{name: t, columns: [{name: name, data_tests: [not_null]}, {name: id, data_tests: [unique, not_null]}]}]\n",
    }, []),
    "hookfail": ({
        "dbt_project.yml": HEAD + "on-run-start: ['select * from nowhere', 'select 1']\non-run-end: ['select 2']\n",
        "models/a.sql": "select 1 as x",
    }, []),
    "ephemeral": ({
        "dbt_project.yml": HEAD,
        "models/a.sql": "select 1 as x",
        "models/b.sql": "select * from {{ ref('a') }}",
        "models/eph.sql": "{{ config(materialized='ephemeral') }} {% if execute %}{{ exceptions.raise_compiler_error('no') }}{% endif %}",
        "models/useeph.sql": "select * from {{ ref('eph') }}",
        "tests/broken.sql": "select nope from {{ ref('a') }}",
    }, []),
    "failfast": ({
        "dbt_project.yml": HEAD,
        "models/a.sql": "select 1 as x",
        "models/b.sql": "select * from {{ ref('a') }}",
        "tests/broken.sql": "select nope from {{ ref('a') }}",
    }, ["--fail-fast"]),
    "exposure": ({
        "dbt_project.yml": HEAD,
        "models/a.sql": "select 1 as x",
        "models/bad.sql": "select * from nowhere",
        "models/e.yml": "exposures: [{name: page, type: dashboard, owner: {name: me, email: a@b.c}, depends_on: [ref('a')]},\n"
            "  {name: lost, type: dashboard, owner: {name: me, email: a@b.c}, depends_on: [ref('bad')]}]\n",
    }, []),
    "fine": ({
        "dbt_project.yml": HEAD,
        "seeds/s.csv": "id\n1\n",
        "models/a.sql": "select * from {{ ref('s') }}",
        "tests/t.sql": "{{ config(severity='warn') }} select * from {{ ref('a') }}",
        "tests/u.sql": "select * from {{ ref('a') }} where id > 1",
    }, []),
}


def lines(text):
    text = re.sub(r"(?m)^\d\d:\d\d:\d\d ? ?", "", text)
    text = re.sub(r"in \d+\.\d\ds\]", "in 0.00s]", text)
    text = re.sub(r"in 0 hours.*", "in 0 hours 0 minutes and 0.00 seconds (0.00s).", text)
    return text[text.index("Concurrency:"):]


def result(r):
    keep = ("unique_id", "status", "thread_id", "adapter_response", "message", "failures", "compiled", "relation_name")
    return {**{k: r[k] for k in keep}, "timing": [t["name"] for t in r["timing"]]}


def main(dbt, out):
    for name, (files, args) in PROJECTS.items():
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {**files, "profiles.yml": PROFILE}.items():
                file = pathlib.Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            done = subprocess.run([dbt, "--no-use-colors", "build", "--profiles-dir", "."] + args, cwd=folder, capture_output=True, text=True)
            pathlib.Path(out, name + ".dbt.txt").write_text(lines(done.stdout))
            results = json.loads(pathlib.Path(folder, "target/run_results.json").read_text())["results"]
            pathlib.Path(out, name + ".dbt.json").write_text(json.dumps([result(r) for r in results], indent=1) + "\n")


main(*sys.argv[1:])
