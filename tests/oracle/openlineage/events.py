"""Checks OpenLineage events: valid by the schemas, known to PyPI's openlineage-python, and none of what the integration of dbt tells missing.

usage: events.py --weft PATH --schemas $SHARED/corpora/openlineage [--dbt-ol PATH --dbt PATH] --work DIR PROJECT...

Each project is built twice by weft with lineage. Every event must be valid by OpenLineage.json, every facet by the schema that its
_schemaURL names; the client's classes must take each event and give back the same JSON; each START must have one end. With --kills N the first
project is built N more times and killed at some moment of each, and built once more: all that was begun must have been ended. With --dbt-ol each
project, or those of --compare, is also built by dbt under OpenLineage's own wrapper, and whatever that tells of a job weft must tell too. Last, every path that
occurs in the recorded events of the integration (dbt-fixtures) must occur in some event of weft. What is excused stands below with a
reason. The last line has the figures.
"""

import argparse
import collections
import importlib
import json
import os
import pathlib
import pkgutil
import re
import shutil
import subprocess
import sys
import time
import typing

import attr
import jsonschema
from openlineage.client import event_v2, facet_v2
from openlineage.client.generated import base
from openlineage.client.serde import Serde
from referencing import Registry, Resource

# Paths of facets that weft does not tell, each with its reason. They are regular expressions for whole paths.
EXCUSED = {
    r"outputs\.facets\.columnLineage.*": "columns are traced once SQL is parsed",
    r"run\.facets\.extractionError.*": "what the wrapper could not find out; weft knows its project",
    r"run\.facets\.errorMessage\.stackTrace": "Python's",
    r"run\.facets\.dbt_run\.account_id": "dbt Cloud's",
    r"run\.facets\.externalQuery.*": "ids of queries come with engines that have them",
    r"outputs\.outputFacets\.outputStatistics\.size": "bytes come with engines that count them",
    r"inputs\.facets\.dataQualityAssertions.*": "told where the specification has it, under inputFacets",
}
# Paths of single jobs that weft does not tell.
EXCUSED_OF_JOB = {
    ("test.data_tests_edges.no_statement", ".tests.content"): "a test without a statement has no compiled code; the wrapper shows the template",
    ("test.data_tests_edges.no_statement", ".tests.contentType"): "as above",
}
# Tags of the client library itself.
CLIENT_TAGS = {"openlineage_client_version"}


def registry(folder):
    resources = []
    for path in [folder / "OpenLineage.json", *sorted((folder / "facets").glob("*.json"))]:
        schema = json.loads(path.read_text())
        resources.append((schema["$id"], Resource.from_contents(schema)))
    return Registry().with_resources(resources)


def facets_of(event):
    for holder, group in holders(event):
        for key, facet in holder.get(group, {}).items():
            yield group, key, facet


def holders(event):
    yield event["run"], "facets"
    yield event["job"], "facets"
    for side, extra in (("inputs", "inputFacets"), ("outputs", "outputFacets")):
        for dataset in event[side]:
            yield dataset, "facets"
            yield dataset, extra


class Schemas:
    def __init__(self, folder):
        self.known = registry(folder)
        self.validators = {}

    def validator(self, url):
        if url not in self.validators:
            self.validators[url] = jsonschema.Draft202012Validator({"$ref": url}, registry=self.known, format_checker=jsonschema.FormatChecker())
        return self.validators[url]

    def check(self, event):
        """The number of facets that are of the specification."""
        self.validator(event["schemaURL"]).validate(event)
        count = 0
        for _, key, facet in facets_of(event):
            url = facet["_schemaURL"]
            if url.startswith("https://openlineage.io/"):
                self.validator(url).validate(facet)
                count += 1
            elif not key.startswith("dbt_"):
                raise ValueError(f"facet {key} of unknown schema {url}")
        return count


