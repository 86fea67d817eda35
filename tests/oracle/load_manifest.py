#!/usr/bin/env python3
"""Let dbt's own classes read a manifest.json that weft wrote, and say what they would have written differently.

usage: DBT_VENV/bin/python tests/oracle/load_manifest.py MANIFEST [RUN_RESULTS]

Exit 1 if dbt cannot read a file, or if an entry, read and written again by dbt, has other keys or other values than before.
"""
import json, sys

from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.artifacts.schemas.run import RunResultsArtifact
from dbt.contracts.graph.manifest import Manifest


def differences(path, a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        for k in sorted(set(a) | set(b), key=str):
            if k not in a or k not in b:
                yield f"{path}.{k}: only in {'weft' if k in a else 'dbt'}"
            else:
                yield from differences(f"{path}.{k}", a[k], b[k])
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            yield from differences(f"{path}[{i}]", x, y)
    elif a != b and not (isinstance(a, float) and isinstance(b, (int, float)) and abs(a - b) < 1e-6):
        yield f"{path}: {a!r} / {b!r}"


def main():
    raw = json.load(open(sys.argv[1]))
    m = WritableManifest.read_and_check_versions(sys.argv[1])
    Manifest.from_writable_manifest(m)
    again = m.to_dict(omit_none=False, context={"artifact": True})
    again = json.loads(json.dumps(again, default=str))
    found = []
    for section in raw:
        if section != "metadata":
            found += list(differences(section, raw[section], again.get(section)))
    if len(sys.argv) > 2:
        RunResultsArtifact.read_and_check_versions(sys.argv[2])
    for line in found[:40]:
        print(line)
    print(f"{sum(len(v) for v in raw.values() if isinstance(v, dict))} entries, {len(found)} differences")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
