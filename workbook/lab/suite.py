"""pytest on the learner's app, and what came of each test as a table."""

import shutil
from collections import Counter

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.checks.pytesting import Outcome
from workbook.checks.request import TestRequest
from workbook.checks.runner import CheckRunner
from workbook.display.table import Table
from workbook.evidence.observe import Observer
from workbook.myapp import standin
from workbook.myapp.app import write_files
from workbook.postgres import docker

SECONDS = 90
"""How long a run may take; a container needs ten of them to start."""

ROWS = 12
"""More tests than this get one line for each file, and one for each that did not pass."""


def run(
    runner: CheckRunner, number: str, url: str, arguments: list[str], instead: dict[str, str]
) -> Table:
    """Run pytest on a copy of the app, with these texts in place of its files.

    The tests get the database of this URL; with an empty one they have to find their own.
    """
    folder = paths.state() / "standin" / f"{number}-tests"
    shutil.rmtree(folder, ignore_errors=True)
    app = standin.app(number).without_unwritten("tests/")
    write_files(folder, app.texts | instead)
    whose = app.with_the_reference() or "on your files"
    print(f"pytest {' '.join(arguments)}".rstrip(), f"({whose})")
    request = TestRequest(number, str(folder), tuple(arguments), url, SECONDS)
    result = runner.run(request)
    if result["outcome"] != "ran":
        raise Problem(f"pytest did not come to its end: {result['lines']}")
    return _table([Outcome(**each) for each in result["tests"]])


def where(container: bool) -> str:
    """Say which Postgres the tests get; with a container, note that it really was one."""
    if not container:
        return "No Docker engine answers: the tests get a database of the workbook's server."
    docker.ran("the tests of the app, on a container of their own")
    return "The tests get a Postgres in a container of their own."


def _table(found: list[Outcome]) -> Table:
    rows = [(each.test, each.result, each.why) for each in found]
    rows = rows if len(rows) <= ROWS else _by_file(found)
    kinds = [each.result for each in found]
    count = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(sorted(kinds)))
    return Table(("test", "outcome", "because"), rows, count or "pytest found no test.")


def _by_file(found: list[Outcome]) -> list[tuple[str, str, str]]:
    files = Counter(each.test.partition("::")[0] for each in found if each.result == "passed")
    rows = [(name, f"{count} passed", "") for name, count in files.items()]
    return rows + [(e.test, e.result, e.why) for e in found if e.result != "passed"]


async def left(note: str, observer: Observer) -> str:
    """The note, and after it what the run has left in its database: rows and connections."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    names = [row[0] for row in await observer.fetch(tables)]
    counts = {name: await observer.count(name) for name in names if name != "alembic_version"}
    behind = [f"{name} {number}" for name, number in counts.items() if number]
    if connections := len(await observer.activity(expect=0)):
        behind.append(f"{connections} connections")
    return f"{note}; left behind: {', '.join(behind) or 'nothing'}"
