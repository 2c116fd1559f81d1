"""Checks of notebook 08: a Postgres for the run, a transaction for each test, a promise kept."""

import os
import re
from pathlib import Path

from workbook.base.urls import for_sqlalchemy
from workbook.checks import pytesting
from workbook.checks.answer import Answer, expect
from workbook.checks.fake_containers import AWAY, URL, fake_containers, lines
from workbook.checks.pytesting import Outcome
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet

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
        if each.result == "error":
            wanted, ask = "no error", "what does this message say about the fixture?"
        if each.result != "passed":
            raise NotYet(
                f"{what}: {_words(name)}", got=each.why or each.result, wanted=wanted, ask=ask
            )
    if len(found) < max(1, len(asks)):
        raise NotYet(
            what,
            got="pytest could not run the tests",
            wanted="tests that run",
            ask="is it a fixture?",
        )


def _words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


# A Postgres for the run

DATABASE = """
from pathlib import Path


def test_the_url(database_url):
    with Path("seen").open("a") as seen:
        seen.write(database_url + "\\n")


def test_that_asks_for_nothing():
    pass
"""
ANOTHER = "tests/test_of_another_module.py"
NAMED = "postgresql+asyncpg://somebody:s3cret@named:5432/tests?ssl=disable"


@checks("08.database")
async def database(answer: Answer) -> None:
    """The named database and no container; else one container, for asyncpg, that ends."""
    with fake_containers() as log:
        both = {"TEST_DATABASE_URL": NAMED, "TEST_POSTGRES_IMAGE": "postgres:16-alpine"}
        _all_pass("database_url, with TEST_DATABASE_URL", await _asked(log, both), {})
        expect("database_url, with TEST_DATABASE_URL", lines("seen"), [NAMED] * 2, "who named it?")
        ask = "who needs a container where a server is named?"
        expect("the containers, with TEST_DATABASE_URL", lines(log), [], ask)
        for image in ("", "postgres:16-alpine"):
            await _contained(log, image)
        await _without_engine(log)


async def _asked(log: Path, environment: dict[str, str]) -> list[Outcome]:
    """Run the probe, as two modules, in this environment."""
    os.environ.pop("TEST_DATABASE_URL", None)
    for path in (log, Path("seen")):
        path.unlink(missing_ok=True)
    for module in (PROBE, ANOTHER):
        Path(module).write_text(DATABASE, "utf-8")
    return await pytesting.apart(str(Path.cwd()), [PROBE, ANOTHER], environment)


async def _contained(log: Path, image: str) -> None:
    what = f"database_url, with {'TEST_POSTGRES_IMAGE' if image else 'nothing'} set"
    _all_pass(what, await _asked(log, {"TEST_POSTGRES_IMAGE": image} if image else {}), {})
    events = lines(log)
    started = [each for each in events if each.startswith("start")]
    expect(f"{what}: how many containers start", len(started), 1, "how often does it run?")
    ask = "who stops what you started, and when?"
    _expect_as_said(f"{what}: what happens to it", events[-1], "stop, after 2 tests", ask)
    _is_its_url(what, lines("seen"), lines(log.with_name(URL)))
    other = started[0].partition(", ")[2] or "nothing"
    ask = "what if two runs begin at the same moment?"
    _expect_as_said(f"{what}: what else it is given", other, "nothing", ask)
    if image:
        expect(f"{what}: the image", started, [f"start {image}"], "who chooses the version?")
    elif not re.fullmatch(r"start postgres:(?!latest)\S+", started[0]):
        ask = "which version will that be in a year?"
        raise NotYet(f"{what}: the image", got=started[0], wanted="a version of Postgres", ask=ask)


def _is_its_url(what: str, seen: list[str], wanted: list[str]) -> None:
    ask = "which driver does the app use?"
    if all(each.startswith("postgresql+asyncpg:") for each in seen):
        ask = "what does a driver need besides the address?"
    expect(f"{what}: the URL", seen, wanted * 2, ask)


async def _without_engine(log: Path) -> None:
    """Who needs a container is told that there is none, and nobody else notices."""
    Path(AWAY).touch()
    found = {each.test.rpartition("::")[2]: each.result for each in await _asked(log, {})}
    asks = {
        "passed": "which database did this test fill instead?",
        "skipped": "what does a green run say in which these tests were skipped?",
    }
    for name, called, wanted in (
        ("test_the_url", "a test of database_url", "error"),
        ("test_that_asks_for_nothing", "a test that asks for nothing", "passed"),
    ):
        got = found.get(name, "not run")
        ask = asks.get(got, "who started a container for a test that asks for none?")
        _expect_as_said(f"{called}, with nothing set and no Docker", got, wanted, ask)


