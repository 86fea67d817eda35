"""Random templates from a grammar. Most expressions fit where they stand; some do not, so that refusals are compared too."""
import random

NAMES = {
    "int": ["n", "zero", "neg", "huge"],
    "float": ["f", "half"],
    "str": ["s", "empty", "pad", "uni", "quote", "csv", "digits", "html"],
    "list": ["nums", "words", "mixed", "nested", "pairs", "floats"],
    "dict": ["d", "deep", "none_d"],
    "bool": ["yes", "no"],
    "any": ["nothing", "nope", "users", "tree"],
}
TYPES = ["int", "float", "str", "list", "dict", "bool"]
WORDS = ["a", "b", "A", "x y", "", "é", "it's", "%s", "{}", "1", "-2", "a,b", "<i>"]


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.locals = []
        self.macros = []
        self.loops = 0
        self.budget = 0

    def pick(self, *options):
        return self.r.choice(options)

    def chance(self, p):
        return self.r.random() < p

    # expressions

    def expr(self, kind="any", depth=0):
        self.budget -= 1
        if self.chance(0.01):
            kind = self.r.choice(TYPES + ["any"])
        if kind == "any":
            kind = self.r.choice(TYPES + ["any"]) if depth else self.r.choice(TYPES)
        if depth > 3 or self.budget < 0 or self.chance(0.25):
            return self.leaf(kind)
        if self.locals and self.chance(0.1):
            return self.r.choice(self.locals)
        if self.chance(0.08):
            e = lambda k=kind: self.expr(k, depth + 1)
            return self.pick(
                lambda: f"({e()} if {e('bool')} else {e()})",
                lambda: f"({e()} or {e()})",
                lambda: f"({e()} and {e()})",
                lambda: f"({e('any')}|default({e()}))",
                lambda: f"({e()} if {e('bool')})",
                lambda: f"[{e()}, {e()}][{self.pick(0, 1, -1, 2)}]",
                lambda: f"{{'k': {e()}}}.k",
            )()
        return getattr(self, kind)(depth + 1)

    def leaf(self, kind):
        r = self.r
        if kind == "any":
            return r.choice(NAMES["any"] + self.locals) if self.locals else r.choice(NAMES["any"])
        if self.chance(0.5):
            return r.choice(NAMES[kind])
        return {
            "int": lambda: str(r.choice([0, 1, 2, 3, 7, 10, 100, -1, 2 ** 40])),
            "float": lambda: r.choice(["0.0", "1.0", "2.5", "-0.75", "1e3", "1e-7", "3.14159"]),
            "str": lambda: repr(r.choice(WORDS)),
            "list": lambda: r.choice(["[]", "[1, 2, 3]", "['a', 'B']", "(1, 2)", "range(4)|list", "[[1, 'a'], [2, 'b']]", "[none, '', 0]"]),
            "dict": lambda: r.choice(["{}", "{'a': 1}", "{'x': [1, 2], 'y': 'z'}", "{1: 'one', 'two': 2}", "dict(p=1, q='w')"]),
            "bool": lambda: r.choice(["true", "false"]),
        }[kind]()

    def any(self, depth):
        return self.expr(self.r.choice(TYPES), depth)

    def int(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e('int', d)} {self.pick('+', '-', '*', '//', '%')} {e('int', d)})",
            lambda: f"{e(self.pick('list', 'str', 'dict'), d)}|length",
            lambda: f"({e('str', d)})|int",
            lambda: f"({e('float', d)})|int({e('int', d)})",
            lambda: f"({e('list', d)})|sum",
            lambda: f"({e('int', d)})|abs",
            lambda: f"({e('str', d)}).{self.pick('find', 'count')}({e('str', d)})",
            lambda: f"(-{e('int', d)})",
            lambda: f"({e('list', d)})|{self.pick('first', 'last', 'max', 'min')}",
            lambda: f"{e('str', d)}|wordcount",
            lambda: f"({e('list', d)}).{self.pick('index', 'count')}({e('any', d)})",
            lambda: f"({e('int', d)} ** {self.pick(0, 1, 2, 3)})",
            lambda: f"{e('dict', d)}.get({e('str', d)}, {e('int', d)})",
        )()

    def float(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e('float', d)} {self.pick('+', '-', '*', '/', '//', '%')} {e(self.pick('float', 'int'), d)})",
            lambda: f"({e('int', d)} / {e('int', d)})",
            lambda: f"({e('str', d)})|float",
            lambda: f"({e('float', d)})|round({self.pick('', '1', '2', '0', '-1')})",
            lambda: f"({e('float', d)})|round(1, {self.pick(repr('floor'), repr('ceil'), repr('common'))})",
            lambda: f"({e('int', d)})|float",
        )()

    def str(self, d):
        e = self.expr
        m = lambda: self.pick("upper", "lower", "title", "capitalize", "strip", "swapcase", "lstrip", "rstrip", "casefold")
        return self.pick(
            lambda: f"({e('str', d)} ~ {e('any', d)})",
            lambda: f"({e('str', d)} + {e('str', d)})",
            lambda: f"({e('str', d)}).{m()}()",
            lambda: f"({e('str', d)})|{self.pick('upper', 'lower', 'title', 'capitalize', 'trim', 'string', 'escape', 'e', 'striptags', 'reverse', 'urlencode', 'forceescape', 'safe', 'urlize')}",
            lambda: f"({e('str', d)})|replace({e('str', d)}, {e('str', d)})",
            lambda: f"({e('str', d)}).replace({e('str', d)}, {e('str', d)}{self.pick('', ', 1')})",
            lambda: f"({e('list', d)})|join({e('str', d)})",
            lambda: f"({e('str', d)}).join({e('list', d)}|map('string'))",
            lambda: f"({e('str', d)})[{self.pick('0', '-1', '1:', ':-1', '::-1', '::2', '5', '1:3')}]",
            lambda: f"({e('any', d)})|string",
            lambda: f"({e('any', d)})|tojson",
            lambda: f"({e('str', d)})|{self.pick('truncate(5)', 'truncate(8, true)', 'indent', 'indent(2, true)', 'center(12)', 'wordwrap(6)', 'wordwrap(4, false)')}",
            lambda: f"'%s|%r' % ({e('any', d)}, {e('any', d)})",
            lambda: f"'{self.pick('%d', '%05d', '%x', '%+d', '%5d|')}' % {e('int', d)}",
            lambda: f"'{self.pick('%.2f', '%e', '%g', '%8.3f', '%-9.1f|')}' % {e('float', d)}",
            lambda: f"'{self.pick('{}', '{!r}', '{:>6}', '{:<6}|', '{:^7}', '{0}{0}', '{:*^9}')}'.format({e('str', d)})",
            lambda: f"'{self.pick('{:d}', '{:,}', '{:05}', '{:x}', '{:+}', '{:_}', '{:>8}', '{:b}')}'.format({e('int', d)})",
            lambda: f"'{self.pick('{:.2f}', '{:e}', '{:g}', '{:,.1f}', '{:%}', '{}', '{:10.3}')}'.format({e('float', d)})",
            lambda: f"({e('str', d)}).{self.pick('zfill', 'center', 'ljust', 'rjust')}({self.pick(0, 3, 12)})",
            lambda: f"{e('any', d)}|pprint",
            lambda: f"({e('int', d)})|filesizeformat{self.pick('', '(true)')}",
            lambda: f"({e('dict', d)})|xmlattr",
            lambda: f"({e('str', d)} * {self.pick(0, 1, 2, 3)})",
        )()

    def list(self, d):
        e = self.expr
        return self.pick(
            lambda: f"[{e('any', d)}, {e('any', d)}]",
            lambda: f"[{e('int', d)}, {e('int', d)}, {e('int', d)}]",
            lambda: f"({e('any', d)}, {e('any', d)})",
            lambda: f"({e('list', d)})|list",
            lambda: f"({e('list', d)} + {e('list', d)})",
            lambda: f"({e('list', d)})[{self.pick('1:', ':2', '::-1', ':-1', '0', '-1')}]",
            lambda: f"({e('list', d)})|{self.pick('sort', 'sort(reverse=true)', 'reverse|list', 'unique|list', 'map(' + repr('string') + ')|list')}",
            lambda: f"({e('list', d)})|{self.pick('select', 'reject')}({self.pick(repr('string'), repr('number'), repr('none'), repr('defined'))})|list",
            lambda: f"({e('list', d)})|map({self.pick(repr('upper'), repr('length'), repr('int'), repr('string'), repr('first'))})|list",
            lambda: f"({e('list', d)})|{self.pick('batch(2)', 'batch(2, none)', 'slice(2)', 'slice(3, 0)')}|list",
            lambda: f"({e('str', d)}).split({self.pick('', repr(','), repr(' '))})",
            lambda: f"({e('dict', d)}).{self.pick('keys', 'values', 'items')}()|list",
            lambda: f"({e('dict', d)})|{self.pick('dictsort', 'list', 'items|list')}",
            lambda: f"range({self.pick(0, 3, 5)}, {self.pick(1, 4, 9)})|list",
            lambda: f"users|{self.pick('map(attribute=' + repr('age') + ')', 'selectattr(' + repr('tags') + ')|map(attribute=' + repr('name') + ')', 'sort(attribute=' + repr('name') + ')|map(attribute=' + repr('city') + ')', 'groupby(' + repr('city') + ')|map(' + repr('first') + ')')}|list",
            lambda: f"({e('str', d)})|list",
            lambda: f"({e('str', d)}).{self.pick('partition', 'rpartition')}({e('str', d)})",
        )()

    def dict(self, d):
        e = self.expr
        return self.pick(
            lambda: f"{{{e('str', d)}: {e('any', d)}, 'z': {e('any', d)}}}",
            lambda: f"dict({e('dict', d)}, w={e('any', d)})",
            lambda: f"({e('dict', d)}).copy()",
            lambda: f"dict({e('list', d)}|batch(2)|list)",
        )()

    def bool(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e('int', d)} {self.pick('<', '<=', '>', '>=', '==', '!=')} {e('int', d)})",
            lambda: f"({e('any', d)} {self.pick('==', '!=')} {e('any', d)})",
            lambda: f"({e('any', d)} {self.pick('in', 'not in')} {e('list', d)})",
            lambda: f"({e('str', d)} in {e(self.pick('str', 'dict'), d)})",
            lambda: f"(not {e('any', d)})",
            lambda: f"({e('any', d)} is {self.pick('', 'not ')}{self.pick('defined', 'none', 'string', 'number', 'mapping', 'sequence', 'iterable', 'true', 'integer', 'float', 'boolean', 'callable')})",
            lambda: f"({e('int', d)} is {self.pick('odd', 'even', 'divisibleby 3')})",
            lambda: f"({e('str', d)}).{self.pick('startswith', 'endswith')}({e('str', d)})",
            lambda: f"({e('str', d)}).{self.pick('isdigit', 'isalpha', 'islower', 'isupper', 'isspace', 'isalnum', 'istitle')}()",
            lambda: f"({e('int', d)} < {e('int', d)} < {e('int', d)})",
            lambda: f"({e('list', d)} {self.pick('<', '==', '>=')} {e('list', d)})",
            lambda: f"({e('str', d)} < {e('str', d)})",
        )()

    # statements

    def tag(self, text):
        return "{%" + self.pick("", "", "", "-", "+") + " " + text + " " + self.pick("", "", "", "-", "+") + "%}"

    def text(self):
        return self.pick("", " ", "\n", "text", " a\n b ", "\n\n  ", "select *", "x", "{ % }", "# ")

    def body(self, depth):
        saved = list(self.locals)
        out = "".join(self.statement(depth) for _ in range(self.r.randint(1, 3)))
        self.locals = saved
        return out

    def fresh(self):
        name = self.pick("v", "w", "x", "y", "n", "s", "nums")
        return name

    def statement(self, depth):
        self.budget -= 3
        if depth > 3 or self.budget < 0 or self.chance(0.35):
            return self.text() + "{{" + self.pick(" ", "- ") + self.expr("any") + self.pick(" ", " -") + "}}" + self.text()
        return self.pick(
            self.statement_if, self.statement_if, self.statement_for, self.statement_for, self.statement_set,
            self.statement_set, self.statement_set_block, self.statement_macro, self.statement_call, self.statement_with,
            self.statement_filter, self.statement_do, self.statement_namespace, self.statement_recursive,
        )(depth + 1)

    def statement_if(self, d):
        out = self.tag(f"if {self.expr('bool')}") + self.body(d)
        if self.chance(0.3):
            out += self.tag(f"elif {self.expr('any')}") + self.body(d)
        if self.chance(0.5):
            out += self.tag("else") + self.body(d)
        return out + self.tag("endif")

    def statement_for(self, d):
        name = self.fresh()
        target, items = name, self.expr(self.pick("list", "list", "dict", "str"))
        if self.chance(0.2):
            target, items = f"{name}, q", self.pick("d.items()", "pairs", "nested", self.expr("list"))
        test = f" if {self.expr('bool')}" if self.chance(0.2) else ""
        saved = list(self.locals)
        self.locals += [name] * 2
        self.loops += 1
        inner = self.body(d)
        if self.chance(0.6):
            inner += "{{ loop." + self.pick("index", "index0", "revindex", "first", "last", "length", "previtem", "nextitem", "depth", "cycle('a', 'b')", "changed(" + name + ")") + " }}"
        if self.chance(0.15):
            inner = self.tag(f"if {self.expr('bool')}") + self.tag(self.pick("break", "continue")) + self.tag("endif") + inner
        self.loops -= 1
        self.locals = saved
        other = self.tag("else") + self.body(d) if self.chance(0.2) else ""
        return self.tag(f"for {target} in {items}{test}") + inner + other + self.tag("endfor")

    def statement_recursive(self, d):
        return (self.tag(f"for t in {self.pick('tree', 'nested', 'nums', self.expr('list'))} recursive")
                + "{{ " + self.pick("t.name", "loop.depth", "t", "loop.index") + " }}"
                + "{% if " + self.pick("t.children", "t is iterable and t is not string and t is not mapping", "false") + " %}{{ loop("
                + self.pick("t.children", "t", "[]") + ") }}{% endif %}" + self.tag("endfor"))

    def statement_set(self, d):
        name = self.fresh()
        out = self.tag(f"set {name} = {self.expr('any')}")
        if self.chance(0.15):
            out = self.tag(f"set {name}, o = {self.expr('any')}, {self.expr('any')}")
        self.locals.append(name)
        return out

    def statement_set_block(self, d):
        name = self.fresh()
        flt = self.pick("", "", " | upper", " | trim", " | replace('a', 'b') | title")
        out = self.tag(f"set {name}{flt}") + self.body(d) + self.tag("endset")
        self.locals.append(name)
        return out

    def statement_macro(self, d):
        name = f"m{len(self.macros)}"
        params = self.pick("", "a", "a, b=1", "a, b=a", "a='z', b=none", "a=n, b=[]")
        saved = list(self.locals)
        if "a" in params:
            self.locals += ["a", "a"]
        if "b" in params:
            self.locals += ["b", "b"]
        if self.chance(0.2):
            self.locals.append(self.pick("varargs", "kwargs"))
        loops, self.loops = self.loops, 0
        inner = self.body(d)
        if self.chance(0.25):
            inner += "{{ caller(" + self.pick("", "1", "a") + ") if caller }}"
        self.loops = loops
        self.locals = saved
        self.macros.append(name)
        return self.tag(f"macro {name}({params})") + inner + self.tag("endmacro") + self.statement_use(d)

    def arguments(self):
        return self.pick(lambda: "", lambda: self.expr("any"), lambda: self.expr("any"), lambda: f"{self.expr('any')}, {self.expr('any')}",
                         lambda: f"b={self.expr('any')}", lambda: f"1, b={self.expr('any')}", lambda: f"*{self.expr('list')}", lambda: "a=2, **{'b': 3}")()

    def statement_use(self, d):
        if not self.macros:
            return self.text()
        return "{{ " + self.r.choice(self.macros) + "(" + self.arguments() + ")" + self.pick("", "|upper", "|trim|length", " ~ 'x'") + " }}"

    def statement_call(self, d):
        if not self.macros:
            return self.statement_macro(d)
        saved = list(self.locals)
        params = self.pick("", "", "(p)", "(p, r=2)")
        if params:
            self.locals.append("p")
        loops, self.loops = self.loops, 0
        inner = self.body(d)
        self.loops = loops
        self.locals = saved
        return self.tag(f"call{params} {self.r.choice(self.macros)}({self.arguments()})") + inner + self.tag("endcall")

    def statement_with(self, d):
        name = self.fresh()
        saved = list(self.locals)
        value = self.expr("any")
        self.locals.append(name)
        inner = self.body(d)
        self.locals = saved
        return self.tag(f"with {name} = {value}") + inner + self.tag("endwith")

    def statement_filter(self, d):
        return self.tag("filter " + self.pick("upper", "lower", "title", "trim", "replace('a', 'o')", "indent(2)", "length", "wordcount")) + self.body(d) + self.tag("endfilter")

    def statement_do(self, d):
        return self.tag(f"do {self.pick('nums', 'words', 'nested', 'mixed')}.{self.pick('append', 'extend', 'append')}({self.expr('any')})") \
            if self.chance(0.6) else self.tag(f"do d.update({self.expr('dict')})")

    def statement_namespace(self, d):
        return self.tag(f"set ns = namespace(t={self.expr('any')})") + self.tag(f"for i in {self.expr('list')}") \
            + self.tag(f"set ns.t = {self.pick('i', 'ns.t', 'loop.index', self.expr('any'))}") + self.tag("endfor") + "{{ ns.t }}"

    def program(self):
        self.locals, self.macros, self.budget = [], [], self.r.choice([20, 60, 150])
        return "".join(self.statement(0) for _ in range(self.r.randint(1, 4)))


def generate(count, seed):
    g = Generator(seed)
    for _ in range(count):
        yield g.program()
