"""08.client: a client of the app, in the transaction of the test."""

import ast

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb08.probe import Asks, all_pass, run_probe

KW = ("kw", "configure")
"""What a fixture has to reach of a factory, to change what its sessions use."""

TESTS = """
import contextlib

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app import database, main
from app.database import readers, session_factory
from app.main import app
from app.models import Team
from tests import conftest

COUNT = select(func.count()).select_from(Team)
WHOSE = text("SELECT pg_backend_pid()")
NIGHT = {"name": "night"}
events, starters, before = [], [], [session_factory.kw["bind"], readers.kw["bind"]]
real_lifespan = app.router.lifespan_context


@contextlib.asynccontextmanager
async def lifespan(app):
    events.append("started")
    starters.append(None)
    with contextlib.suppress(Exception):  # the app's own database is not there
        async with database.session_factory() as session:
            starters[-1] = await session.scalar(WHOSE)
    async with real_lifespan(app) as state:
        yield state
    events.append("stopped")


app.router.lifespan_context = lifespan
by_name = getattr(main, "lifespan", app)
for module in (conftest, main):  # whoever enters it by its name has started the app, too
    if getattr(module, "lifespan", None) is by_name:
        module.lifespan = lifespan


def crash(answer, log):
    '''What is behind a 500, as the app has logged it.'''
    errors = [each.exc_info[1] for each in log.records if each.exc_info]
    said = f"{type(errors[-1]).__name__}: {errors[-1]}" if errors else answer.text
    return f"the app answered {answer.status_code}, {said}"


async def test_the_app_is_started(client):
    assert events == ["started"]


async def test_the_app_was_stopped_after_the_test():
    assert events == ["started", "stopped"]


async def test_nobody_else_sees_what_the_app_has_stored(client, engine):
    await client.post("/teams", json=NIGHT)
    async with engine.connect() as other:
        assert await other.scalar(COUNT) == 0


async def test_the_test_sees_what_the_app_has_stored(client, session, caplog):
    answer = await client.post("/teams", json=NIGHT)
    assert answer.status_code == 201, crash(answer, caplog)
    assert await session.scalar(COUNT) == 1


async def test_the_app_sees_what_the_test_has_stored(client, session, caplog):
    session.add(Team(name="night"))
    await session.commit()
    answer = await client.get("/teams")
    assert answer.status_code == 200, crash(answer, caplog)
    assert [each["name"] for each in answer.json()] == ["night"]


async def test_a_conflict_keeps_what_was_stored_before(client):
    codes = [(await client.post("/teams", json=NIGHT)).status_code for _ in range(2)]
    assert codes == [201, 409]
    there = len((await client.get("/teams")).json())
    mode = session_factory.kw.get("join_transaction_mode")
    assert there == 1, f"{there} teams are there" + (f", with the mode {mode!r}" if mode else "")


async def test_a_read_that_fails_keeps_what_was_stored_before(client, session):
    session.add(Team(name="night"))
    await session.commit()
    with pytest.raises(DBAPIError):
        await database.read(lambda reading: reading.execute(text("SELECT 1/0")))
    assert await session.scalar(COUNT) == 1


async def test_the_app_is_started_in_the_transaction_of_the_test(client, connection):
    assert starters[-1] == await connection.scalar(WHOSE)


async def test_the_factories_are_as_they_were():
    assert [session_factory.kw["bind"], readers.kw["bind"]] == before
    assert "join_transaction_mode" not in session_factory.kw.keys() | readers.kw.keys()
"""
ASKS = {
    "test_the_app_is_started": (
        "the app is started once",
        "who enters the app's lifespan, when no server does?",
    ),
    "test_the_app_was_stopped_after_the_test": (
        "started, then stopped",
        "what has to surround the `yield`?",
    ),
    "test_the_app_is_started_in_the_transaction_of_the_test": (
        "the connection of the test",
        "what can an app that starts do with its database, and on which connection?",
    ),
    "test_the_test_sees_what_the_app_has_stored": (
        "1 row for the test's session",
        "whose connection does `transact` use?",
    ),
    "test_the_app_sees_what_the_test_has_stored": (
        "the team that the test has stored",
        "which of the two factories serves a GET?",
    ),
    "test_nobody_else_sees_what_the_app_has_stored": (
        "0 rows for any other connection",
        "what does the app's commit end?",
    ),
    "test_a_conflict_keeps_what_was_stored_before": (
        "201, then 409, and one team",
        "what does the app's rollback undo, without a savepoint?",
    ),
    "test_a_read_that_fails_keeps_what_was_stored_before": (
        "1 row, and a transaction that goes on",
        "what ends with an error, where a reader has no savepoint of its own?",
    ),
    "test_the_factories_are_as_they_were": (
        "the factories as they were before",
        "who puts back what you changed?",
    ),
}