def client_classes():
    """The client's facet classes by the URL of their schema."""
    out = {}
    for module in pkgutil.iter_modules(facet_v2.__path__ if hasattr(facet_v2, "__path__") else importlib.import_module("openlineage.client.generated").__path__):
        m = importlib.import_module(f"openlineage.client.generated.{module.name}")
        for value in vars(m).values():
            if isinstance(value, type) and attr.has(value) and issubclass(value, base.BaseFacet):
                out[value._get_schema()] = value
    try:
        from openlineage.common.provider.dbt import facets
    except ImportError:
        return out
    for value in vars(facets).values():
        if isinstance(value, type) and attr.has(value) and issubclass(value, base.BaseFacet):
            out[value._get_schema().rsplit("/", 1)[-1]] = value
    return out


def build(kind, value):
    """A value as the class that an attribute is declared as."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if args and origin not in (list, dict, tuple):
        for one in args:
            if one is type(None):
                continue
            return build(one, value) if value is not None else None
    if origin is list:
        return [build(args[0], v) for v in value]
    if origin is dict:
        return {k: build(args[1], v) for k, v in value.items()}
    if isinstance(kind, type) and attr.has(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{k: build(hints[k], v) for k, v in value.items()})
    return value


class Client:
    def __init__(self):
        self.classes = client_classes()
        self.used = collections.Counter()

    def facet(self, facet):
        url = facet["_schemaURL"]
        kind = self.classes.get(url) or self.classes.get(url.rsplit("/", 1)[-1])
        if kind is None:
            raise ValueError(f"the client has no class for {url}")
        self.used[kind.__name__] += 1
        made = build(kind, {k: v for k, v in facet.items() if not k.startswith("_")})
        made._producer, made._schemaURL = facet["_producer"], url
        return made

    def facets(self, holder, group="facets"):
        return {key: self.facet(f) for key, f in holder.get(group, {}).items()}

    def check(self, event):
        """Loads the event and holds what the client would send to what was loaded."""
        loaded = event_v2.RunEvent(
            eventTime=event["eventTime"], eventType=event_v2.RunState(event["eventType"]), producer=event["producer"],
            run=event_v2.Run(runId=event["run"]["runId"], facets=self.facets(event["run"])),
            job=event_v2.Job(namespace=event["job"]["namespace"], name=event["job"]["name"], facets=self.facets(event["job"])),
            inputs=[event_v2.InputDataset(namespace=d["namespace"], name=d["name"], facets=self.facets(d), inputFacets=self.facets(d, "inputFacets")) for d in event["inputs"]],
            outputs=[event_v2.OutputDataset(namespace=d["namespace"], name=d["name"], facets=self.facets(d), outputFacets=self.facets(d, "outputFacets")) for d in event["outputs"]],
        )
        sent = json.loads(Serde.to_json(loaded))
        if prune(sent) != prune(event):
            raise ValueError("the client gives back another event:\n" + json.dumps(prune(sent), sort_keys=True) + "\n" + json.dumps(prune(event), sort_keys=True))


def prune(value):
    """Without what is empty, which the client writes or leaves out as it likes."""
    if isinstance(value, dict):
        out = {k: prune(v) for k, v in value.items()}
        return {k: v for k, v in out.items() if v not in (None, {}, [])}
    if isinstance(value, list):
        return [prune(v) for v in value]
    return value


def once_each(events):
    state = {}
    for e in events:
        run, was = e["run"]["runId"], state.get(e["run"]["runId"])
        if (e["eventType"] == "START") != (was is None) or was == "ended":
            raise ValueError(f"{e['eventType']} of {e['job']['name']} after {was}")
        state[run] = "begun" if e["eventType"] == "START" else "ended"
    left = [r for r, s in state.items() if s == "begun"]
    if left:
        raise ValueError(f"{len(left)} runs have no end")


def paths(value, at=""):
    """The paths of what is told; the names of columns and of datasets, and what stands in params, are no paths."""
    if isinstance(value, dict):
        for k, v in value.items():
            step = "*" if at.endswith((".fields", ".params")) else k
            if not k.startswith("_") and k not in ("producer", "schemaURL"):
                yield from paths(v, f"{at}.{step}" if at else step)
    elif isinstance(value, list):
        for v in value:
            yield from paths(v, at)
    elif value is not None and str(value).strip():
        yield at


def excused(path):
    return any(re.fullmatch(pattern, path) for pattern in EXCUSED)


def without_client_tags(event):
    tags = event["run"].get("facets", {}).get("tags")
    if tags:
        tags["tags"] = [t for t in tags["tags"] if t["key"] not in CLIENT_TAGS]
        if not tags["tags"]:
            del event["run"]["facets"]["tags"]
    return event


def job(event):
    """The job, statements under one name: two programs send different ones."""
    return re.sub(r"\.sql\.\d+$", ".sql", event["job"]["name"])


def misnamed(manifest):
    """The ephemeral models; and the names of tables that there are not: those that the wrapper gives ephemeral models, through which weft
    looks, and those that it gives sources whose table is called otherwise than the source."""
    if not manifest.exists():
        return set(), set()
    told = json.loads(manifest.read_text())
    nodes = [n for n in told["nodes"].values() if n["config"].get("materialized") == "ephemeral"]
    tables = {".".join(filter(None, [n["database"], n["schema"], n["alias"]])) for n in nodes}
    tables |= {".".join(filter(None, [n["database"], n["schema"], n["name"]])) for n in told["sources"].values() if n["identifier"] != n["name"]}
    return {n["unique_id"] for n in nodes}, tables


def compare(project, ours, theirs, manifest):
    """What the wrapper of dbt tells of a job and weft does not."""
    unbuilt, tables = misnamed(manifest)
    missing = []
    told, names, kinds = collections.defaultdict(set), collections.defaultdict(set), collections.defaultdict(set)
    for e in ours:
        key = (job(e), e["eventType"])
        told[key] |= set(paths(e))
        kinds[job(e)].add(e["eventType"])
        for side in ("inputs", "outputs"):
            names[key, side] |= {d["name"] for d in e[side]}
    for e in map(without_client_tags, theirs):
        name, kind = job(e), e["eventType"]
        if kind == "OTHER" or name in unbuilt:  # OTHER is a status that the wrapper does not know
            continue
        e["inputs"] = [d for d in e["inputs"] if d["name"] not in tables]
        key = (name, kind)
        if name.endswith(".sql") and key not in told:
            continue  # what dbt sends is not what weft sends: a model may need no statement that fails
        if key not in told and (name + ".batch", kind) in told:
            key = (name + ".batch", kind)  # the wrapper tells batches as further events of their model's run
        if key not in told:
            missing.append((project, name, kind, "the event"))
            continue
        for path in sorted(set(paths(e)) - told[key]):
            if excused(path) or any(name == j and path.endswith(end) for j, end in EXCUSED_OF_JOB) or pairwise(e, name, path) or kind == "FAIL" and path.endswith((".tests.actual", ".tests.expected")):
                # Of a test that could not be run the wrapper says that no rows failed.
                continue
            missing.append((project, name, kind, path))
        for side in ("inputs", "outputs"):
            for dataset in e[side]:
                if dataset["name"] not in names[key, side] and not other_dataset(name, side):
                    missing.append((project, name, kind, f"{side}: {dataset['name']}"))
    return missing


def pairwise(event, name, path):
    """What is missing with a dataset that is missing."""
    return path.split(".")[0] in ("inputs", "outputs") and other_dataset(name, path.split(".")[0])


def other_dataset(name, side):
    """The wrapper names a table of each test's rows, kept or not; and of a unit test the table of its model, which it does not read."""
    return name.startswith("test.") and side == "outputs" or name.startswith("unit_test.") and side == "inputs"


