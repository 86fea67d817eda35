#!/usr/bin/env python3
"""Let dbt-artifacts-parser read every artifact that weft wrote: strict models made of the published schemas.

usage: PARSER_VENV/bin/python parsers.py --work DIR
"""
import argparse, json, os, sys

from dbt_artifacts_parser import parser

READERS = {"manifest.json": ("parse_manifest", "parse_manifest_v12"), "run_results.json": ("parse_run_results", "parse_run_results_v6"),
           "catalog.json": ("parse_catalog", "parse_catalog_v1"), "sources.json": ("parse_sources", "parse_sources_v3")}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--work", required=True)
    a.add_argument("--target", default="target")
    a = a.parse_args()
    problems, read = [], 0
    projects = json.load(open(f"{a.work}/projects.json"))
    for p in projects:
        for name, functions in READERS.items():
            path = f"{p['dir']}/{a.target}/{name}"
            if not os.path.exists(path):
                continue
            content = json.load(open(path))
            for function in functions:
                try:
                    model = getattr(parser, function)(content)
                    if name == "manifest.json" and len(model.nodes) != len(content["nodes"]):
                        problems.append(f"{p['name']}: {function}: lost nodes")
                    read += 1
                except Exception as e:
                    problems.append(f"{p['name']}: {function}: {str(e)[:1500]}")
    for line in problems[:30]:
        print(line)
    print(f"PARSER projects={len(projects)} read={read} problems={len(problems)}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