ENDED = (
    "an app and a client that last as long as the test",
    "which block above your `yield`, or which `return`, ends it before the test runs?",
)
SYNCHRONOUS = (
    "a client whose calls are awaited, as those of `httpx.AsyncClient` are",
    "of which library is your client, and what do its calls give?",
)
SAID = {
    "can't be used in 'await' expression": SYNCHRONOUS,
    "object can't be awaited": SYNCHRONOUS,
    "AsyncEngine expected, got <": (
        "the connection of the test under `bind`",
        "what does your fixture put under `bind`: the connection, or what stands on it?",
    ),
    "teams are there, with the mode": (
        "201, then 409, and one team",
        "what does a rollback undo in a session of that mode: a savepoint, or all of the test's"
        " transaction?",
    ),
    "'AsyncConnection' object is not iterable": (
        "one connection for all that a session does",
        "under which key of `factory.kw` stands what its sessions use?",
    ),
    "unknown url type": (
        "a client whose paths lead to the app",
        "to which host do the paths belong, where the client has no `base_url`?",
    ),
    "Session.__init__() got an unexpected keyword argument": (
        "entries that a session takes as arguments",
        "what does `AsyncSession` call that argument?",
    ),
    "ArgumentError: invalid selection for": (
        "a mode that SQLAlchemy knows",
        "by which word does your `session` join the transaction of the test?",
    ),
    "lifespan() missing 1 required positional argument": (
        "the lifespan of the app, around the client",
        "whose lifespan is to be entered, and who tells `lifespan_context` so?",
    ),
    "assert ['started', 'stopped'] == ['started']": ENDED,
    "Cannot send a request, as the client has been closed": ENDED,
}


STORED = "test_the_test_sees_what_the_app_has_stored"


def _in_the_text(text: str) -> Asks:
    """The question about factories that a test finds as they were, where the text shows why."""
    functions = (each for each in ast.parse(text).body if isinstance(each, ast.AsyncFunctionDef))
    parts = [*ast.walk(next(each for each in functions if each.name == "client"))]
    given = [each.lineno for each in parts if isinstance(each, ast.Yield)]
    changed = [each.lineno for each in parts if isinstance(each, ast.Attribute) and each.attr in KW]
    bound = {each.id for each in parts if isinstance(each, ast.Name) and not _is_read(each)}
    wanted, _ = ASKS[STORED]
    if given and changed and min(changed) > max(given):
        return {STORED: (wanted, "which of your lines run before the `yield`, and which after it?")}
    if "session_factory" in bound or _of_another_module(parts):
        return {STORED: (wanted, "which name does `transact` read, and whose name did you change?")}
    return {}


def _of_another_module(parts: list[ast.AST]) -> bool:
    """Whether it sets a name of the tests, which is no other file's."""
    texts = [each.value for each in parts if isinstance(each, ast.Constant)]
    return any(str(each).endswith("conftest.session_factory") for each in texts)


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


async def check(answer: Answer) -> None:
    """Started and stopped, one transaction for app and test, and nothing changed for good."""
    found = await run_probe(answer, TESTS)
    all_pass("client", found, ASKS | _in_the_text(answer.source()), SAID)
    left = await answer.observer.fetchval("SELECT count(*) FROM team")
    expect_state("client: the rows after the run", left, 0, "which transaction did the app commit?")
