"""Checks of notebook 08: a Postgres for the run, a transaction for each test, a promise kept."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import testcontainers.community.postgres

from workbook.checks import pytesting
from workbook.checks.answer import Answer, expect
from workbook.checks.pytesting import Outcome
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet
from workbook.urls import for_sqlalchemy

PROBE = "tests/test_probe.py"


async def _run(answer: Answer, probe: str, **environment: str) -> list[Outcome]:
    """Run these tests on the learner's fixtures, in a schema with nothing in it."""
    await answer.clear()
    Path(PROBE).write_text(probe, "utf-8")
    given = {"TEST_DATABASE_URL": _url(answer)} | environment
    return await pytesting.apart(str(Path.cwd()), [PROBE], given)


def _url(answer: Answer) -> str:
    return for_sqlalchemy(answer.url)


def _all_pass(what: str, found: list[Outcome], asks: dict[str, tuple[str, str]]) -> None:
    """NotYet for the first test that did not pass, with what was wanted and the question."""
    for each in found:
        name = each.test.rpartition("::")[2]
        wanted, ask = asks.get(name, ("no error", "what does this message say about the fixture?"))
        if each.result != "passed":
            raise NotYet(f"{what}: {_words(name)}", each.why or each.result, wanted, ask)
    if len(found) < max(1, len(asks)):
        raise NotYet(what, "pytest could not run the tests", "tests that run", "is it a fixture?")


def _words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


# A Postgres for the run

DATABASE = """
import os
from pathlib import Path

def test_one(database_url): Path("seen").write_text(database_url + "\\n")
def test_two(database_url): Path("seen").open("a").write(database_url + "\\n")
"""


@checks("08.database")
async def database(answer: Answer) -> None:
    """The named database and no container; else one container, for asyncpg, that ends."""
    with _fake_containers() as log:
        found = await _run(answer, DATABASE)
        _all_pass("database_url, with TEST_DATABASE_URL", found, {})
        expect("database_url, with TEST_DATABASE_URL", _seen(), [_url(answer)] * 2, "who named it?")
        ask = "who needs a container where a server is named?"
        expect("the containers, with TEST_DATABASE_URL", _events(log), [], ask)
        for image in ("", "postgres:16-alpine"):
            await _contained(answer, log, image)


async def _contained(answer: Answer, log: Path, image: str) -> None:
    log.unlink(missing_ok=True)
    chosen = {"TEST_POSTGRES_IMAGE": image} if image else {}
    os.environ.pop("TEST_DATABASE_URL", None)
    Path(PROBE).write_text(DATABASE, "utf-8")
    found = await pytesting.apart(str(Path.cwd()), [PROBE], chosen)
    what = f"database_url, with {'TEST_POSTGRES_IMAGE' if image else 'nothing'} set"
    _all_pass(what, found, {})
    events = _events(log)
    started = [each for each in events if each.startswith("start")]
    expect(f"{what}: how many containers start", len(started), 1, "how often does it run?")
    expect(f"{what}: what happens to it", events[-1], "stop", "who stops what you started?")
    ask = "which driver does the app use?"
    expect(f"{what}: the URL", _seen(), ["postgresql+asyncpg://fake"] * 2, ask)
    default = started if started[0].startswith("start postgres") else ["start postgres:…"]
    wanted = [f"start {image}"] if image else default
    expect(f"{what}: the image", started, wanted, "who chooses the version?")


def _seen() -> list[str]:
    return Path("seen").read_text("utf-8").split()


def _events(log: Path) -> list[str]:
    return log.read_text("utf-8").splitlines() if log.exists() else []


