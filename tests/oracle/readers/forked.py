"""dbt in a child of a process that has loaded it already: starting it takes longer than most of what it is asked."""
import json, os

import dbt.adapters.duckdb, dbt.adapters.duckdb.connections
from dbt.cli.main import dbtRunner


def forked(dir, env, *calls):
    """The exit code and the lines of each call. What follows a `parse` takes over its manifest instead of reading the project again."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os.chdir(dir)
        os.environ.update(env)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        answers, manifest = [], None
        for args in calls:
            r = dbtRunner(manifest=manifest).invoke(["--quiet", *args])
            if args[0] == "parse" and r.success:
                manifest = r.result
            lines = r.result if isinstance(r.result, list) and all(isinstance(x, str) for x in r.result) else []
            answers.append([0 if r.success else 2 if r.exception else 1, "\n".join(lines) + str(r.exception or "")])
        with os.fdopen(theirs, "w") as f:
            json.dump(answers, f)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as f:
        text = f.read()
    os.waitpid(child, 0)
    return [tuple(x) for x in json.loads(text)] if text else [(2, "dbt died")] * len(calls)
