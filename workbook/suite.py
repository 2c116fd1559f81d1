"""pytest on the learner's app, and what came of each test as a table."""

import shutil

from workbook import paths, standin
from workbook.checks.child import Request
from workbook.checks.pytesting import Outcome
from workbook.checks.runner import CheckServer
from workbook.observe import Observer
from workbook.problem import Problem
from workbook.table import Table

SECONDS = 90
"""How long a run may take; a container needs ten of them to start."""


def run(
    runner: CheckServer, number: str, url: str, arguments: list[str], instead: dict[str, str]
) -> Table:
    """Run pytest on a copy of the app, with these texts in place of its files.

    The tests get the database of this URL; with an empty one they have to find their own.
    """
    folder = paths.state() / "standin" / f"{number}-tests"
    shutil.rmtree(folder, ignore_errors=True)
    files = standin.write(number, folder)
    standin.put(folder, instead)
    print(f"pytest {' '.join(arguments)}".rstrip(), f"({_whose(files)})")
    request = Request(number, str(folder), "", [], url, "", SECONDS, arguments)
    result = runner.run(request)
    if result["outcome"] != "ran":
        raise Problem(f"pytest did not come to its end: {result['lines']}")
    return _table([Outcome(**each) for each in result["tests"]])


def _whose(files: dict[str, standin.Source]) -> str:
    lent = sorted({one for each in files.values() for one in each.lent})
    whole = sorted(name for name, each in files.items() if each.whole)
    borrowed = ", ".join(lent + whole)
    return f"with the reference for {borrowed}" if borrowed else "on your files"


def _table(found: list[Outcome]) -> Table:
    rows = [(each.test, each.result, each.why) for each in found]
    kinds = [each.result for each in found]
    count = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(sorted(kinds)))
    return Table(("test", "outcome", "because"), rows, count or "pytest found no test.")


async def left(note: str, observer: Observer) -> str:
    """The note, and after it what the run has left in its database: rows and connections."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    names = [row[0] for row in await observer.fetch(tables)]
    counts = {name: await observer.count(name) for name in names if name != "alembic_version"}
    behind = [f"{name} {number}" for name, number in counts.items() if number]
    if connections := len(await observer.activity(expect=0)):
        behind.append(f"{connections} connections")
    return f"{note}; left behind: {', '.join(behind) or 'nothing'}"
