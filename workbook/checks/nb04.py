"""Checks of notebook 04: a rename, a column that is filled, an index, upgrades in turn."""

import asyncio
import contextlib
import multiprocessing
import time
import warnings
from collections.abc import Iterator
from typing import Any

import asyncpg
from alembic import command
from sqlalchemy.exc import DBAPIError

from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.revisions import config, run, said, version
from workbook.checks.verdict import NotYet

COLUMN = """
SELECT CASE is_nullable WHEN 'YES' THEN 'may be NULL' ELSE 'NOT NULL' END
       || coalesce(', default ' || column_default, '')
       || coalesce(', at most ' || character_maximum_length || ' characters', '')
FROM information_schema.columns WHERE table_name = 'user_account' AND column_name = $1
"""


async def _column(answer: Answer, name: str) -> str:
    """What the catalogue says of a column of the users."""
    return await answer.observer.fetchval(COLUMN, name) or "no such column"


async def _users(
    answer: Answer, columns: str, after: str = "", ask: str = ""
) -> list[tuple[Any, ...]]:
    try:
        rows = await answer.observer.fetch(f"SELECT {columns} FROM user_account ORDER BY id")
    except asyncpg.UndefinedColumnError as error:
        called = f"SELECT {columns} FROM user_account{after}"
        raise NotYet(called, str(error), "a row for every user", ask) from None
    return [tuple(row) for row in rows]


# A rename


LATER = (
    "INSERT INTO user_account (name, email, phone, team_id) VALUES ('Zoë', 'z@x', '+49 30 1', 1)"
)
"""A user who came after those that the learner has seen."""
MODEL = "which column does the model have, and what does it say about it?"
BEFORE = "which column was there before the upgrade, and what was it like?"


@checks("04.rename")
async def rename(answer: Answer) -> None:
    """Every number is there under the new name, after up, down and up."""
    await answer.observer.execute(LATER)
    before = await _users(answer, "id, phone")
    with said("upgrade to 0006", "did `revision` or `down_revision` change?"):
        for step, target, name, gone, ask in (
            (command.upgrade, "0006", "mobile", "phone", MODEL),
            (command.downgrade, "0005", "phone", "mobile", BEFORE),
            (command.upgrade, "0006", "mobile", "phone", MODEL),
        ):
            await run(step, target)
            after = f", after {step.__name__} to {target}"
            _kept(before, await _users(answer, f"id, {name}", after, ask), after, name)
            for column, wanted in ((gone, "no such column"), (name, "may be NULL")):
                expect(f"the column {column!r}{after}", await _column(answer, column), wanted, ask)


def _kept(before: list[tuple[Any, ...]], now: list[tuple[Any, ...]], after: str, name: str) -> None:
    lost = sum(a != b for a, b in zip(before, now, strict=False)) + abs(len(before) - len(now))
    if lost:
        raise NotYet(
            f"the numbers of {len(before)} users{after}",
            f"not what they were: {lost} of them",
            f"the same numbers, under the name {name!r}",
            "which users does your statement reach, and what does it make of their numbers?"
            if any(number for _, number in now)
            else "what happens to the values of a column that is dropped?",
        )


# NOT NULL


@checks("04.not_null")
async def not_null(answer: Answer) -> None:
    """Everybody has the right login, nobody can be added without one, and no default hides it."""
    await run(command.upgrade, "0006")
    await answer.observer.execute(NAMESAKES)
    emails = await _users(answer, "id, email")
    with said("upgrade to 0007", "did `revision` or `down_revision` change?"):
        for _ in range(2):
            await run(command.upgrade, "0007")
            await _logins(answer, emails)
            await run(command.downgrade, "0006")
            expect(
                "the column 'login', after the downgrade",
                await _column(answer, "login"),
                "no such column",
                "what does downgrade have to undo?",
            )


NAMESAKES = """
INSERT INTO user_account (name, email, team_id)
VALUES ('Anna', 'Anna.Maria+night@nightwatch.test', 1), ('Maria', 'Anna.Maria+night@x.test', 2)
"""
"""Two who have the same login, and more in it than letters."""


async def _logins(answer: Answer, emails: list[tuple[Any, ...]]) -> None:
    found = await _users(answer, "id, login", ", after the upgrade", "which column did you add?")
    expect("the number of users, after the upgrade", len(found), len(emails), "who is missing?")
    for (_, login), (_, email) in zip(found, emails, strict=True):
        expect(
            f"the login of {email}, after the upgrade",
            login,
            email.partition("@")[0],
            "what does the UPDATE make of an email?",
        )
    column = await _column(answer, "login")
    ask = "what happens when somebody adds a user without a login?"
    if "at most" in column:
        ask = "what does the model say about the column?"
    expect("the column 'login', after the upgrade", column, "NOT NULL", ask)


