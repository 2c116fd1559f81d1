"""The one object that a notebook holds: its database, its checks, and its view from outside."""

import asyncio
import contextlib
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from workbook import material, postgres, workspace
from workbook.base import paths, programs, settings
from workbook.base.problem import Problem
from workbook.base.urls import for_sqlalchemy
from workbook.checks import checking
from workbook.checks.verdict import Verdict
from workbook.display import diagram
from workbook.display.card import Card
from workbook.display.table import Table
from workbook.evidence import exchanges, sequence
from workbook.evidence import server_log as log
from workbook.evidence.observe import Observer
from workbook.evidence.private_server import OwnServer
from workbook.lab import explain, frames, magics, suite
from workbook.myapp import given, standin
from workbook.myapp.app import Origin
from workbook.myapp.modules import forget, import_from
from workbook.postgres import databases, docker
from workbook.seeds import data

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from alembic.config import Config

    from workbook.evidence.app_server import Service
    from workbook.evidence.commit_scenarios import Trials
    from workbook.evidence.crash_load import Storm
    from workbook.stack import Stack

_current: "Lab | None" = None


async def begin(number: str) -> "Lab":
    """Open the lab of one notebook; an open one is closed first, so this can be run again."""
    global _current
    try:
        book = material.notebook(number)
    except KeyError as error:
        raise Problem(error.args[0]) from None
    if _current is not None:
        await _current._leave()
    server = await asyncio.to_thread(postgres.attach)
    _current = Lab(book, server)
    await _current._enter()
    return _current


