"""The start of a notebook, and its end, which proves that nothing is left open."""

import asyncio
import contextlib
import os
import sys
from typing import Any

from workbook import postgres, workspace
from workbook.base import disk, no_proxy, paths, programs
from workbook.base.problem import Problem
from workbook.base.urls import for_sqlalchemy
from workbook.checks import checking
from workbook.evidence import server_log
from workbook.lab import (
    drilling,
    explain,
    frames,
    ipython,
    magics,
    sentences,
    server_gone,
    skipped,
)
from workbook.lab.busy import Busy
from workbook.lab.session import Session
from workbook.myapp.modules import forget
from workbook.postgres import databases
from workbook.questions import asking, recall


async def open_notebook(session: Session) -> None:
    """Make its database anew and the earlier notebooks' files where they are missing; say so."""
    await _make_database(session)
    files = workspace.rebuild(session.number)
    if (shell := ipython.current_shell()) is not None:
        _join_notebook(session, shell)
    session.checks.warm()
    version = await session.observer.value("SHOW server_version")
    print(f"PostgreSQL {version.split()[0]} ({session.server.kind}) is running.")
    print(f"Database {session.database} is fresh.")
    print(f"Files of earlier notebooks: {sentences.files(files.found, files.rebuilt)}.")
    notes = [sentences.ahead(session.book, files.later), *sentences.of_files(), workspace.lost()]
    for each in filter(None, notes):
        print(each)
    if due := len(recall.due()):
        ipython.show(asking.waiting(due), "review")


async def close_notebook(session: Session) -> None:
    """Close what the workbook has opened; Problem where the learner's own is still open."""
    for server in session.app_servers:
        await server.stop()
    forget("app")
    taken = session.ownership.taken()
    if not taken:
        await _must_be_alone(session)
    try:
        await session.close()
    finally:
        await asyncio.to_thread(checking.RUNNER.stop)
        await asyncio.to_thread(postgres.release)
    print(taken or "Nothing is left open: no connection, no transaction, no process.")
    print(sentences.progress(session.book))


async def _must_be_alone(session: Session) -> None:
    left = await session.observer.activity(expect=0)
    if len(left):
        raise Problem(f"Something is still open. Close it, then run this cell again.\n{left!r}")


async def _make_database(session: Session) -> None:
    """Also remove what an earlier kernel of ours, which was killed, may have left."""
    session.resources.push_async_callback(_drop_second_databases, session)
    session.resources.push_async_callback(session.checks.close)
    session.resources.push_async_callback(session.observer.close)
    template = await checking.template(session.server, session.number, session.prefix)
    session.ownership.claim()
    await databases.recreate(session.server, session.database, template)
    await databases.sweep(session.server, *session.second_databases())
    session.log_is_readable = await server_log.enable_statement_log(
        session.observer, session.database
    )
    os.environ["DATABASE_URL"] = for_sqlalchemy(session.server.url(session.database))


async def _drop_second_databases(session: Session) -> None:
    if session.ownership.taken():
        return  # they are the other kernel's
    with contextlib.suppress(postgres.PostgresProblem):  # the server may be gone
        for name in session.second_databases():
            await databases.drop(session.server, name)


def _join_notebook(session: Session, shell: Any) -> None:
    """Give the notebook its magic, its errors, and the path to myapp/ and to our programs.

    Its requests to this machine go past whatever proxy is set.
    """
    magics.install(shell)
    drilling.install(session, shell)
    ipython.show_errors(shell, lambda error: _describe(session, error))
    session.resources.callback(ipython.on_cell(shell, session.cells.record))
    session.resources.callback(ipython.after_cell(shell, session.guesses.after_cell))
    session.resources.callback(Busy(shell).watch())
    # As an activated environment has it.
    if programs.folder() not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = programs.search_path()
    os.environ.update(no_proxy.with_this_machine(os.environ))
    os.environ.setdefault("PYTHON_COLORS", "0")  # 3.13 colours tracebacks where a kernel asks
    app = str(paths.myapp())
    sys.path[:] = [app, *(each for each in sys.path if each != app)]


def _describe(session: Session, error: BaseException) -> list[str]:
    """The error in brief, and below it who is to blame or where it is explained.

    Of a full disk the sentence is all, unless a line of the learner's met it.
    """
    if disk.is_full(error):
        places = frames.brief(error) if frames.raised_by_cell(error) else []
        return [*places, disk.FULL]
    note = server_gone.blame(error, session.server, session.database, session.ownership.taken)
    note = note or skipped.told(error, session.book, session.cells.texts())
    if not note and explain.is_explained(error, session.number):
        note = "lab.explain() says what this means."
    return [*frames.brief(error), *filter(None, [note])]
