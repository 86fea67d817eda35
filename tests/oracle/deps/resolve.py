"""Asks dbt to resolve packages: python resolve.py > deps/testdata/resolve.json

A hub is made up and served on this machine; each case is a project that `dbt deps --lock` is asked to resolve. What is written is the
hub, the cases, and of each the lock file or the message. Repositories lie below $REPOS, of which the hash in a lock file tells;
such cases are marked `moves`, and their hash is left out.
"""
import http.server
import json
import os
import random
import re
import subprocess
import tempfile
import threading

rng = random.Random(11)
HUB = {}


def add(package, version, packages=(), requires=None):
    name = package.split("/")[1]
    HUB.setdefault(package, {"name": name, "namespace": package.split("/")[0], "versions": {}})["versions"][version] = {
        "name": name, "version": version, "packages": list(packages), "require_dbt_version": requires if requires is not None else [">=1.0.0", "<2.0.0"],
        "downloads": {"tarball": "https://example.com/%s-%s.tar.gz" % (name, version), "format": "tgz", "sha1": ""}}


for v in ["1.0.0", "0.9.0", "1.1.0", "1.10.0", "1.2.0-rc1", "1.2.0"]:
    add("acme/base", v)
add("acme/base", "2.0.0", requires=[">=2.0.0", "<3.0.0"])
add("acme/base", "1.11.0-b1")
add("acme/mid", "1.0.0", [{"package": "acme/base", "version": [">=1.0.0", "<1.2.0"]}])
add("acme/mid", "1.1.0", [{"package": "acme/base", "version": "1.1.0"}])
add("acme/top", "0.1.0", [{"package": "acme/mid", "version": "1.0.0"}, {"package": "acme/base", "version": [">=0.9.0"]}])
add("acme/odd", "1.0.0", [{"package": "acme/base", "version": ">1.0.0"}], requires=">=1.0.0")
add("acme/odd", "1.0.1rc2", [], requires=[])
add("acme/twin", "1.0.0")
HUB["acme/twin"]["versions"]["1.0.0"]["name"] = "base"
add("acme/old", "1.0.0", requires=["<1.0.0"])
for i in range(8):
    for _ in range(rng.choice([2, 3, 5])):
        wanted = [{"package": "rnd/p%d" % j, "version": rng.choice([[">=%d.0.0" % rng.choice([0, 1, 1]), "<%d.0.0" % rng.choice([2, 2, 3])], ">=0.%d.0" % rng.choice([1, 2]), "1.%d.0" % rng.choice([0, 1])])}
                  for j in range(i + 1, 8) if rng.random() < 0.35]
        add("rnd/p%d" % i, "%d.%d.0%s" % (rng.choice([0, 1, 1, 2]), rng.choice([0, 1, 2]), rng.choice(["", "", "", "", "-rc1"])), wanted)

PROJECT = "name: shop\nversion: '1.0'\nprofile: shop\n"


def local(name, packages=""):
    out = {"%s/dbt_project.yml" % name: "name: %s\nversion: '1.0'\n" % name}
    if packages:
        out["%s/packages.yml" % name] = packages
    return out


CASES = []


def case(name, packages, files=None, moves=False, **more):
    all_ = {"dbt_project.yml": PROJECT, "packages.yml": packages}
    all_.update(files or {})
    CASES.append({"name": name, "files": {k: v for k, v in all_.items() if v is not None}, "moves": moves, **more})


def hub(*pairs, extra=""):
    return "packages:\n" + "".join("  - package: %s\n    version: %s\n%s" % (p, v, extra) for p, v in pairs)