@contextlib.contextmanager
def _fake_containers() -> Iterator[Path]:
    """In place of an engine: a container that notes when it is started and stopped."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-check-") as folder:
        log = Path(folder) / "events"
        _patch(log)
        yield log


def _patch(log: Path) -> None:
    kind = testcontainers.community.postgres.PostgresContainer

    def note(what: str) -> None:
        with log.open("a") as file:
            file.write(f"{what}\n")

    def init(self: object, image: str = "postgres:latest", *_: object, **given: object) -> None:
        vars(self).update(image=image, fake_driver=given.get("driver", "psycopg2"))

    def start(self: object) -> object:
        note(f"start {vars(self)['image']}")
        return self

    def url(self: object, host: object = None, driver: object = "as made") -> str:
        driver = vars(self)["fake_driver"] if driver == "as made" else driver
        return f"postgresql{f'+{driver}' if driver else ''}://fake"

    fakes = {
        "__init__": init,
        "start": start,
        "__enter__": start,
        "stop": lambda self, *_, **__: note("stop"),
        "__exit__": lambda self, *_: note("stop"),
        "__del__": lambda self: None,
        "get_connection_url": url,
    }
    for name, fake in fakes.items():
        setattr(kind, name, fake)


# A session that forgets

SESSION = """
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.models import Team

COUNT = select(func.count()).select_from(Team)


async def test_what_is_committed_is_seen_by_nobody_else(session, engine):
    session.add(Team(name="night"))
    await session.commit()
    async with engine.connect() as other:
        assert await other.scalar(COUNT) == 0


async def test_the_next_test_begins_with_nothing(session):
    assert await session.scalar(COUNT) == 0


async def test_attributes_can_be_read_after_a_commit(session):
    session.add(team := Team(name="night"))
    await session.commit()
    assert team.name == "night"


async def test_a_rollback_keeps_what_was_committed_before(session):
    session.add(Team(name="night"))
    await session.commit()
    session.add(Team(name="night"))
    with pytest.raises(IntegrityError):
        await session.flush()
    await session.rollback()
    assert await session.scalar(COUNT) == 1


async def test_the_session_and_the_connection_are_one(session, connection):
    session.add(Team(name="night"))
    await session.flush()
    assert await connection.scalar(COUNT) == 1


async def test_no_connection_is_kept_after_a_test(engine):
    assert engine.pool.checkedout() == 0
"""
SESSION_ASKS = {
    "test_what_is_committed_is_seen_by_nobody_else": (
        "0 rows for any other connection",
        "which transaction does that commit end?",
    ),
    "test_the_next_test_begins_with_nothing": (
        "0 rows from the test before",
        "what happens to the transaction after the `yield`?",
    ),
    "test_attributes_can_be_read_after_a_commit": (
        "the name, without a query",
        "which option of the session keeps attributes after a commit?",
    ),
    "test_a_rollback_keeps_what_was_committed_before": (
        "1 row: what was committed stays",
        "what must a commit end, so that a later rollback stops there?",
    ),
    "test_the_session_and_the_connection_are_one": (
        "1 row, seen through the connection",
        "which connection did you give the session?",
    ),
    "test_no_connection_is_kept_after_a_test": (
        "0 connections in use",
        "who gives the connection back to the pool?",
    ),
}


@checks("08.session")
async def session(answer: Answer) -> None:
    """Commits are savepoints, nothing is seen outside, nothing is left behind."""
    found = await _run(answer, SESSION)
    _all_pass("session", found, SESSION_ASKS)
    left = await answer.observer.fetchval("SELECT count(*) FROM team")
    expect("the rows after the run", left, 0, "how does the transaction end?")


# A client in the test's transaction

CLIENT = """
import contextlib

from sqlalchemy import func, select

from app.database import readers, session_factory
from app.main import app
from app.models import Team

COUNT = select(func.count()).select_from(Team)
NIGHT = {"name": "night"}
events, before = [], [session_factory.kw["bind"], readers.kw["bind"]]
lifespan = app.router.lifespan_context


@contextlib.asynccontextmanager
async def watched(app):
    events.append("started")
    async with lifespan(app) as state:
        yield state
    events.append("stopped")


app.router.lifespan_context = watched


async def test_the_app_is_started(client):
    assert events == ["started"]


async def test_the_app_was_stopped_after_the_test():
    assert events == ["started", "stopped"]


async def test_nobody_else_sees_what_the_app_has_stored(client, engine):
    await client.post("/teams", json=NIGHT)
    async with engine.connect() as other:
        assert await other.scalar(COUNT) == 0


async def test_the_test_sees_what_the_app_has_stored(client, session):
    assert (await client.post("/teams", json=NIGHT)).status_code == 201
    assert await session.scalar(COUNT) == 1


