"""pytest on the learner's app, and what came of each test as a table."""

import asyncio
import shutil
from collections import Counter
from dataclasses import replace

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.checks import checking
from workbook.checks.pytesting import Outcome
from workbook.checks.request import TestRequest
from workbook.display.table import Table
from workbook.evidence.observe import Observer
from workbook.lab import exercises
from workbook.lab.session import Session
from workbook.myapp import standin
from workbook.myapp.app import write_files
from workbook.postgres import databases, docker

TESTS_TIMEOUT = 90
"""How many seconds a run may take; a container needs ten of them to start."""

MOST_ROWS = 12
"""More tests than this get one line for each file, and one for each that did not pass."""


async def run_tests(
    session: Session, arguments: list[str], overrides: dict[str, str], container: bool
) -> Table:
    """Run pytest on the app, with these texts in place of its files, as a table of its tests.

    Without `container` the tests get an empty database, and the table's note says what they have
    left there; with it they find their own.
    """
    await exercises.judge_app(session)
    await databases.recreate(session.server, session.tests_database)
    url = session.server.url(session.tests_database)
    if container and _announce_container():
        url = ""
    table = await asyncio.to_thread(_run, session.number, url, arguments, overrides)
    if container:
        return table
    observer = Observer(session.server.url(session.tests_database, role="admin"))
    try:
        return replace(table, note=f"{table.note}; {await describe_leftovers(observer)}")
    finally:
        await observer.close()


def _announce_container() -> bool:
    """Whether the tests get a container; say so, and note for the record that it was one."""
    if not docker.engine():
        print("No Docker engine answers: the tests get a database of the workbook's server.")
        return False
    docker.ran("the tests of the app, on a container of their own")
    print("The tests get a Postgres in a container of their own.")
    return True


def _run(number: str, url: str, arguments: list[str], overrides: dict[str, str]) -> Table:
    """Run pytest on a copy of the app; Problem where it does not come to its end."""
    folder = paths.state() / "standin" / f"{number}-tests"
    shutil.rmtree(folder, ignore_errors=True)
    app = standin.app(number).without_unwritten("tests/")
    write_files(folder, app.texts | overrides)
    whose = app.with_the_reference() or "on your files"
    print(f"pytest {' '.join(arguments)}".rstrip(), f"({whose})")
    request = TestRequest(number, str(folder), tuple(arguments), url, TESTS_TIMEOUT)
    result = checking.RUNNER.run(request)
    if result["outcome"] != "ran":
        raise Problem(f"pytest did not come to its end: {'; '.join(result['lines'].values())}")
    return outcomes([Outcome(**each) for each in result["tests"]])


def outcomes(found: list[Outcome]) -> Table:
    """What came of each test, shortened where there are many, and how many of each kind."""
    rows = [(each.test, each.result, each.why) for each in found]
    rows = rows if len(rows) <= MOST_ROWS else _by_file(found)
    kinds = [each.result for each in found]
    count = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(sorted(kinds)))
    return Table(("test", "outcome", "because"), rows, count or "pytest found no test")


def _by_file(found: list[Outcome]) -> list[tuple[str, str, str]]:
    files = Counter(each.test.partition("::")[0] for each in found if each.result == "passed")
    rows = [(name, f"{count} passed", "") for name, count in files.items()]
    return rows + [(e.test, e.result, e.why) for e in found if e.result != "passed"]


async def describe_leftovers(observer: Observer) -> str:
    """What a run has left in its database, in words: rows and connections."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    names = [row[0] for row in await observer.fetch(tables)]
    counts = {name: await observer.count(name) for name in names if name != "alembic_version"}
    behind = [f"{name} {number}" for name, number in counts.items() if number]
    if connections := len(await observer.activity(expect=0)):
        behind.append(f"{connections} connections")
    return f"left behind: {', '.join(behind) or 'nothing'}"
