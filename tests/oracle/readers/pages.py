#!/usr/bin/env python3
"""Load the documentation page in a headless browser, weft's own and dbt's, over the artifacts that weft wrote.

usage: DBT_VENV/bin/python pages.py --work DIR [--chromium PROGRAM] [--shots DIR]

weft's page is asked for from `docs serve` and as the one file of `docs generate --static`; dbt's page is the file that its package brings.
Each must show the project: the names of models, columns with types, code, links to what is above and below, the picture of the lineage.
Then a project whose descriptions are attempts to break out of the page, and one of 10,000 models.
"""
import argparse, functools, http.server, json, os, re, shutil, subprocess, sys, tempfile, threading, time


def browse(chromium, url, profile, seconds=15000):
    out = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", f"--user-data-dir={profile}", f"--virtual-time-budget={seconds}",
                          "--dump-dom", url], capture_output=True, text=True, timeout=300)
    return out.stdout


def expect(problems, where, dom, *texts, absent=()):
    for t in texts:
        if t not in dom:
            problems.append(f"{where}: {t!r} is not shown")
    for t in absent:
        if t in dom:
            problems.append(f"{where}: {t!r} is in the page")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def folder(path):
    s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=path))
    threading.Thread(target=s.serve_forever, daemon=True).start()
    return s, f"http://localhost:{s.server_port}"


def large(dir, models):
    """A manifest of so many models, ten in a row below each other."""
    nodes = {}
    for i in range(models):
        id = f"model.big.m{i}"
        nodes[id] = {"resource_type": "model", "name": f"m{i}", "unique_id": id, "package_name": "big", "original_file_path": f"models/f{i % 100}/m{i}.sql", "database": "d", "schema": f"s{i % 7}",
                     "config": {"materialized": "view"}, "tags": [], "columns": {"id": {"name": "id", "description": "the key"}}, "description": f"model number {i}", "raw_code": "select 1 as id\n" * 20,
                     "depends_on": {"nodes": [f"model.big.m{i - k}" for k in (1, 10) if i - k >= 0 and i % 10]}, "relation_name": f"d.s.m{i}", "docs": {"show": True}}
        for k in range(2):
            t = f"test.big.not_null_m{i}_{k}"
            nodes[t] = {"resource_type": "test", "name": f"not_null_m{i}_{k}", "unique_id": t, "package_name": "big", "original_file_path": "models/models.yml", "config": {"severity": "error"},
                        "column_name": "id", "attached_node": id, "test_metadata": {"name": "not_null"}, "depends_on": {"nodes": [id]}, "raw_code": "{{ test_not_null(**_dbt_generic_test_kwargs) }}"}
    json.dump({"metadata": {"project_name": "big", "adapter_type": "duckdb"}, "nodes": nodes}, open(f"{dir}/manifest.json", "w"))


EVIL = "<img src=x onerror=\"document.title='broken'\"> <script>document.title='broken'</script> [go](javascript:document.title='broken') ![x](javascript:alert(1)) </script><b>bold</b> **kept**"