async def test_the_app_sees_what_the_test_has_stored(client, session):
    session.add(Team(name="night"))
    await session.commit()
    assert [each["name"] for each in (await client.get("/teams")).json()] == ["night"]


async def test_a_conflict_keeps_what_was_stored_before(client):
    codes = [(await client.post("/teams", json=NIGHT)).status_code for _ in range(2)]
    assert codes == [201, 409]
    assert len((await client.get("/teams")).json()) == 1


async def test_the_factories_are_as_they_were():
    assert [session_factory.kw["bind"], readers.kw["bind"]] == before
    assert "join_transaction_mode" not in session_factory.kw.keys() | readers.kw.keys()
"""
CLIENT_ASKS = {
    "test_the_app_is_started": (
        "the app is started once",
        "who enters the app's lifespan, when no server does?",
    ),
    "test_the_app_was_stopped_after_the_test": (
        "started, then stopped",
        "what has to surround the `yield`?",
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
    "test_the_factories_are_as_they_were": (
        "the factories as they were before",
        "who puts back what you changed?",
    ),
}


@checks("08.client")
async def client(answer: Answer) -> None:
    """Started and stopped, one transaction for app and test, and nothing changed for good."""
    _all_pass("client", await _run(answer, CLIENT), CLIENT_ASKS)
    left = await answer.observer.fetchval("SELECT count(*) FROM team")
    expect("the rows after the run", left, 0, "which transaction did the app commit?")


# The test that was missing

LIVE = "tests/test_live.py"
NAME = "test_a_201_is_a_promise"
HEAD = """
from typing import Annotated, Any
from fastapi import APIRouter, Depends, HTTPException
from app.database import read, session_factory, transact
from app.repositories import users
from app.schemas import UserIn, UserOut

router = APIRouter(prefix="/users")


async def get_db():
    async with session_factory.begin() as session:
        yield session


@router.get("", response_model=list[UserOut])
async def show() -> Any:
    return await read(lambda session: users.page(session, 0, 50))


@router.get("/{user_id}", response_model=UserOut)
async def one(user_id: int) -> Any:
    found = await read(lambda session: users.get(session, user_id))
    if found is None:
        raise HTTPException(404)
    return found


@router.post("", response_model=UserOut, status_code=201)
"""
LATE = """async def add(new: UserIn, session: Annotated[Any, Depends(get_db)]) -> Any:
    return await users.add(session, new)
"""
INVENTED = """async def add(new: UserIn) -> Any:
    return new.model_dump() | {"id": 1, "role": "member"}
"""
SILENT = """async def add(new: UserIn) -> Any:
    try:
        return await transact(lambda session: users.add(session, new))
    except Exception:
        raise HTTPException(418) from None
"""


@checks("08.promise")
async def promise(answer: Answer) -> None:
    """Passes on apps that keep what they promise, and fails on two that do not."""
    router = Path("app/routers/users.py")
    apps = {
        "the app as it is": router.read_text("utf-8"),
        "an app that answers 418 when its commit fails": HEAD + SILENT,
        "an app that commits after its answer": HEAD + LATE,
        "an app that says 201 and stores nothing": HEAD + INVENTED,
    }
    for number, (what, text) in enumerate(apps.items()):
        router.write_text(text, "utf-8")
        await answer.clear()
        given = {"TEST_DATABASE_URL": _url(answer)}
        found = await pytesting.apart(str(Path.cwd()), [f"{LIVE}::{NAME}"], given)
        _verdict(what, found, keeps=number < 2)


def _verdict(what: str, found: list[Outcome], keeps: bool) -> None:
    if [each.test for each in found] != [f"test_live.py::{NAME}"] or found[0].result == "error":
        why = found[0].why if found else "pytest found no test of this name"
        raise NotYet(f"{NAME}, on {what}", why, "a test that runs", "is it a name, or a fixture?")
    if keeps and found[0].result != "passed":
        ask = "what did this app promise that it did not keep?"
        raise NotYet(f"{NAME}, on {what}", found[0].why, "a test that passes", ask)
    if not keeps and found[0].result == "passed":
        ask = "which two lists differ on this app?"
        raise NotYet(f"{NAME}, on {what}", "the test passed", "a test that fails", ask)
