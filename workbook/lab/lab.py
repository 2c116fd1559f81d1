"""The one object that a notebook holds: its database, its checks, and its view from outside.

Here is what a learner can ask for; the modules beside this one do it, and share the session.
"""

import asyncio
import contextlib
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncEngine

from workbook import material, postgres
from workbook.base.disk import full_is_a_problem
from workbook.base.problem import Problem
from workbook.checks.verdict import Verdict
from workbook.display.card import Card, Cards
from workbook.display.table import Table
from workbook.evidence import sequence
from workbook.evidence.private_server import PrivateServer
from workbook.lab import (
    app_files,
    capstone,
    drilling,
    exercises,
    explain,
    ipython,
    lifecycle,
    outside_view,
    servers,
    stacks,
    suite,
)
from workbook.lab.session import Session
from workbook.lab.tables import Tables
from workbook.myapp import given
from workbook.questions import Marked
from workbook.questions.answers import Given

if TYPE_CHECKING:
    from alembic.config import Config

    from workbook.drills.night import Night
    from workbook.evidence.app_server import AppServer
    from workbook.evidence.commit_scenarios import CommitScenarios
    from workbook.evidence.crash_load import CrashLoad
    from workbook.stack import Stack

_current: "Session | None" = None


async def begin(number: str) -> "Lab":
    """Open the lab of one notebook; an open one is closed first, so this can be run again."""
    global _current
    try:
        book = material.notebook(number)
    except KeyError as error:
        raise Problem(error.args[0]) from None
    with full_is_a_problem():
        if _current is not None:
            await _current.close()
        _current = Session(book, await asyncio.to_thread(postgres.attach))
        await lifecycle.open_notebook(_current)
        return Lab(_current)