class Lab:
    """A notebook's database, checks and observer. `await start("01")` makes one."""

    def __init__(self, book: material.Notebook, server: postgres.Server) -> None:
        prefix = settings.read().database_prefix
        self.number = book.number
        self.database = f"{prefix}_{book.number}"
        self.url = server.url(self.database)
        """This notebook's database, as asyncpg wants it: `postgresql://…`."""
        self.observer = Observer(server.url(self.database, role="admin"))
        self._book, self._server = book, server
        self._prefix = prefix
        self._empty, self._tests = f"{self.database}_empty", f"{self.database}_tests"
        self._cells: list[tuple[datetime, str]] = []
        self._services: list[Service] = []
        self._owned: list[OwnServer] = []
        self._stacks: list[Stack] = []
        self._checks = checking.Checks(server, book.number, prefix)
        self._open, self._log_is_open = True, False
        self._unhook: Callable[[], None] = lambda: None

    # What happens at the start and at the end

    async def _enter(self) -> None:
        template = await checking.template(self._server, self.number, self._prefix)
        await databases.recreate(self._server, self.database, template)
        if not self._server.shared:
            await databases.sweep(self._server, f"{self._prefix}_check_")
        self._log_is_open = await log.open_for(self.observer, self.database)
        os.environ["DATABASE_URL"] = for_sqlalchemy(self.url)
        files = workspace.rebuild(self.number)
        self._join_notebook()
        self._checks.warm()
        version = await self.observer.value("SHOW server_version")
        print(f"PostgreSQL {version.split()[0]} ({self._server.kind}) is running.")
        print(f"Database {self.database} is fresh.")
        print(f"Files of earlier notebooks: {_files(files.found, files.rebuilt)}.")
        if ahead := _ahead(self._book, files.later):
            print(ahead)

    def _join_notebook(self) -> None:
        shell = _shell()
        if shell is None:
            return
        magics.install(shell)
        frames.install(shell, self._note)
        self._unhook = _on_cell(shell, self._remember)
        # As an activated environment has it.
        if programs.folder() not in os.environ["PATH"].split(os.pathsep):
            os.environ["PATH"] = programs.search_path()
        os.environ.setdefault("PYTHON_COLORS", "0")  # 3.13 colours tracebacks where a kernel asks
        app = str(paths.myapp())
        sys.path[:] = [app, *(each for each in sys.path if each != app)]

    def _remember(self, info: Any) -> None:
        self._cells.append((datetime.now(UTC), info.raw_cell or ""))

    async def _leave(self) -> None:
        if not self._open:
            return
        self._open = False
        for service in self._services:
            await service.stop()
        for own in self._owned:
            await own.remove()
        for stack in self._stacks:
            await stack.close()
        if warm := sys.modules.get("workbook.stack.warm_programs"):
            warm.close()
        await self.observer.close()
        await self._checks.close()
        with contextlib.suppress(postgres.PostgresProblem):  # the server may be gone
            for name in (self._empty, self._tests):
                await databases.drop(self._server, name)
        self._unhook()

    async def close(self) -> None:
        """End the notebook, and prove it: no connection, no transaction, no process is left."""
        self._must_be_open()
        for service in self._services:
            await service.stop()
        forget("app")
        left = await self.observer.activity(expect=0)
        if len(left):
            raise Problem(f"Something is still open. Close it, then run this cell again.\n{left!r}")
        await self._leave()
        await asyncio.to_thread(checking.RUNNER.stop)
        await asyncio.to_thread(postgres.release)
        print("Nothing is left open: no connection, no transaction, no process.")
        print(_progress(self._book))

    # Exercises

    async def check(self, exercise_id: str) -> Verdict:
        """Is this answer right? Runs it in a fresh process, against a fresh database."""
        self._must_be_open()
        return await self._checks.check(_exercise(exercise_id), _namespace())

    def hint(self, exercise_id: str, level: int | None = None) -> Card:
        """The next hint of three, or the one you name: a question, a pointer, nearly the answer."""
        return checking.hint(_exercise(exercise_id), level)

    def solution(self, exercise_id: str) -> Card:
        """One right answer and why it works; after you tried."""
        return checking.solution(_exercise(exercise_id))

    async def use(self, exercise_id: str) -> Any:
        """What you wrote in this notebook if it is right, else the reference; says which."""
        self._must_be_open()
        exercise = _exercise(exercise_id)
        mine = _namespace().get(exercise.names[0])
        if mine is not None and await self._checks.quietly(exercise, _namespace()):
            print(f"{exercise.names[0]}: yours.")
            return mine
        print(f"{exercise.names[0]}: the reference, until {exercise_id} is right.")
        return checking.reference(exercise)

    async def load(self, module: str) -> ModuleType:
        """Import a module of your app afresh; the reference stands in for what is not right yet."""
        self._must_be_open()
        await self._dispose()
        path = module.replace(".", "/") + ".py"
        for name in standin.app(self.number).needed_by(path).files:
            for each in standin.exercises_of(name, self.number):
                await self._checks.quietly(each, _namespace())
        folder = paths.state() / "standin" / self.number
        app = standin.write(self.number, folder)
        if path not in app.files:
            raise Problem(f"There is no myapp/{path}. Run the cell that writes it first.")
        needed = app.needed_by(path)
        clean = needed.origin is Origin.LEARNER
        try:
            loaded = import_from(paths.myapp() if clean else folder, module)
            print(f"{module}: {needed.whose(path)}")
        except Exception as error:
            if path not in standin.reference(self.number):
                raise
            standin.write_reference(self.number, folder)
            loaded = import_from(folder, module)
            raised = f"{type(error).__name__}: {error}".splitlines()[0]
            print(f"{module}: the reference version, because importing yours raised {raised}")
        return loaded

    async def alembic(self, earlier: bool = False) -> "Config":
        """Alembic's configuration of your app; the reference stands in for what is not right yet.

        Ask again after a change of a model, of env.py or of a revision. With `earlier`, of the app
        as the notebooks before this one leave it.
        """
        from workbook.lab import migrating  # Alembic takes a moment; most notebooks do without

        self._must_be_open()
        await self._dispose()
        if earlier:
            return migrating.earlier(self.number)
        for each in migrating.exercises(self.number):
            await self._checks.quietly(each, _namespace())
        return migrating.config(self.number)

    def earlier(self, path: str) -> str:
        """The text of a file of myapp/, as the notebooks before this one leave it."""
        files = material.files_before(self.number)
        if path not in files:
            raise Problem(f"No notebook before {self.number} writes a {path!r}.")
        return files[path]

    def set_aside(self, path: str) -> None:
        """Take a file or folder of myapp/ away, to begin anew; `./wb undo` brings it back."""
        workspace.take_away(path)

    async def empty(self) -> str:
        """A second database with nothing in it, made anew: its URL, for SQLAlchemy."""
        self._must_be_open()
        await databases.recreate(self._server, self._empty)
        return for_sqlalchemy(self._server.url(self._empty))

    async def _dispose(self) -> None:
        """Close the connections of the engine that an earlier `load` brought in."""
        engine = getattr(sys.modules.get("app.database"), "engine", None)
        if engine is not None and hasattr(engine, "dispose"):
            await engine.dispose()

    async def fill(self, metadata: MetaData, *only: str) -> None:
        """Put Nightwatch's rows into those tables, all or the named, that are empty; count them."""
        engine = create_async_engine(os.environ["DATABASE_URL"])
        try:
            async with engine.begin() as connection:
                counts = await connection.run_sync(data.fill, metadata, *only)
        finally:
            await engine.dispose()
        print(", ".join(f"{table}: {count} rows" for table, count in counts.items()))

    def diagram(self, metadata: MetaData, *only: str) -> "diagram.Diagram":
        """The tables of this metadata, all or the named, and what refers to what."""
        return diagram.of(metadata, *only)

    # The view from outside

    async def saw(self, by_connection: bool = False) -> Table:
        """What Postgres saw: the statements of the last cell, from the server's own log."""
        self._must_be_open()
        if not self._log_is_open:
            return log.CLOSED
        since = self._since()
        floor = since.replace(microsecond=since.microsecond // 1000 * 1000)
        return log.table(await log.statements(self.observer, floor), by_connection)

    def served(self, in_order: bool = False) -> Table:
        """What the clients of the last cell saw, beside what the server logged.

        In the order of the requests; `in_order` sorts them, where they came at once.
        """
        since = self._since()
        every = [each for service in self._services for each in service.exchanges]
        shown = exchanges.table([each for each in every if each.when >= since])
        return replace(shown, rows=sorted(shown.rows, key=str)) if in_order else shown

    def _since(self) -> datetime:
        """When the last cell began that does more than look."""
        since = next((t for t, code in reversed(self._cells) if not _LOOKS.fullmatch(code)), None)
        if since is None:
            raise Problem("No cell has run since the start; run one, then look at what it did.")
        return since

    def explain(self) -> Card:
        """What the last error means: its root cause, and its entry in the error dictionary."""
        return explain.explain(getattr(sys, "last_value", None))

    def serve(self, app: Any) -> "Service":
        """A real uvicorn on a free port: `async with lab.serve(app) as client: …`."""
        from workbook.evidence.app_server import Service  # HTTP server and client: half a second

        self._must_be_open()
        self._services.append(Service(app))
        return self._services[-1]

    def watch(self) -> contextlib.AbstractContextManager[sequence.SequenceDiagram]:
        """Record who says what to whom, to draw it: `with lab.watch() as events:`."""
        self._must_be_open()
        return sequence.watch()

    def trials(self, engine: AsyncEngine, taken: str) -> "Trials":
        """Five trials of an app that uses this engine; a user with the email `taken` exists."""
        from workbook.evidence import commit_scenarios  # FastAPI, likewise

        self._must_be_open()
        return commit_scenarios.Trials(self.observer, engine, taken)

    def storm(self, own: OwnServer) -> "Storm":
        """Clients that insert while this server crashes, to compare designs."""
        from workbook.evidence import crash_load

        self._must_be_open()
        return crash_load.Storm(own)

    def server(self, **settings: str | int) -> OwnServer:
        """A Postgres of your own, to stop and to break: `async with lab.server() as own: …`."""
        self._must_be_open()
        self._owned.append(OwnServer(settings))
        return self._owned[-1]

    @contextlib.asynccontextmanager
    async def stack(
        self,
        text: str | Callable[[str], str] | None = None,
        instead: dict[str, str] | None = None,
        finished: bool = False,
    ) -> "AsyncIterator[Stack]":
        """Your app and its database as Compose runs them: `async with lab.stack() as stack: …`.

        In containers where an engine answers, else replayed by plain processes. `text` is another
        Compose file than yours, or what makes it of yours; `instead` puts other texts in place of
        files, for this stack only; `finished` takes the reference's files.
        """
        from workbook.stack import opening

        self._must_be_open()
        await self._judge_all()
        made = opening.open_stack(self.number, text, instead or {}, finished)
        self._stacks.append(made)
        async with made:
            yield made

    def image(self, text: str) -> Table:
        """What a Dockerfile leads to: who runs what, with which files, and what a change costs."""
        from workbook.stack import image_report

        ignore = standin.app(self.number).files[".dockerignore"].text
        return image_report.describe_image(text, ignore)

    def volumes(self, *lines: str) -> Table:
        """What becomes of the data of Postgres images, for pairs of `IMAGE VOLUME`."""
        from workbook.stack import image_report

        return image_report.describe_volumes(lines)

    def add(self, *names: str) -> None:
        """Put files that the notebook gives into myapp/; what was there is set aside."""
        self._must_be_open()
        print(given.add(self.number, names))

    async def pytest(
        self, *arguments: str, instead: dict[str, str] | None = None, container: bool = False
    ) -> Table:
        """What came of each test: pytest on your app, in a process of its own.

        The tests get an empty database by TEST_DATABASE_URL; with `container` they find one
        themselves. `instead` puts other texts in place of files, for this run only.
        """
        self._must_be_open()
        await self._judge_all()
        await databases.recreate(self._server, self._tests)
        own = container and docker.engine()
        url = "" if own else self._server.url(self._tests)
        if container:
            print(suite.where(own))
        chosen = (checking.RUNNER, self.number, url, list(arguments), instead or {})
        table = await asyncio.to_thread(suite.run, *chosen)
        if container:
            return table
        behind = Observer(self._server.url(self._tests, role="admin"))
        try:
            return replace(table, note=await suite.left(table.note, behind))
        finally:
            await behind.close()

    async def _judge_all(self) -> None:
        """Judge every answer in myapp/ that is not known yet, so that what is right is used."""
        for path in standin.app(self.number).files:
            for each in standin.exercises_of(path, self.number):
                await self._checks.quietly(each, _namespace())

    # When something breaks

    def _must_be_open(self) -> None:
        if not self._open:
            raise Problem("This lab is closed. Run the start cell of the notebook again.")
        if not self._server.alive():
            raise Problem(GONE)

    def _note(self, error: BaseException) -> str:
        """A sentence below an error when the cause is the workbook's server, not the code."""
        causes = list(frames.chain(error))
        gone = any(isinstance(each, asyncpg.InvalidCatalogNameError) for each in causes)
        if gone and self.database in str(error):
            return f"The database {self.database} is gone. {AGAIN}"
        if any(isinstance(each, _LOST) for each in causes) and not self._server.alive():
            return GONE
        return "lab.explain() says what this means." if explain.entry(error) else ""


AGAIN = "Nothing you wrote is lost: run the start cell again, then this one."
GONE = f"The workbook's Postgres has stopped. {AGAIN}"
_LOOKS = re.compile(r"\s*(await \w+\.saw\([^()]*\)|\w+\.served\(\))\s*")
"""A cell that looks at what Postgres or the server saw, and does nothing else."""
_LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)


