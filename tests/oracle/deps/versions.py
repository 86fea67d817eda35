"""Asks dbt's own rules about versions: python versions.py > compiler/semver/testdata/versions.txt

Each line is a question and dbt's answer, tab-separated: "reduce", requirements | range or "conflict";
"newest", requirements, available | version or "none"; "installable", prereleases, available | sorted list.
"""
import random

from dbt_common import semver
from dbt_common.exceptions import VersionsNotCompatibleError

rng = random.Random(7)
PRE = ["", "", "", "", "-rc1", "-a.1", "-a.10", "-a.2", "b1", "-beta", "-alpha.beta", "-0", "-rc.1.1", "+build.5"]


def version():
    return "%d.%d.%d%s" % (rng.choice([0, 1, 1, 2, 10]), rng.choice([0, 1, 2]), rng.choice([0, 0, 1, 11]), rng.choice(PRE))


def wanted():
    return [rng.choice(["", "=", ">", ">=", "<", "<=", ">=", "<"]) + version() for _ in range(rng.choice([1, 2, 2, 2, 3, 4]))]


def reduce(list_):
    return semver.reduce_versions(*[semver.VersionSpecifier.from_version_string(v) for v in list_])


seen = set()


def say(*parts):
    line = "\t".join(parts)
    if line not in seen:
        seen.add(line)
        print(line)


for text in ["1.0", "v1.0.0", "1.0.0.0", "01.0.0", "~=1.0.0", "", "1.0.0-01", "1.0.0-", "==1.0.0", "1.0.01", ">= 1.0.0", "1.0.0+", "1.2.3--1", "1.2.3-x-y.7"]:
    try:
        say("parse", text, str(semver.VersionSpecifier.from_version_string(text)))
    except Exception as e:
        say("parse", text, "error")
for _ in range(1500):
    list_ = wanted()
    try:
        say("reduce", " ".join(list_), str(reduce(list_)))
    except VersionsNotCompatibleError:
        say("reduce", " ".join(list_), "conflict")
for _ in range(1500):
    list_, available = wanted(), [version() for _ in range(6)]
    try:
        found = semver.resolve_to_specific_version(reduce(list_), available)
    except VersionsNotCompatibleError:
        continue
    say("newest", " ".join(list_), " ".join(available), found or "none")
for _ in range(300):
    available, pre = [version() for _ in range(8)], rng.choice([True, False])
    say("installable", str(pre), " ".join(available), " ".join(semver.filter_installable(available, pre)))
