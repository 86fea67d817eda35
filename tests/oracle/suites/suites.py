#!/usr/bin/env python3
"""Public dbt packages and projects, built on DuckDB by real dbt and by weft: what passes under dbt must pass under weft.

usage: suites.py --venv DBT_VENV --weft PATH --work DIR --tools DIR [--only a,b] [--list FILE] [--notes N]

suites.json names each repository with the commit that was looked at and the projects in it. A repository is fetched into
WORK/src/<name> unless that folder is there; nothing of it is ever committed. In a copy of it every packages.yml is
rewritten to the folders of the other repositories, so that both tools install the same text without a hub; the project gets
a profile for DuckDB; then both install, seed and build, each into a database of its own, and statuses, numbers of failures,
compiled text and the rows of every relation are compared (by oracle_dbt.py, found in --tools).

A node that passes under dbt and not under weft is a regression and fails the run. What differs for a reason is in suites.json
under "differs", by node, with that reason; an entry that no longer differs fails the run too.
"""
import argparse, collections, fnmatch, json, os, re, shutil, subprocess, sys, types

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
GOOD = ("success", "pass", "warn", "no-op")


def fetch(repo, src):
    """The tree of one repository at its commit, in SRC/<name>."""
    dest = f"{src}/{repo['name']}"
    if os.path.isdir(dest):
        return
    tmp = dest + ".part"
    shutil.rmtree(tmp, ignore_errors=True)
    run = lambda *c: subprocess.run(["git", "-C", tmp, *c], check=True, stdout=subprocess.DEVNULL)
    os.makedirs(tmp)
    run("init", "-q")
    run("fetch", "-q", "--depth", "1", f"https://github.com/{repo['repo']}", repo["commit"])
    run("-c", "advice.detachedHead=false", "checkout", "-q", "FETCH_HEAD")
    shutil.rmtree(f"{tmp}/.git")
    os.rename(tmp, dest)


def package_index(repos, src):
    """Folders by the names that packages.yml may use: the hub's, the repository's and the package's own."""
    index = {}
    for r in repos:
        for sub in r.get("packages", ["."]):
            try:
                name = yaml.safe_load(open(f"{src}/{r['name']}/{sub}/dbt_project.yml"))["name"]
            except OSError:
                continue
            for alias in (name, r["repo"].lower(), *r.get("also", [])):
                index[alias] = os.path.normpath(f"{r['name']}/{sub}")
    return index


def bring(name, src, root):
    """A copy of one repository in ROOT."""
    if not os.path.isdir(f"{root}/{name}"):
        shutil.copytree(f"{src}/{name}", f"{root}/{name}", symlinks=True, ignore=shutil.ignore_patterns("package-lock.yml"))


def localise(path, src, root, index, seen, drop):
    """Make a packages.yml point at folders only, and bring those. What is not in the index needs a network, or is dropped."""
    project = os.path.dirname(path)
    if project in seen:
        return
    seen.add(project)
    listed = (yaml.safe_load(open(path)) or {}).get("packages") or []
    for p in listed:
        want = p.get("package", p.get("git", "")).lower().removesuffix(".git").removeprefix("https://github.com/")
        folder = index.get(want) or index.get(want.split("/")[-1])
        if folder:
            bring(folder.split("/")[0], src, root)
            p.clear()
            p["local"] = f"{root}/{folder}"
        if "local" in p:
            p["local"] = os.path.normpath(os.path.join(project, p["local"]))        # dbt reads nested relative paths from the root project
            for f in ("packages.yml", "dependencies.yml"):
                q = f"{p['local']}/{f}"
                if os.path.exists(q):
                    localise(q, src, root, index, seen, drop)
    yaml.safe_dump({"packages": [p for p in listed if "local" in p or not drop]}, open(path, "w"))


