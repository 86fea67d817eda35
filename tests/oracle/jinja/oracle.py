"""Render templates with the real Jinja2 and write what it gives, one JSON object a line.

    oracle.py probes                     the templates of probes/*.txt
    oracle.py programs N SEED            N random programs
    oracle.py macros FOLDER              the project macros of FOLDER/*/manifest.json, called with made-up arguments

The Go test of package jinja (build tag `oracle`) reads the lines and renders the same templates.
"""
import copy
import json
import pathlib
import sys

import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
CONTEXT = json.loads((HERE / "context.json").read_text())

# What prints with an address or in the order of hashes cannot be compared.
UNSTABLE = (" at 0x", "<built-in", "<function", "<bound method", "<class ", "object>", "LoopContext")


class Return(Exception):
    def __init__(self, value):
        self.value = value


def environment():
    return jinja2.sandbox.SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def render(text, context=None):
    """The text of a template, or None and the error."""
    try:
        template = environment().from_string(text)
        return template.render(copy.deepcopy(CONTEXT) if context is None else context), None
    except Exception as e:  # a refusal, whatever its kind
        return None, f"{type(e).__name__}: {e}"


def emit(case):
    print(json.dumps(case, ensure_ascii=True), flush=False)


def comparable(text):
    return text is None or not any(mark in text for mark in UNSTABLE)


def run(name, text):
    got, error = render(text)
    if comparable(got):
        emit({"name": name, "template": text, "text": got, "error": error})


def probes():
    for path in sorted((HERE / "probes").glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line or line.startswith("#!"):
                continue
            text = json.loads(line) if line.startswith('"') else line
            run(f"{path.stem}:{number}", text)


def main():
    kind = sys.argv[1]
    if kind == "probes":
        probes()
    elif kind == "programs":
        import programs
        for i, text in enumerate(programs.generate(int(sys.argv[2]), int(sys.argv[3]))):
            run(f"program {i}", text)
    elif kind == "macros":
        import macros
        macros.compare(pathlib.Path(sys.argv[2]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