case("exact", hub(("acme/base", "1.0.0")))
case("newest", hub(("acme/base", '[">=0.9.0", "<2.0.0"]')))
case("no upper bound", hub(("acme/base", '">=0.9.0"')))
case("prereleases", hub(("acme/base", '">=0.9.0"'), extra="    install_prerelease: true\n"))
case("prerelease asked for", hub(("acme/base", "1.2.0-rc1")))
case("prerelease in a range", hub(("acme/base", '[">=1.2.0-rc1", "<1.2.0"]')))
case("no version fits", hub(("acme/base", "3.0.0")))
case("range that nothing fits", hub(("acme/base", '[">1.10.0", "<1.10.5"]')))
case("contradiction", hub(("acme/base", '[">=1.1.0", "<1.0.0"]')))
case("transitive", hub(("acme/top", "0.1.0")))
case("transitive conflict", hub(("acme/mid", "1.1.0"), ("acme/base", "1.0.0")))
case("order of the list", hub(("acme/base", '">=1.0.0"'), ("acme/mid", "1.0.0")))
case("twice", hub(("acme/base", '">=1.0.0"'), ("acme/base", '"<1.2.0"')))
case("unknown package", hub(("acme/none", "1.0.0")))
case("incompatible with dbt", hub(("acme/old", "1.0.0")))
case("without dash", hub(("acme/odd", "1.0.1rc2")))
case("requirement as text", hub(("acme/odd", "1.0.0")))
case("not semantic", hub(("acme/base", '"~1.0"')))
case("number", hub(("acme/base", "1.0")))
case("same project name", hub(("acme/base", "1.0.0"), ("acme/twin", "1.0.0")))
case("name of the root", "packages:\n  - local: shop\n", local("shop"))
case("local", "packages:\n  - local: ./one\n", local("one", "packages:\n  - package: acme/base\n    version: [\">=1.0.0\"]\n  - local: two\n") | local("two"))
case("local without project", "packages:\n  - local: nowhere\n")
case("dependencies.yml", None, {"dependencies.yml": hub(("acme/base", "1.0.0")) + "projects:\n  - name: other\n"})
case("dependencies.yml is not rendered", None, {"dependencies.yml": "packages:\n  - package: acme/base\n    version: \"{{ '1.0.0' }}\"\n"})
case("rendered", "packages:\n  - package: \"acme/{{ 'base' }}\"\n    version: \"{{ env_var('BASE_VERSION') }}\"\n", env={"BASE_VERSION": "1.1.0"})
case("variable", "packages:\n  - package: acme/base\n    version: \"{{ var('v', '1.0.0') }}\"\n")
case("variable of a package", "packages:\n  - local: one\n", local("one", "packages:\n  - package: acme/base\n    version: \"{{ var('v', '1.1.0') }}\"\n"))
case("dependencies.yml of a package", "packages:\n  - local: one\n", local("one") | {"one/dependencies.yml": "packages:\n  - package: acme/base\n    version: \"{{ '1.0.0' }}\"\n"})
case("unicode folder", "packages:\n  - local: stra\u00dfe\n", {"stra\u00dfe/dbt_project.yml": "name: street\nversion: '1.0'\n"})
case("local with a name", "packages:\n  - local: one\n    name: uno\n", local("one"))
case("empty list", "packages: []\n")
case("missing version", "packages:\n  - package: acme/base\n")
case("missing namespace", "packages:\n  - package: base\n    version: 1.0.0\n")
case("unknown key", "packages:\n  - package: acme/base\n    version: 1.0.0\n    versoin: 2\n")
case("vars in the project", hub(("acme/base", "1.0.0")), {"dbt_project.yml": PROJECT + "models: {shop: {+tags: \"{{ var('none') }}\"}}\n"})
G = "packages:\n  - git: \"{{ env_var('REPOS') }}/tools\"\n"
case("git head", G, moves=True)
case("git tag", G + "    revision: v1\n", moves=True)
case("git number as tag", G + "    revision: 1.0\n", moves=True)
case("git branch", G + "    revision: side\n    warn-unpinned: false\n", moves=True)
case("git subdirectory", G + "    subdirectory: sub/inner\n    revision: main\n", moves=True)
case("git transitive", G + "    revision: side\n  - package: acme/base\n    version: [\">=1.0.0\"]\n", moves=True)
case("git two revisions", G + "    revision: v1\n" + G.split("\n", 1)[1] + "    revision: side\n", moves=True)
case("git with and without suffix", G + "    revision: v1\n  - git: \"{{ env_var('REPOS') }}/tools.git\"\n    revision: v1\n", moves=True)
case("git unknown revision", G + "    revision: none\n", moves=True)
case("git unknown repository", G.replace("tools", "nothing"), moves=True)
for n in range(60):
    k = rng.sample(range(8), rng.choice([1, 2, 2, 3]))
    case("random %d" % n, hub(*[("rnd/p%d" % i, rng.choice(['[">=0.0.0"]', '[">=0.1.0", "<2.0.0"]', '[">=1.0.0", "<3.0.0"]', '">=1.1.0"', '"<2.0.0"'])) for i in k],
                              extra=rng.choice(["", "", "    install_prerelease: true\n"])))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/api/v1/index.json":
            body = sorted(HUB)
        else:
            body = HUB.get(self.path[len("/api/v1/"):-len(".json")])
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *a):
        pass