def prepare(case, repos, src, base):
    """A copy of the repositories, with profile and packages; the project's folder is returned."""
    shutil.rmtree(base, ignore_errors=True)
    os.makedirs(base)
    bring(case["repo"], src, base)
    project = os.path.normpath(f"{base}/{case['repo']}/{case.get('project', '.')}")
    index, seen = package_index(repos, src), set()
    for f in ("packages.yml", "dependencies.yml"):
        if os.path.exists(f"{project}/{f}"):
            localise(f"{project}/{f}", src, base, index, seen, case.get("drop_packages"))
    conf = yaml.safe_load(open(f"{project}/dbt_project.yml"))
    out = {"type": "duckdb", "path": "{{ env_var('ORACLE_DUCKDB', 'oracle.duckdb') }}", "schema": case.get("schema", "main"), "threads": 4}
    if case.get("profile", {}).get("type", "duckdb") != "duckdb":
        out = {}
    out.update(case.get("profile", {}))
    yaml.safe_dump({conf.get("profile", "default"): {"target": "duckdb", "outputs": {"duckdb": out}}}, open(f"{project}/profiles.yml", "w"))
    if case.get("env"):
        json.dump(case["env"], open(f"{project}/_env.json", "w"))
    if case.get("load"):
        open(f"{project}/_load.sql", "w").write(case["load"])
    json.dump(case.get("unstable", []), open(f"{project}/_unstable.json", "w"))
    for name in case.get("remove", []):
        os.remove(f"{project}/{name}")
    return project