# An index


@checks("04.index")
async def index(answer: Answer) -> None:
    """It is the partial index of the model, valid, and no writer waits while it is built."""
    await run(command.upgrade, "0008")
    async with _connected(answer) as writer, _connected(answer) as other:
        late = await _build_beside_a_writer(answer, writer, other)
    if late:
        raise NotYet(
            "an INSERT of somebody else, while the index is built",
            f"it waited and gave up: {late}",
            "a new row, at once",
            "which lock does this way of building take, and which way takes a weaker one?",
        )
    await _is_the_index(answer)
    with said("downgrade to 0008, upgrade to 0009", "what does downgrade have to undo?"):
        await run(command.downgrade, "0008")
        left = await answer.observer.fetchval(FOUND)
        expect(f"{NAME}, after the downgrade", left, None, "what does downgrade have to undo?")
        await _after_a_failure(answer)


@contextlib.asynccontextmanager
async def _connected(answer: Answer) -> Any:
    connection = await asyncpg.connect(answer.url, timeout=5)
    try:
        yield connection
    finally:
        connection.terminate()


ADD = "INSERT INTO incident (title, severity, team_id) VALUES ('probe', 'minor', 1)"
BUILDING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%INDEX%'
"""


async def _build_beside_a_writer(
    answer: Answer, writer: asyncpg.Connection, other: asyncpg.Connection
) -> str:
    """Upgrade while one transaction has written; what another writer is told meanwhile."""
    async with writer.transaction():
        await writer.execute(ADD)
        upgrade = asyncio.create_task(run(command.upgrade, "0009"))
        for _ in range(150):
            if upgrade.done() or await answer.observer.fetchval(BUILDING):
                break
            await asyncio.sleep(0.02)
        try:
            await other.execute("SET lock_timeout = '300ms'")
            await other.execute(ADD)
            late = ""
        except asyncpg.LockNotAvailableError as error:
            late = str(error)
    with said("upgrade to 0009", "did `revision` or `down_revision` change?"):
        await upgrade
    return late


NAME = "ix_incident_unresolved"
FOUND = f"""
SELECT pg_get_indexdef(indexrelid) AS definition, indisvalid AS valid
FROM pg_index WHERE indexrelid = to_regclass('{NAME}')
"""
PAGE = "EXPLAIN SELECT title FROM incident WHERE status != 'resolved' ORDER BY opened_at"
FAILING = f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON incident (status)"


async def _is_the_index(answer: Answer) -> None:
    found = await answer.observer.fetchrow(FOUND)
    definition = found["definition"] if found else "no index of this name"
    for wrong, ask in (
        ("UNIQUE" in definition, "may two incidents be opened at the same moment?"),
        (found and "USING btree" not in definition, "which kind of index keeps an order?"),
        ("(opened_at)" not in definition, "what does the model say about the index?"),
        ("WHERE" not in definition, "what does the model say about the index?"),
        (NAME not in await _plan(answer), "which rows are in the index, and which are asked for?"),
    ):
        if wrong:
            wanted = "an index on opened_at, for what is not resolved"
            raise NotYet(f"{NAME}, after the upgrade", definition, wanted, ask)


async def _plan(answer: Answer) -> str:
    """How PostgreSQL would read the page of open incidents, were the table large."""
    async with answer.observer.transaction():
        await answer.observer.execute("SET LOCAL enable_seqscan = off")
        await answer.observer.execute("SET LOCAL enable_bitmapscan = off")
        return " ".join(row[0] for row in await answer.observer.fetch(PAGE))


async def _after_a_failure(answer: Answer) -> None:
    """Where a build has failed before, the upgrade fails too, or builds the index anew."""
    with contextlib.suppress(asyncpg.UniqueViolationError):
        await answer.observer.execute(FAILING)
    with contextlib.suppress(DBAPIError):
        await run(command.upgrade, "0009")
        found = await answer.observer.fetchrow(FOUND)
        if not (found and found["valid"]):
            raise NotYet(
                f"upgrade to 0009, where a failed build has left an INVALID {NAME}",
                "no error, and no valid index",
                "a valid index, or an error that somebody sees",
                "what does your statement know of the index that is there, besides its name?",
            )


# In turn


AT_THE_DOOR = """
SELECT count(*) AS waiting, count(*) FILTER (WHERE wait_event = 'object') AS crowd
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'
"""
"""How many wait for the schema or for a turn, and how many of them for the schema."""
SECONDS = 25
PATIENCE = 3
"""So many seconds of sleep pass at once in each process; after them it must still be waiting."""


@checks("04.turns")
async def turns(answer: Answer) -> None:
    """Four upgrades of an empty database at the same moment all succeed, and free the lock."""
    await answer.clear()
    called = "four upgrades of an empty database, at the same moment"
    ask = (
        "who holds the lock, from when until when, and in what kind of transaction?"
        " And what does the one do that has not got it?"
    )
    outcomes, early, crowd = await _four(answer)
    if failed := [each for each in outcomes if each]:
        got = f"{len(failed)} of 4 failed; one says {failed[0]}"
        raise NotYet(called, got, "four that succeed", ask)
    expect("alembic_version, afterwards", await version(answer), ["0009"], "who did the work?")
    if early:
        raise NotYet(
            called,
            f"{early} of 4 ended, without an error, before there was a schema",
            "four that end when the schema is there",
            "what may somebody rely on who starts the app after this upgrade?",
        )
    if crowd > 1:
        got = f"{crowd} of 4 had begun, and waited for the schema together"
        raise NotYet(called, got, "one that has begun, three that wait for their turn", ask)
    await run(command.upgrade, "head")
    left = await answer.observer.fetchval(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    )
    if left or await answer.left_open():
        raise NotYet(
            "the database, after all upgrades",
            "a lock or a connection is still held",
            "nothing",
            "what ends the turn?",
        )


async def _four(answer: Answer) -> tuple[list[str], int, int]:
    """What each of four failed with; how many ended or had begun while there was no schema."""
    fork = multiprocessing.get_context("fork")
    told, patient = fork.SimpleQueue(), fork.Semaphore(0)
    gate = answer.observer.transaction()
    await gate.start()
    await answer.observer.execute("DROP SCHEMA public")  # until the rollback
    with _processes(
        [fork.Process(target=_upgrade, args=(told, patient)) for _ in range(4)]
    ) as four:
        await asyncio.to_thread(lambda: [each.start() for each in four])
        crowd = await _gathered(answer, four, patient)
        early = sum(not each.is_alive() for each in four)
        await gate.rollback()
        await asyncio.to_thread(_joined, four, SECONDS / 4)
        late = [f"no end within {SECONDS // 4} seconds" for each in four if each.is_alive()]
    told_of = [how for _ in range(4 - len(late)) if (how := _read(told)) is not None]
    return late + told_of, early, crowd


async def _gathered(answer: Answer, four: list[Any], patient: Any) -> int:
    """Wait until it is clear what those do that have no turn; a second at most after the first.

    All four are at the door, or three have slept long enough, or one has ended. How many are there.
    """
    came = crowd = 0
    for _ in range(500):
        await answer.observer.execute("SELECT pg_stat_clear_snapshot()")  # else: one moment only
        waiting, crowd = await answer.observer.fetchrow(AT_THE_DOOR)
        came += bool(waiting)
        ended = not all(each.is_alive() for each in four)
        if waiting >= 4 or patient.get_value() >= 3 or came >= 50 or ended:
            break
        await asyncio.sleep(0.02)
    return crowd


def _joined(processes: list[Any], seconds: float) -> None:
    """Wait for their ends, for so many seconds in all."""
    deadline = time.monotonic() + seconds
    for each in processes:
        each.join(max(0, deadline - time.monotonic()))


def _read(told: Any) -> str | None:
    return None if told.empty() else str(told.get())


@contextlib.contextmanager
def _processes(four: list[Any]) -> Iterator[list[Any]]:
    try:
        yield four
    finally:
        for each in four:
            if each.pid and each.is_alive():
                each.kill()
            if each.pid:
                each.join(5)


def _upgrade(told: Any, patient: Any) -> None:
    """In a process of its own: upgrade, and tell how it went."""
    _hurry(patient)
    try:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            command.upgrade(config(), "head")
        said = [str(each.message).splitlines()[0] for each in complaints]
        told.put(next((each for each in said if "never awaited" in each), ""))
    except Exception as error:
        told.put(show(f"{type(error).__name__}: {error}".splitlines()[0]).strip("'\""))


def _hurry(patient: Any) -> None:
    """Let the first seconds of sleep pass at once, on the clock too, and say when they are over.

    Later ones are short: who waits for the turn has it soon after it is free.
    """
    passed, real, clock = 0.0, asyncio.sleep, time.monotonic

    async def sleep(seconds: float, result: Any = None) -> Any:
        nonlocal passed
        if passed >= PATIENCE:
            return await real(min(seconds, 0.05), result)
        passed += seconds
        if passed >= PATIENCE:
            patient.release()
        return await real(0, result)

    sleep.__qualname__ = "sleep"
    asyncio.sleep = sleep  # type: ignore[assignment]
    time.monotonic = lambda: clock() + passed
