"""Call the macros of real projects, each alone, with made-up arguments.

A macro's free names come from a small context: all macros of its manifest, bound late as dbt binds them, and a handful of
functions that the Go test has too.
"""
import json

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

import oracle

ARGUMENTS = [
    ["col_a", "col_b", "col_c", "col_d", "col_e"],
    [["a", "b"], ["c"], [], ["d", "e"], ["f"]],
    [3, 10, 2, 5, 1],
    [{"k": "v", "name": "n"}, {"a": 1}, {}, {}, {}],
    ["", None, True, 2.5, "x"],
    ["2020-01-01", "day", "2021-02-03", "month", "x"],
]


class TestTag(jinja2.ext.Extension):
    """dbt's {% test name(args) %}: a macro called test_name."""

    tags = {"test"}

    def parse(self, parser):
        node = jinja2.nodes.Macro(lineno=next(parser.stream).lineno)
        name = parser.parse_assign_target(name_only=True).name
        parser.parse_signature(node)
        node.name = f"test_{name}"
        node.body = parser.parse_statements(("name:endtest",), drop_needle=True)
        return node


class Library:
    def __init__(self, macros):
        self.env = jinja2.sandbox.SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", TestTag])
        self.env.filters.update({name: (lambda x: x) for name in ("as_text", "as_bool", "as_native", "as_number")})
        self.templates = {}
        self.context = {
            "return": self.give_back,
            "var": lambda name, default=None: default,
            "env_var": lambda name, default="": default,
            "ref": lambda *names: '"' + ".".join(names) + '"',
            "source": lambda a, b: f'"{a}"."{b}"',
            "log": lambda message, info=False: "",
            "run_query": lambda sql: None,
            "execute": False,
            "this": "this_table",
            "target": {"name": "dev", "schema": "s", "database": "db", "type": "postgres"},
            "flags": {"FULL_REFRESH": False},
            "adapter": {"dispatch": self.dispatch, "quote": lambda s: f'"{s}"'},
            "exceptions": {"raise_compiler_error": self.fail, "warn": lambda message: ""},
        }
        self.by_package = {}
        for m in macros:
            call = self.callable(m)
            self.by_package.setdefault(m["package"], {})[m["name"]] = call
        for package in sorted(self.by_package):
            for name, call in self.by_package[package].items():
                self.context.setdefault(name, call)
        for package, names in self.by_package.items():
            self.context[package] = names

    @staticmethod
    def give_back(value):
        raise oracle.Return(value)

    @staticmethod
    def fail(message):
        raise RuntimeError(message)

    def dispatch(self, name, macro_namespace=None):
        for package in [macro_namespace] if macro_namespace else sorted(self.by_package):
            for prefix in ("postgres__", "default__"):
                if prefix + name in self.by_package.get(package, {}):
                    return self.by_package[package][prefix + name]
        raise RuntimeError(f"no macro {name}")

    def callable(self, m):
        def call(*args, **kwargs):
            sql = m["sql"]
            if sql not in self.templates:
                self.templates[sql] = self.env.from_string(sql)
            context = self.templates[sql].new_context(self.context)
            list(self.templates[sql].root_render_func(context))
            try:
                return context.vars[m["name"]](*args, **kwargs)
            except oracle.Return as e:
                return e.value

        return call


def compare(folder):
    seen = set()
    for number, path in enumerate(sorted(folder.glob("*/manifest.json"))):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        macros = [{"name": m["name"], "package": m["package_name"], "sql": m["macro_sql"]}
                  for _, m in sorted(manifest["macros"].items())]
        oracle.emit({"library": number, "macros": macros})
        library = Library(macros)
        for m in macros:
            key = (m["package"], m["sql"])
            if m["package"] in ("dbt", "dbt_postgres") or key in seen:
                continue
            seen.add(key)
            for i, values in enumerate(ARGUMENTS):
                case = {"name": f"{path.parent.name} {m['package']}.{m['name']} {i}", "library": number,
                        "package": m["package"], "macro": m["name"]}
                try:
                    tree = library.env.parse(m["sql"])
                    node = next(n for n in tree.find_all(jinja2.nodes.Macro) if n.name == m["name"])
                    case["args"] = values[: max(len(node.args) - len(node.defaults), 1 if i and node.args else 0)]
                    got = repr(library.by_package[m["package"]][m["name"]](*json.loads(json.dumps(case["args"]))))
                    case["text"], case["error"] = got, None
                except Exception as e:
                    case["text"], case["error"] = None, f"{type(e).__name__}: {e}"
                    case.setdefault("args", [])
                if oracle.comparable(case["text"]):
                    oracle.emit(case)
