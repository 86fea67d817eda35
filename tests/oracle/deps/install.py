"""Installs packages with dbt and with weft and compares: python install.py PATH/TO/weft [CASE ...]

Takes the cases of resolve.py that dbt resolves, serves archives for them, and lets both tools run `deps` in a project of their own. The
installed files and the lock file must be the same; then each tool runs in the other's project, and must leave its lock file alone.
"""
import http.server
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import threading

from resolve import CASES, HUB, make_repos


def archive(name, version):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for path, text in {"dbt_project.yml": "name: %s\n" % name, "macros/v.sql": version, "README.md": "x" * 5000}.items():
            info = tarfile.TarInfo("%s-%s/%s" % (name, version, path))
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/archive/"):
            body = archive(*self.path.split("/")[2:])
        else:
            name = self.path[len("/api/v1/"):-len(".json")]
            body = sorted(HUB) if name == "index" else HUB.get(name)
            body = None if body is None else json.dumps(body).encode()
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *a):
        pass


def tree(root):
    out = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f != ".git"]
        for name in files + [f for f in folders if os.path.islink(os.path.join(folder, f))]:
            path = os.path.join(folder, name)
            out[os.path.relpath(path, root)] = "link to " + os.path.basename(os.readlink(path)) if os.path.islink(path) else open(path).read()
    return out


def main():
    weft = os.path.abspath(sys.argv[1])
    dbt = os.path.join(os.path.dirname(sys.executable), "dbt")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = "http://127.0.0.1:%d/" % server.server_port
    for package in HUB.values():
        for version, v in package["versions"].items():
            v["downloads"] = {"tarball": "%sarchive/%s/%s" % (url, v["name"], version)}
    root = tempfile.mkdtemp()
    make_repos(os.path.join(root, "repos"))
    env = dict(os.environ, DBT_PACKAGE_HUB_URL=url, DBT_SEND_ANONYMOUS_USAGE_STATS="false", REPOS="file://" + os.path.join(root, "repos"))
    compared = wrong = 0
    for i, c in enumerate(CASES):
        if sys.argv[2:] and c["name"] not in sys.argv[2:]:
            continue
        dirs = {tool: os.path.join(root, "%d-%s" % (i, tool)) for tool in ("dbt", "weft")}

        def run(tool, where):
            r = subprocess.run([{"dbt": dbt, "weft": weft}[tool], "deps"], cwd=dirs[where], env=dict(env, **c.get("env", {})), capture_output=True, text=True)
            return r.returncode, r.stdout + r.stderr
        codes = {}
        for tool, dir_ in dirs.items():
            for name, text in c["files"].items():
                path = os.path.join(dir_, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as f:
                    f.write(text)
            codes[tool] = run(tool, tool)
        compared += 1
        problems = []
        if (codes["dbt"][0] == 0) != (codes["weft"][0] == 0):
            problems.append("exit: dbt %s, weft %s" % (codes["dbt"], codes["weft"]))
        elif codes["dbt"][0] == 0:
            trees = {tool: tree(os.path.join(d, "dbt_packages")) for tool, d in dirs.items()}
            locks = {tool: open(os.path.join(d, "package-lock.yml")).read() if os.path.exists(os.path.join(d, "package-lock.yml")) else "" for tool, d in dirs.items()}
            if trees["dbt"] != trees["weft"]:
                problems.append("files: dbt %s, weft %s" % (sorted(trees["dbt"]), sorted(trees["weft"])))
            if locks["dbt"] != locks["weft"]:
                problems.append("locks:\n%s\n%s" % (locks["dbt"], locks["weft"]))
            for tool, where in (("dbt", "weft"), ("weft", "dbt")):
                code, text = run(tool, where)
                if code or "Updating lock file" in text or tree(os.path.join(dirs[where], "dbt_packages")) != trees[where]:
                    problems.append("%s in the project of %s: %s" % (tool, where, text))
        if problems:
            wrong += 1
            print("##", c["name"], *problems, sep="\n", flush=True)
    print("%d cases, %d differ" % (compared, wrong))
    sys.exit(wrong > 0)


main()