def _expect_as_said(called: str, got: str, wanted: str, ask: str) -> None:
    """As `expect`, where words of ours stand for what happened."""
    if got != wanted:
        raise NotYet(called, got=got, wanted=wanted, ask=ask)


# A session that forgets

SESSION = """
import gc

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.database import session_factory
from app.models import Team

COUNT = select(func.count()).select_from(Team)
OPEN = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user"
)
before = dict(session_factory.kw)
gc.disable()  # what nobody closed stays open


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


async def test_that_ends_with_an_error(session):
    session.add_all([Team(name="night"), Team(name="night")])
    with pytest.raises(IntegrityError):
        await session.flush()


async def test_a_query_sees_what_was_added(session):
    session.add(Team(name="night"))
    assert await session.scalar(COUNT) == 1


async def test_no_connection_is_kept_after_a_test(engine):
    assert engine.pool.checkedout() == 0


async def test_no_other_connection_is_open_after_the_tests(engine):
    async with engine.connect() as connection:
        assert await connection.scalar(OPEN) <= 2


def test_the_factory_of_the_app_is_as_it_was():
    assert session_factory.kw == before
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
    "test_a_query_sees_what_was_added": (
        "1 row, as with the app's own sessions",
        "what does a session of the app do before it asks?",
    ),
    "test_no_connection_is_kept_after_a_test": (
        "0 connections in use",
        "who gives the connection back to the pool?",
    ),
    "test_no_other_connection_is_open_after_the_tests": (
        "those of the engine that was given",
        "whose connections are these, and who closes them?",
    ),
    "test_the_factory_of_the_app_is_as_it_was": (
        "a factory that still leads to the app's own database",
        "who else makes sessions with what you changed?",
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

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app import database
from app.database import readers, session_factory
from app.main import app
from app.models import Team

COUNT = select(func.count()).select_from(Team)
WHOSE = text("SELECT pg_backend_pid()")
NIGHT = {"name": "night"}
events, starters, before = [], [], [session_factory.kw["bind"], readers.kw["bind"]]
lifespan = app.router.lifespan_context


@contextlib.asynccontextmanager
async def watched(app):
    events.append("started")
    starters.append(None)
    with contextlib.suppress(Exception):  # the app's own database is not there
        async with database.session_factory() as session:
            starters[-1] = await session.scalar(WHOSE)
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
    answer = await client.get("/teams")
    assert answer.status_code == 200
    assert [each["name"] for each in answer.json()] == ["night"]


async def test_a_conflict_keeps_what_was_stored_before(client):
    codes = [(await client.post("/teams", json=NIGHT)).status_code for _ in range(2)]
    assert codes == [201, 409]
    assert len((await client.get("/teams")).json()) == 1


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
CLIENT_ASKS = {
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
told = []


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
ANOTHER_USER = """async def add(new: UserIn) -> Any:
    if not told:
        told.append(new)
        return new.model_dump() | {"id": 1000, "role": "member"}
    await transact(lambda session: users.add(session, new))
    raise HTTPException(418)
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
        "an app that says 201 to one user and stores another": HEAD + ANOTHER_USER,
    }
    Path(PROBE).write_text(EARLIER, "utf-8")
    for number, (what, text) in enumerate(apps.items()):
        router.write_text(text, "utf-8")
        await answer.clear()
        given = {"TEST_DATABASE_URL": _url(answer)}
        found = await pytesting.apart(str(Path.cwd()), [PROBE, f"{LIVE}::{NAME}"], given)
        _verdict(what, found, keeps=number < 2)


EARLIER = """
from app.models import Team, User


async def test_that_uses_ids(session):
    session.add(team := Team(name="night"))
    await session.flush()
    session.add(User(name="Zoë", email="zoe@x.test", login="zoe", team_id=team.id))
    await session.flush()
"""
"""Its rows are undone. The numbers that it took are not given again."""


def _verdict(what: str, every: list[Outcome], keeps: bool) -> None:
    found = [each for each in every if not each.test.startswith(Path(PROBE).name)]
    if [each.test for each in found] != [f"test_live.py::{NAME}"] or found[0].result == "error":
        why = found[0].why if found else "pytest found no test of this name"
        raise NotYet(
            f"{NAME}, on {what}",
            got=why,
            wanted="a test that runs",
            ask="is it a name, or a fixture?",
        )
    if keeps and found[0].result != "passed":
        ask = (
            "what did this app promise that it did not keep? Or does the test want more than that?"
        )
        got = found[0].why or f"it was {found[0].result}"
        raise NotYet(f"{NAME}, on {what}", got=got, wanted="a test that passes", ask=ask)
    if not keeps and found[0].result != "failed":
        ask = "which two lists differ on this app?"
        raise NotYet(
            f"{NAME}, on {what}",
            got=f"the test {found[0].result}",
            wanted="a test that fails",
            ask=ask,
        )