class Lab(Tables):
    """A notebook's database, checks and observer. `await start("01")` makes one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.number = session.number
        self.database = session.database
        self.url, self.observer = session.server.url(session.database), session.observer
        """This notebook's database, as asyncpg wants it: `postgresql://…`."""

    async def close(self) -> None:
        """End the notebook, and prove it: no connection, no transaction, no process is left."""
        self._session.must_be_open()
        await lifecycle.close_notebook(self._session)

    def _opened(self) -> Session:
        """The session; Problem where it was closed, or its server or its database is gone."""
        self._session.must_be_open()
        self._session.must_have_its_database()
        return self._session

    # Exercises and questions

    async def check(self, exercise_id: str) -> Verdict:
        """Is this answer right? Runs it in a fresh process, against a fresh database."""
        self._session.must_be_open()  # a check has a database of its own
        return await drilling.check(self._session, exercise_id)

    def hint(self, exercise_id: str, level: int | None = None) -> Card:
        """The next hint of three, or the one you name: a question, a pointer, nearly the answer."""
        return exercises.hint(exercise_id, level)

    def solution(self, exercise_id: str) -> Card:
        """One right answer and why it works; after you tried."""
        return exercises.solution(exercise_id)

    def others(self, exercise_id: str) -> Cards:
        """Other right answers, and how each differs from the solution; once yours is right."""
        return exercises.others(exercise_id)

    async def use(self, exercise_id: str) -> Any:
        """What you wrote in this notebook if it is right, else the reference; says which."""
        return await exercises.use(self._opened(), exercise_id)

    async def drill(self, which: str | int | None = None, seed: int = 14) -> "Night":
        """Your app with a fault in it: the next drill of this order, or that of a name or place."""
        return await drilling.begin(self._opened(), which, seed)

    def postmortem(self, name: str) -> Card:
        """Write what was done in a drill as a page to keep, which you finish; says where it is."""
        return drilling.write_postmortem(name)

    def drills(self) -> Table:
        """Each drill: how long to the first evidence, to a symptom that is gone, and to the fix."""
        return drilling.overview()

    def guess(self, question_id: str, answer: Given = "") -> Marked:
        """Your answer to a question: letters or a number. A prediction waits for its cell."""
        return exercises.guess(self._session, question_id, answer)

    def review(self) -> Cards:
        """Questions that you have answered and may have forgotten by now, from every notebook."""
        return exercises.review(self._session)

    # The files of the app

    async def load(self, module: str) -> ModuleType:
        """Import a module of your app afresh; the reference stands in for what is not right yet."""
        return await app_files.load(self._opened(), module)

    async def alembic(self, earlier: bool = False) -> "Config":
        """Alembic's configuration of your app; of what it was before this notebook: `earlier`.

        The reference stands in for what is not right yet. Ask again after a change of a file.
        """
        return await app_files.alembic(self._opened(), earlier)

    def earlier(self, path: str) -> str:
        """The text of a file of myapp/, as the notebooks before this one leave it."""
        return app_files.earlier(self.number, path)

    def set_aside(self, path: str) -> None:
        """Take what a path or pattern names in myapp/ away; `./wb undo` brings it back."""
        app_files.set_aside(self.number, path)

    def add(self, *names: str) -> None:
        """Put files that the notebook gives into myapp/; what was there is set aside."""
        print(given.add(self._opened().number, names))

    async def pytest(
        self, *arguments: str, instead: dict[str, str] | None = None, container: bool = False
    ) -> Table:
        """What came of each test: pytest on your app, in a process of its own.

        They get an empty database by TEST_DATABASE_URL, or with `container` find one themselves.
        `instead` puts other texts in place of files, for this run only.
        """
        return await suite.run_tests(self._opened(), list(arguments), instead or {}, container)

    async def compare(self, path: str | None = None) -> Table | Card:
        """Your app beside the reference: what differs in which file, and why; or a file's lines."""
        return await capstone.compare(self._opened(), path)

    async def judge(self, folder: str, *only: str) -> Table:
        """A service in a folder, judged from outside: what was asked, what was seen, what next."""
        return await capstone.judge(self._opened(), folder, only)

    # Databases

    async def empty(self) -> str:
        """A second database with nothing in it, made anew: its URL, for SQLAlchemy."""
        return await app_files.empty_database(self._opened())

    # The view from outside

    async def saw(self, by_connection: bool = False) -> Table:
        """What Postgres saw: the statements of the last cell, from the server's own log."""
        return await outside_view.saw(self._opened(), by_connection)

    def served(self, in_order: bool = False) -> Table:
        """What the clients of the last cell saw, beside what the server logged.

        In the order of the requests; `in_order` sorts those that came at once.
        """
        return outside_view.served(self._session, in_order)

    def watch(self) -> contextlib.AbstractContextManager[sequence.SequenceDiagram]:
        """Record who says what to whom, to draw it: `with lab.watch() as events:`."""
        self._opened()
        return sequence.watch()

    def explain(self) -> Card:
        """What the last error means: its root cause, and its entry in the error dictionary."""
        return explain.explain(ipython.last_error(), self.number)

    # Servers of your own

    def serve(self, app: Any) -> "AppServer":
        """A real uvicorn on a free port: `async with lab.serve(app) as client: …`."""
        return servers.app_server(self._opened(), app)

    def server(self, **settings: str | int) -> PrivateServer:
        """A Postgres of your own, to stop and to break: `async with lab.server() as own: …`."""
        return servers.private_server(self._opened(), settings)

    def trials(self, engine: AsyncEngine, taken: str) -> "CommitScenarios":
        """Five trials of an app that uses this engine; a user with the email `taken` exists."""
        return servers.commit_scenarios(self._opened(), engine, taken)

    def storm(self, own: PrivateServer) -> "CrashLoad":
        """Clients that insert while this server crashes, to compare designs."""
        self._opened()
        return servers.crash_load(own)

    # The app as Compose runs it

    def stack(
        self,
        text: str | Callable[[str], str] | None = None,
        instead: dict[str, str] | None = None,
        finished: bool = False,
        own: bool = False,
    ) -> "contextlib.AbstractAsyncContextManager[Stack]":
        """Your app and its database as Compose runs them: `async with lab.stack() as stack: …`.

        In containers where an engine answers, else replayed by plain processes. `text` is another
        Compose file, or what makes it of yours; `instead` puts texts in place of files, for this
        stack only; `finished` takes the reference's files, `own` yours as they are, right or not.
        """
        return stacks.open_stack(self._opened(), text, instead or {}, finished, own)

    def image(self, text: str) -> Table:
        """What a Dockerfile leads to: who runs what, with which files, and what a change costs."""
        return stacks.describe_image(self.number, text)

    def volumes(self, *lines: str) -> Table:
        """What becomes of the data of Postgres images, for pairs of `IMAGE VOLUME`."""
        return stacks.describe_volumes(lines)