def _exercise(exercise_id: str) -> material.Exercise:
    try:
        return material.exercise(exercise_id)
    except KeyError as error:
        raise Problem(error.args[0]) from None


def _shell() -> Any:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()  # type: ignore[no-untyped-call, unused-ignore]


def _namespace() -> dict[str, Any]:
    shell = _shell()
    return shell.user_ns if shell is not None else {}


def _on_cell(shell: Any, remember: Callable[[Any], None]) -> Callable[[], None]:
    shell.events.register("pre_run_cell", remember)
    return lambda: shell.events.unregister("pre_run_cell", remember)


def _files(found: list[str], rebuilt: list[str]) -> str:
    if not found and not rebuilt:
        return "none are needed here"
    parts = []
    if found:
        parts.append(f"found {', '.join(_by_folder(found))}")
    if rebuilt:
        parts.append(f"rebuilt {', '.join(_by_folder(rebuilt))}")
    return "; ".join(parts)


def _ahead(book: material.Notebook, later: list[str]) -> str:
    """What to expect where myapp/ holds files that only later notebooks write."""
    further = sorted(set(later) - book.files.keys())
    if not further:
        return ""
    return (
        f"myapp/ is further on than notebook {book.number}: it has"
        f" {', '.join(_by_folder(further))}. A cell may show other things here than the text says."
        f" `./wb catch-up {book.number}` takes the app back to this point; `./wb undo` returns."
    )


def _by_folder(names: list[str]) -> list[str]:
    """The files, and where there are more than four in a folder, the folder."""
    count = Counter(name.rpartition("/")[0] for name in names)
    many = {folder for folder, number in count.items() if number > 4}
    short = [
        n if (f := n.rpartition("/")[0]) not in many else f"{f}/ ({count[f]} files)" for n in names
    ]
    return list(dict.fromkeys(short))


def _progress(book: material.Notebook) -> str:
    known = workspace.read()
    right = sum(each.id in known and known[each.id].solved for each in book.exercises)
    later = next((each for each in material.notebooks() if each.number > book.number), None)
    onward = f" Next: {later.stem}.ipynb." if later else ""
    return f"Solved here: {right} of {len(book.exercises)}.{onward}"