# What makes the repositories; the Go test runs the same commands.
REPOS = [
    ["tools/dbt_project.yml", "name: tools\n"], ["tools/sub/inner/dbt_project.yml", "name: inner\n"], ["commit", "first"], ["tag", "v1"], ["tag", "1.0"],
    ["branch", "side"], ["tools/packages.yml", "packages:\n  - package: acme/base\n    version: 1.1.0\n"], ["commit", "second"], ["branch", "main"],
    ["tools/dbt_project.yml", "name: tools\nversion: '2'\n"], ["commit", "third"],
]


def make_repos(root):
    env = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", HOME=root, GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.com", GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.com",
               GIT_AUTHOR_DATE="2024-01-01T00:00:00Z", GIT_COMMITTER_DATE="2024-01-01T00:00:00Z")
    dir_ = os.path.join(root, "tools")

    def git(*args):
        subprocess.run(["git", *args], cwd=dir_, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.makedirs(dir_)
    git("init", "-b", "main")
    for what, value in REPOS:
        if what == "commit":
            git("add", "-A")
            git("commit", "-m", value)
        elif what == "tag":
            git("tag", value)
        elif what == "branch":
            git("checkout", "-B", value) if value != "main" else git("checkout", "main")
        else:
            path = os.path.join(root, what)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(value)
    os.symlink("tools", os.path.join(root, "tools.git"))


def main():
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # dbt talks
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ.update(DBT_PACKAGE_HUB_URL="http://127.0.0.1:%d/" % server.server_port, DBT_SEND_ANONYMOUS_USAGE_STATS="false", DBT_LOG_PATH=tempfile.mkdtemp())
    import dbt_common.utils.connection as connection
    connection.time.sleep = lambda _: None
    from dbt.cli.main import dbtRunner
    with tempfile.TemporaryDirectory() as root:
        repos = os.path.join(root, "repos")
        make_repos(repos)
        os.environ["REPOS"] = "file://" + repos
        for i, c in enumerate(CASES):
            dir_ = os.path.join(root, "case%d" % i)
            for name, text in c["files"].items():
                path = os.path.join(dir_, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as f:
                    f.write(text)
            os.environ.update(c.get("env", {}))
            r = dbtRunner().invoke(["--quiet", "deps", "--lock", "--project-dir", dir_, "--profiles-dir", dir_])
            lock = os.path.join(dir_, "package-lock.yml")
            if os.path.exists(lock):
                c["lock"] = open(lock).read()
                if c["moves"]:
                    c["lock"] = re.sub(r"sha1_hash: \w+", "sha1_hash: MOVES", c["lock"])
            elif r.exception:
                c["error"] = re.sub(r"\{'.*'\}", lambda m: "{%s}" % ", ".join(sorted(m[0][1:-1].split(", "))), re.sub("Cloning into '.*'", "Cloning into FOLDER", str(r.exception).replace(os.environ["REPOS"], "REPOS").replace(root, "ROOT")))
    json.dump({"hub": HUB, "repos": REPOS, "cases": CASES}, out, indent=1, ensure_ascii=True)
    out.write("\n")


if __name__ == "__main__":
    main()