def install(command, project):
    """Install the packages with one of the tools: whether it went well, which folder each package is, and the output."""
    if not any(os.path.exists(f"{project}/{f}") for f in ("packages.yml", "dependencies.yml")):
        return (True, []), ""
    got = f"{project}/dbt_packages"
    shutil.rmtree(got, ignore_errors=True)
    p = subprocess.run(command + ["deps", "--project-dir", project, "--profiles-dir", project], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    names = sorted(os.listdir(got)) if os.path.isdir(got) else []
    return (p.returncode == 0, [(n, os.path.realpath(f"{got}/{n}")) for n in names]), p.stdout.decode("utf-8", "replace")


def unlink(project):
    """Local packages are linked, and a link from a package's own tests leads in a circle: make them copies without their tests."""
    got = f"{project}/dbt_packages"
    for n in os.listdir(got) if os.path.isdir(got) else []:
        link = f"{got}/{n}"
        if os.path.islink(link):
            target = os.path.realpath(link)
            os.remove(link)
            shutil.copytree(target, link, symlinks=True, ignore=shutil.ignore_patterns("integration_test*", "dbt_packages", "target", "logs"))


def recorded(base):
    """What an earlier run of dbt left, as oracle_dbt.side gives it; None if there is none."""
    try:
        results = json.load(open(f"{base}/dbt/out/run_results.json"))["results"]
        manifest = json.load(open(f"{base}/dbt/out/manifest.json"))
    except (OSError, ValueError):
        return None
    return {"rc": {"recorded": 0}, "wall": {}, "results": {r["unique_id"]: {"status": r["status"], "failures": r.get("failures")} for r in results},
            "db": f"{base}/dbt/oracle.duckdb", "manifest": manifest, "unstable": []}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--venv", required=True)
    ap.add_argument("--weft", required=True)
    ap.add_argument("--work", required=True)
    ap.add_argument("--tools", required=True)
    ap.add_argument("--list", default=f"{HERE}/suites.json")
    ap.add_argument("--only")
    ap.add_argument("--notes", type=int, default=8)
    ap.add_argument("--again", action="store_true", help="leave out what dbt has done here before")
    ap.add_argument("--timeout", type=int, default=900)
    a = ap.parse_args()
    sys.path.insert(0, a.tools)
    import oracle_dbt as oracle

    spec = json.load(open(a.list))
    repos, src = spec["repositories"], f"{os.path.abspath(a.work)}/src"
    os.makedirs(src, exist_ok=True)
    wanted = [c for c in spec["projects"] if not a.only or c["name"] in a.only.split(",")]
    for r in repos:
        if r.get("packages") or any(c["repo"] == r["name"] for c in wanted):
            fetch(r, src)
    total = collections.Counter()
    print(f"{'project':28} {'nodes':>6} {'config%':>7} {'text%':>7} {'results':>8} {'pass dbt':>8} {'weft':>6} {'status%':>7} {'relations':>9} {'rows%':>6} {'dbt s':>6} {'weft s':>6}")
    for case in wanted:
        base = f"{os.path.abspath(a.work)}/{case['name']}"
        old = recorded(base) if a.again else None
        project = prepare(case, repos, src, f"{base}/tree")
        ours, said = install([a.weft], project)
        theirs, told = install([f"{a.venv}/bin/dbt", "--quiet"], project)
        unlink(project)
        deps_differ = ours != theirs
        vars_ = f" --vars '{json.dumps(case['vars'])}'" if case.get("vars") else ""
        args = types.SimpleNamespace(venv=os.path.abspath(a.venv), weft=os.path.abspath(a.weft), steps=case.get("steps", "seed,build"), timeout=a.timeout)
        x = old or oracle.side("dbt", oracle.DBT + vars_, project, base, args)
        y = oracle.side("weft", oracle.WEFT + vars_, project, base, args)
        x["unstable"] = case.get("unstable", [])
        r, notes, _ = oracle.compare(x, y)
        differs, used = case.get("differs", {}), set()
        worse, better, other = [], [], []
        for uid, was in x["results"].items():
            now = y["results"].get(uid, {})
            same = was["status"] == now.get("status") and (was["failures"] or 0) == (now.get("failures") or 0)
            if same:
                continue
            pattern = next((d for d in differs if fnmatch.fnmatch(uid, d)), None)
            if pattern:
                used.add(pattern)
                total["explained"] += 1
                continue
            line = f"{uid}: {was['status']} {was['failures']} / {now.get('status')} {now.get('failures')}"
            (worse if was["status"] in GOOD and now.get("status") not in GOOD else better if now.get("status") in GOOD and was["status"] not in GOOD else other).append(line)
        def left(lines):
            out = []
            for line in lines:
                uid = line.split(":")[0]
                pattern = next((d for d in differs if fnmatch.fnmatch(uid, d)), None)
                used.add(pattern) if pattern else out.append(line)
            return out

        bad_rows, bad_text = left(notes.pop("data", [])), left(notes.get("code", []))
        other += [f"{d}: is listed in suites.json and does not differ" for d in differs if d not in used]
        passed = sum(v["status"] in GOOD for v in x["results"].values())
        passes = sum(y["results"].get(u, {}).get("status") in GOOD for u, v in x["results"].items() if v["status"] in GOOD)
        print(f"{case['name'][:28]:28} {r['nodes_n']:6} {oracle.pct(r['conf'], r['conf_n']):>7} {oracle.pct(r['code_ws'], r['code_n']):>7} {r['status_n']:8} {passed:8} {passes:6} {oracle.pct(r['status'], r['status_n']):>7} "
              f"{r['data_n']:9} {oracle.pct(r['data'], r['data_n']):>6} {sum(x['wall'].values()):6.1f} {sum(y['wall'].values()):6.1f}  rc {'/'.join(map(str, x['rc'].values()))} {'/'.join(map(str, y['rc'].values()))}"
              + ("  deps differ" if deps_differ else ""))
        groups = {"regression": worse, "only weft passes": better, "status": other, "rows": bad_rows, "missing": notes.get("missing", []), "extra": notes.get("extra", []),
                  "deps": notes.get("deps", []), "config": notes.get("config", []), "text": bad_text}
        for k, v in groups.items():
            for line in v[:a.notes]:
                print(f"    {k}: {line[:260]}")
            if len(v) > a.notes:
                print(f"    {k}: ... {len(v) - a.notes} more")
        if deps_differ or not ours[0]:
            print("    weft deps:", said.strip()[-400:], "\n    dbt deps:", told.strip()[-400:])
        sys.stdout.flush()
        total.update({"projects": 1, "results": r["status_n"], "passed": passed, "regressions": len(worse), "better": len(better), "status_differs": len(other), "rows_differ": len(bad_rows), "relations": r["data_n"],
                      "missing": len(notes.get("missing", [])), "extra": r["extra"], "text_differs": len(bad_text), "config_differs": r["conf_n"] - r["conf"], "deps_differ": int(deps_differ)})
    print("\nSUITES " + " ".join(f"{k}={total[k]}" for k in ("projects", "results", "passed", "regressions", "better", "status_differs", "explained", "relations", "rows_differ", "missing", "extra", "text_differs",
                                                            "config_differs", "deps_differ")))


if __name__ == "__main__":
    main()