def evil(dir):
    n = {"resource_type": "model", "name": "a<b>c</b>", "unique_id": "model.evil.a", "package_name": "evil", "original_file_path": "models/<i>x</i>.sql", "description": EVIL, "config": {"materialized": "view"},
         "columns": {"c": {"name": "<u>c</u>", "description": EVIL, "data_type": "<s>int</s>"}}, "raw_code": "select '</script><script>document.title=1</script>'", "depends_on": {"nodes": []},
         "meta": {"k": EVIL}, "tags": ["<em>t</em>"], "relation_name": "<i>", "docs": {"show": True}}
    e = {"resource_type": "exposure", "name": "e", "unique_id": "exposure.evil.e", "package_name": "evil", "url": "javascript:document.title='broken'", "type": "dashboard", "owner": {"name": EVIL},
         "depends_on": {"nodes": ["model.evil.a"]}, "fqn": ["evil", "e"]}
    json.dump({"metadata": {"project_name": "evil<b>", "adapter_type": "duckdb"}, "nodes": {"model.evil.a": n}, "exposures": {"exposure.evil.e": e}}, open(f"{dir}/manifest.json", "w"))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--work", required=True)
    a.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"))
    a = a.parse_args()
    if not a.chromium:
        print("PAGES skipped=1: there is no chromium")
        return 0
    work = os.path.abspath(a.work)
    problems, pages = [], 0
    profile = tempfile.mkdtemp()
    p = next(p for p in json.load(open(f"{work}/projects.json")) if p["name"] == "sales")
    weft, target = f"{work}/bin/dbt", f"{p['dir']}/target"
    env = {**os.environ, **p["env"]}
    subprocess.run([weft, "docs", "generate", "--static"], cwd=p["dir"], env=env, check=True, capture_output=True)
    server = subprocess.Popen([weft, "docs", "serve", "--port", "0", "--no-browser"], cwd=p["dir"], env=env, stdout=subprocess.PIPE, text=True)
    url = None
    for line in server.stdout:
        if m := re.search(r"navigate to: (\S+)", line):
            url = m.group(1)
            break
    try:
        for base in (url + "/", f"file://{target}/static_index.html"):
            dom = browse(a.chromium, base + "#/model.sales.fct_sales", profile)
            expect(problems, base, dom, 'data-ready="yes"', "<h1>fct_sales</h1>", "order_number", "DECIMAL(18,2)", ">not_null<", 'id="lineage"', "<svg", "int_priced_sales", "regional_sales_dashboard",
                   "One row for each marketing order", "sales.is_deeply_discounted", ">Compiled<", 'href="#/model.sales.sales_by_region"', "BASE TABLE", absent=("<h1>Not found",))
            dom = browse(a.chromium, base + "#/exposure.sales.regional_sales_dashboard", profile)
            expect(problems, base, dom, "<h1>regional_sales_dashboard</h1>", 'id="parents"')
            pages += 2
    finally:
        server.terminate()
        server.wait(10)
    # dbt's page, as dbt serves it: its file beside the artifacts.
    import dbt.task.docs

    dbts = tempfile.mkdtemp()
    for name in ("manifest.json", "catalog.json"):
        shutil.copy(f"{target}/{name}", dbts)
    shutil.copy(os.path.join(os.path.dirname(dbt.task.docs.__file__), "index.html"), dbts)
    s, base = folder(dbts)
    dom = browse(a.chromium, base + "/#!/model/model.sales.fct_sales", profile, 30000)
    expect(problems, "dbt's page", dom, "fct_sales", "One row for each marketing order", "order_number", "DECIMAL(18,2)", "sales_by_region", "int_priced_sales", "left join", "not_null")
    dom = browse(a.chromium, base + "/#!/exposure/exposure.sales.regional_sales_dashboard", profile, 30000)
    expect(problems, "dbt's page", dom, "regional_sales_dashboard", "sales_by_region")
    dom = browse(a.chromium, base + "/#!/seed/seed.sales.warehouses", profile, 30000)
    expect(problems, "dbt's page", dom, "warehouse_id", "stg_warehouses")
    pages += 3
    s.shutdown()
    seconds = 0.0
    for name, make in (("evil", evil), ("big", lambda d: large(d, 10000))):
        dir = tempfile.mkdtemp()
        make(dir)
        shutil.copy(f"{target}/index.html", dir)
        s, base = folder(dir)
        if name == "evil":
            dom = browse(a.chromium, base + "/#/model.evil.a", profile)
            expect(problems, name, dom, 'data-ready="yes"', "a&lt;b&gt;c&lt;/b&gt;", "&lt;u&gt;c&lt;/u&gt;", "<strong>kept</strong>", "&lt;img src=x", absent=("<img", "<b>bold", "<title>broken", 'href="javascript', "<u>c", "<em>t"))
            dom = browse(a.chromium, base + "/#/exposure.evil.e", profile)
            expect(problems, name, dom, 'data-ready="yes"', absent=('href="javascript', "<title>broken", "<img"))
            pages += 2
        else:
            begun = time.time()
            dom = browse(a.chromium, base + "/#/model.big.m5005", profile, 60000)
            seconds = time.time() - begun
            expect(problems, name, dom, 'data-ready="yes"', "<h1>m5005</h1>", "<svg", "model number 5005", "m5006")
            if dom.count("<a ") > 3000:
                problems.append(f"big: {dom.count('<a ')} links are in the page: what is not looked at must not be made")
            pages += 1
        s.shutdown()
    for line in problems[:40]:
        print(line)
    print(f"PAGES pages={pages} seconds_for_10000={seconds:.1f} problems={len(problems)}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