def run(command, cwd, env):
    return subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def copy(project, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(project, to, ignore=shutil.ignore_patterns("target", "logs"))


def kill(weft, at, env, times):
    """Builds that are killed, at moments spread over what a build takes, and one that is not. The number of runs that had been left open."""
    file = at / "lineage.ndjson"
    began = time.monotonic()
    run([weft, "build"], at, env)
    takes = time.monotonic() - began
    left = 0
    for n in range(times):
        process = subprocess.Popen([weft, "build"], cwd=at, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(takes * (n + 1) / (times + 1))
        process.kill()
        process.wait()
        state = collections.Counter()
        for line in file.read_bytes().split(b"\n"):
            try:
                e = json.loads(line)
            except ValueError:
                continue
            state[e["run"]["runId"]] += 1 if e["eventType"] == "START" else -1
        left += sum(state.values())
    run([weft, "build"], at, env)
    return left


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--weft", required=True)
    p.add_argument("--schemas", required=True, type=pathlib.Path)
    p.add_argument("--dbt-ol")
    p.add_argument("--dbt")
    p.add_argument("--compare", help="with the wrapper of dbt, only these projects: names, comma between them")
    p.add_argument("--kills", type=int, default=0)
    p.add_argument("--profiles", default=".", help="the folder of profiles.yml, if it is not each project's own")
    p.add_argument("--work", required=True, type=pathlib.Path)
    p.add_argument("projects", nargs="+", type=pathlib.Path)
    a = p.parse_args()
    schemas, client = Schemas(a.schemas), Client()
    env = dict(os.environ, DBT_SEND_ANONYMOUS_USAGE_STATS="false", DBT_PROFILES_DIR=a.profiles)
    events = facets = compared = 0
    wrong, missing, ours = [], [], set()
    plain = env
    for project in a.projects:
        name = project.resolve().name
        env = dict(plain, **json.loads((project / "_env.json").read_text())) if (project / "_env.json").exists() else plain
        at = a.work / "weft" / name
        copy(project, at)
        with open(at / "weft.yml", "a") as f:
            f.write("\nlineage: {file: lineage.ndjson}\n")
        first = None
        for _ in range(2):
            result = run([a.weft, "build"], at, dict(env, OPENLINEAGE_NAMESPACE="ns"))
            first = first or read(at / "lineage.ndjson")
        if a.kills and project == a.projects[0]:
            print(f"{name}: {a.kills} kills left {kill(a.weft, at, dict(env, OPENLINEAGE_NAMESPACE='ns'), a.kills)} runs open")
        told = read(at / "lineage.ndjson")
        if not told:
            wrong.append(f"{name}: no events\n{result.stdout[-500:]}")
            continue
        try:
            once_each(told)
            for e in told:
                facets += schemas.check(e)
                client.check(e)
                ours |= set(paths(e))
            events += len(told)
        except Exception as problem:  # whatever is wrong with an event is told
            wrong.append(f"{name}: {type(problem).__name__}: {str(problem)[:2000]}")
        if not a.dbt_ol or a.compare and name not in a.compare.split(","):
            continue
        at = a.work / "dbt" / name
        copy(project, at)
        file = at / "lineage.ndjson"
        result = run([a.dbt_ol, "--consume-structured-logs", "build"], at, dict(
            env, PATH=f"{pathlib.Path(a.dbt).parent}:{os.environ['PATH']}", OPENLINEAGE_NAMESPACE="ns", OPENLINEAGE__TRANSPORT__TYPE="file",
            OPENLINEAGE__TRANSPORT__LOG_FILE_PATH=str(file), OPENLINEAGE__TRANSPORT__APPEND="true"))
        theirs = read(file)
        compared += len(theirs)
        if not theirs:
            print(f"{name}: the wrapper of dbt told nothing: {result.stdout[-300:]}")
        missing += compare(name, first, theirs, a.work / "weft" / name / "target" / "manifest.json")
    fixtures = set()
    for path in sorted((a.schemas / "dbt-fixtures").rglob("*.json")):
        if path.name != "result.json" and not path.name.endswith("_ol_events.json"):
            continue
        for e in json.loads(path.read_text()):
            fixtures |= set(paths(without_client_tags(e)))
    absent = sorted(f for f in fixtures - ours if not excused(f))
    for line in wrong:
        print("WRONG", line)
    for m in sorted(set(missing)):
        print("MISSING", *m)
    for f in absent:
        print("IN NO EVENT", f)
    print("classes:", ", ".join(sorted(client.used)))
    print(f"OPENLINEAGE projects={len(a.projects)} events={events} facets={facets} wrong={len(wrong)} compared={compared} missing={len(set(missing))} "
          f"fixture_paths={len(fixtures)} absent={len(absent)}")


if __name__ == "__main__":
    sys.exit(main())
