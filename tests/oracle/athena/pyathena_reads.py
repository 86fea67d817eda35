"""PyAthena, a client that was not written for the fakes, makes and reads tables and pages through them; and reads what weft has built.

    AWS_ENDPOINT_URL=… python pyathena_reads.py [--weft PATH --work DIR]

Each check compares what PyAthena makes of the answers with the values that went in; ends with 1 if one differs.
"""
import argparse, datetime, os, shutil, subprocess, sys, uuid
from concurrent.futures import as_completed
from decimal import Decimal
from pyathena import connect
from pyathena.async_cursor import AsyncCursor
from pyathena.cursor import DictCursor
from pyathena.error import OperationalError

DONE, WRONG = [], []


def check(what, got, want):
    DONE.append(what)
    if got != want:
        WRONG.append(what)
        print(f"{what}: {got!r}, expected {want!r}")


def built_by_weft(con, weft, work):
    """Types of all kinds, partitions, seeds, a view and a snapshot, as weft has made them, read after a first and a second build."""
    here = os.path.dirname(os.path.abspath(__file__)) + "/../../projects-athena"
    # PyAthena gives up on lists of rows with lists in them, and makes None of them.
    wanted = {
        "types": {
            "on_hive": [(1, 2, 3, 4, 1.5, 2.5, Decimal("123.4567"), True, "text", "fix  ", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 34, 56, 123000), b"bytes",
                         [1, 2, None], {"a": "1", "b": "2"}, {"n": "1", "w": "x"}, None)],
            "on_iceberg": [(1, 2, 3, 4, 1.5, 2.5, Decimal("123.4567"), True, "text", "fix", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 34, 56, 123000), b"bytes",
                            [1, 2, None], {"a": "1", "b": "2"}, {"n": "1", "w": "x"}, None)],
            "of_them": [(1, 2, "x", "p", datetime.datetime(2024, 2, 29, 12, 34, 56, 123000))]},
        "seeds": {"typed": [(1, "ant", 10, Decimal("1.50"), datetime.date(2024, 1, 1), datetime.datetime(2024, 1, 1, 10, 11, 12), True),
                            (2, "b,ee", None, Decimal("2.25"), datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2), False), (3, None, 30, None, None, None, None)]},
        "hive_partitions": {},
    }
    for name in wanted:
        schema = f"{name}_by_pyathena"
        shutil.rmtree(f"{work}/{name}", ignore_errors=True)
        shutil.copytree(f"{here}/{name}", f"{work}/{name}", ignore=shutil.ignore_patterns("_*"))
        for step in ("1", "2"):
            env = dict(os.environ, LAKE_SCHEMA=schema, LAKE_WORKGROUP="primary", LAKE_OTHER_WORKGROUP="primary", STEP=step)
            done = subprocess.run([weft, "build", "--project-dir", f"{work}/{name}", "--profiles-dir", here], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            check(f"weft builds {name}" + (done.stdout.decode()[-800:] if done.returncode else ""), done.returncode, 0)
            for table, rows in wanted[name].items():
                if rows:
                    check(f"{schema}.{table}, step {step}", sorted(con.cursor().execute(f"SELECT * FROM {schema}.{table}").fetchall(), key=lambda r: str(r[0])), rows)
    by_day = con.cursor().execute("SELECT day, count(*) FROM hive_partitions_by_pyathena.by_day GROUP BY day ORDER BY day").fetchall()
    check("partitions", by_day, [(datetime.date(2024, 1, 1), 1), (datetime.date(2024, 1, 2), 2), (datetime.date(2024, 2, 3), 1)])
    check("partitions that are pruned", con.cursor().execute("SELECT id FROM hive_partitions_by_pyathena.by_day WHERE day = date '2024-02-03'").fetchall(), [(4,)])
    types = {c.name: c.type for c in con.cursor().get_table_metadata("on_hive", catalog_name="AwsDataCatalog", schema_name="types_by_pyathena").columns}
    check("metadata of weft's table", (types["dec"], types["pair"], types["dict"]), ("decimal(12,4)", "struct<n:int,w:string>", "map<varchar(1),int>"))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weft")
    ap.add_argument("--work")
    a = ap.parse_args()
    con = connect(s3_staging_dir="s3://results/pyathena/", region_name="us-east-1", poll_interval=0.05)
    cur = con.cursor()
    cur.execute("CREATE DATABASE IF NOT EXISTS pyathena LOCATION 's3://lake/pyathena/'")
    run = uuid.uuid4()  # Athena refuses a folder that has files
    tables = {"hive": f"table_type = 'HIVE', is_external = true, external_location = 's3://lake/pyathena/{run}/hive_t'",
              "iceberg": f"table_type = 'ICEBERG', is_external = false, location = 's3://lake/pyathena/{run}/iceberg_t'"}
    row = ("CAST(7 AS bigint) AS b, CAST(1.5 AS double) AS d, CAST(12.34 AS decimal(10, 2)) AS price, true AS ok, CAST('it''s' AS varchar) AS s, date '2024-02-29' AS day, "
           "CAST('2024-02-29 01:02:03.5' AS timestamp({0})) AS at, CAST(NULL AS varchar) AS none, X'0aff' AS bin, ARRAY[1, 2] AS list, MAP(ARRAY['k'], ARRAY[5]) AS dict, "
           "CAST(ROW(1, 'x') AS ROW(n integer, w varchar)) AS pair")
    # Maps and rows come without the types of what is in them; PyAthena leaves that as text.
    want = (7, 1.5, Decimal("12.34"), True, "it's", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 1, 2, 3, 500000), None, b"\x0a\xff", [1, 2], {"k": "5"}, {"n": "1", "w": "x"})
    for kind, properties in tables.items():
        cur.execute(f"DROP TABLE IF EXISTS pyathena.{kind}_t")
        cur.execute(f"CREATE TABLE pyathena.{kind}_t WITH ({properties}) AS SELECT " + row.format(6 if kind == "iceberg" else 3))
        got = cur.execute(f"SELECT * FROM pyathena.{kind}_t").fetchall()
        check(f"types of {kind}", got, [want])
        check(f"names of {kind}", [d[0] for d in cur.description], "b d price ok s day at none bin list dict pair".split())
    cur.execute("SELECT n, CAST(n AS varchar) AS s FROM unnest(sequence(1, 3210)) AS t (n) ORDER BY n")
    check("first row", cur.fetchone(), (1, "1"))
    check("many", len(cur.fetchmany(1500)), 1500)
    rest = cur.fetchall()
    check("rest", (len(rest), rest[-1]), (1709, (3210, "3210")))
    check("no rows", cur.execute("SELECT * FROM pyathena.hive_t WHERE false").fetchall(), [])
    check("qmark", cur.execute("SELECT ? + 1, ?", ["41", "'x'"], paramstyle="qmark").fetchall(), [(42, "x")])
    check("pyformat", cur.execute("SELECT %(a)s", {"a": "it's"}).fetchall(), [("it's",)])
    check("dictionary", con.cursor(DictCursor).execute("SELECT 1 AS a, 'x' AS b").fetchall(), [{"a": 1, "b": "x"}])
    cur.execute("INSERT INTO pyathena.iceberg_t SELECT * FROM pyathena.iceberg_t")
    check("written rows", cur.rowcount, 1)
    cur.execute("SELECT count(*) FROM pyathena.iceberg_t")
    check("after an insert", cur.fetchall(), [(2,)])
    check("bytes scanned of a read", con.cursor().execute("SELECT max(s) FROM pyathena.hive_t").data_scanned_in_bytes > 0, True)
    check("show tables", sorted(con.cursor().execute("SHOW TABLES IN pyathena").fetchall()), [("hive_t",), ("iceberg_t",)])
    check("metadata", sorted(t.name for t in con.cursor().list_table_metadata(catalog_name="AwsDataCatalog", schema_name="pyathena")), ["hive_t", "iceberg_t"])
    check("a column's type", con.cursor().get_table_metadata("hive_t", catalog_name="AwsDataCatalog", schema_name="pyathena").columns[2].type, "decimal(10,2)")
    try:
        cur.execute("SELECT * FROM pyathena.no_such")
        check("an error", "none", "OperationalError")
    except OperationalError as e:
        check("the error names the table", "no_such" in str(e), True)
    with con.cursor(AsyncCursor) as many:
        started = [many.execute(f"SELECT {i}")[1] for i in range(8)]
        check("eight at a time", sorted(f.result().fetchall()[0][0] for f in as_completed(started)), list(range(8)))
        query, future = many.execute("SELECT count(*) FROM unnest(sequence(1, 10000)) AS a (n) CROSS JOIN unnest(sequence(1, 10000)) AS b (n) CROSS JOIN unnest(sequence(1, 10000)) AS c (n) WHERE a.n * b.n % 7 = c.n % 5")
        many.cancel(query)
        check("cancelled", future.result().state, "CANCELLED")
    if a.weft:
        built_by_weft(con, os.path.abspath(a.weft), a.work)
    print(f"PYATHENA checks={len(DONE)} failed={len(WRONG)}")
    return 1 if WRONG else 0


if __name__ == "__main__":
    sys.exit(main())
