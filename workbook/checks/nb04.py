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

from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.revisions import config, run, said, version
from workbook.checks.verdict import NotYet

COLUMN = """
SELECT CASE is_nullable WHEN 'YES' THEN 'may be NULL' ELSE 'NOT NULL' END
       || coalesce(', default ' || column_default, '')
FROM information_schema.columns WHERE table_name = 'user_account' AND column_name = $1
"""


async def _column(answer: Answer, name: str) -> str:
    """What the catalogue says of a column of the users."""
    return await answer.observer.fetchval(COLUMN, name) or "no such column"


async def _users(answer: Answer, columns: str) -> list[tuple[Any, ...]]:
    try:
        rows = await answer.observer.fetch(f"SELECT {columns} FROM user_account ORDER BY id")
    except asyncpg.UndefinedColumnError as error:
        raise NotYet(
            f"SELECT {columns} FROM user_account",
            str(error),
            "a row for every user",
            "which names does the table have now, and which does the model have?",
        ) from None
    return [tuple(row) for row in rows]


# A rename


@checks("04.rename")
async def rename(answer: Answer) -> None:
    """Every number is there under the new name, after up, down and up."""
    before = await _users(answer, "id, phone")
    with said("upgrade to 0006", "did `revision` or `down_revision` change?"):
        for step, target, name, gone in (
            (command.upgrade, "0006", "mobile", "phone"),
            (command.downgrade, "0005", "phone", "mobile"),
            (command.upgrade, "0006", "mobile", "phone"),
        ):
            await run(step, target)
            await _kept(answer, f"{step.__name__} to {target}", name, gone, before)


async def _kept(
    answer: Answer, called: str, name: str, gone: str, before: list[tuple[Any, ...]]
) -> None:
    now = await _users(answer, f"id, {name}")
    lost = sum(a != b for a, b in zip(before, now, strict=False)) + abs(len(before) - len(now))
    if lost:
        raise NotYet(
            f"the numbers of {len(before)} users, after {called}",
            f"{lost} of them are not what they were",
            "the same numbers, under the new name",
            "what happens to the values of a column that is dropped?",
        )
    expect(
        f"the column {gone!r}, after {called}",
        await _column(answer, gone),
        "no such column",
        "which of the two columns does the model have?",
    )
    expect(
        f"the column {name!r}, after {called}",
        await _column(answer, name),
        "may be NULL",
        "what does the model say about the column?",
    )


# NOT NULL


@checks("04.not_null")
async def not_null(answer: Answer) -> None:
    """Everybody has the right login, nobody can be added without one, and no default hides it."""
    await run(command.upgrade, "0006")
    wanted = [(i, email.partition("@")[0]) for i, email in await _users(answer, "id, email")]
    with said("upgrade to 0007", "did `revision` or `down_revision` change?"):
        for _ in range(2):
            await run(command.upgrade, "0007")
            await _logins(answer, wanted)
            await run(command.downgrade, "0006")
            expect(
                "the column 'login', after the downgrade",
                await _column(answer, "login"),
                "no such column",
                "what does downgrade have to undo?",
            )


async def _logins(answer: Answer, wanted: list[tuple[Any, ...]]) -> None:
    found = await _users(answer, "id, login")
    expect("the number of users, after the upgrade", len(found), len(wanted), "who is missing?")
    for got, want in zip(found, wanted, strict=True):
        expect(
            f"the login of user {want[0]}, after the upgrade",
            got[1],
            want[1],
            "what does the UPDATE make of an email?",
        )
    expect(
        "the column 'login', after the upgrade",
        await _column(answer, "login"),
        "NOT NULL",
        "what happens when somebody adds a user without a login?",
    )


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
    with said("downgrade to 0008, upgrade to 0009", "what does downgrade have to undo?"):
        await _is_the_index(answer)
        await run(command.downgrade, "0008")
        await run(command.upgrade, "0009")
    await _is_the_index(answer)


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


FOUND = """
SELECT pg_get_indexdef(indexrelid) AS definition, indisvalid AS valid
FROM pg_index WHERE indexrelid = to_regclass('ix_incident_unresolved')
"""


async def _is_the_index(answer: Answer) -> None:
    rows = await answer.observer.fetch(FOUND)
    definition = rows[0]["definition"] if rows else "no index of this name"
    if not rows or "(opened_at)" not in definition or "'resolved'" not in definition:
        raise NotYet(
            "ix_incident_unresolved, after the upgrade",
            definition,
            "an index on opened_at, for what is not resolved",
            "what does the model say about the index?",
        )
    expect(
        "whether the index can be used",
        rows[0]["valid"],
        True,
        "what does a concurrent build leave behind when it fails?",
    )


# In turn


AT_THE_DOOR = """
SELECT count(*) FILTER (WHERE wait_event_type = 'Lock') AS waiting,
       count(*) FILTER (WHERE wait_event_type = 'Lock' OR query ILIKE '%advisory%') AS there
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
"""Who waits for the schema or for a turn, and who asks for the turn again and again."""
SECONDS = 25


@checks("04.turns")
async def turns(answer: Answer) -> None:
    """Four upgrades of an empty database at the same moment all succeed, and free the lock."""
    await answer.clear()
    outcomes = await _four(answer)
    failed = [each for each in outcomes if each]
    if failed:
        raise NotYet(
            "four upgrades of an empty database, at the same moment",
            f"{len(failed)} of 4 failed; one says {failed[0]}",
            "four that succeed",
            "who holds the lock, from when until when, and in what kind of transaction?",
        )
    expect("alembic_version, afterwards", await version(answer), ["0009"], "who did the work?")
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


async def _four(answer: Answer) -> list[str]:
    """What each of four processes failed with; all begin when those that can are at the door."""
    fork = multiprocessing.get_context("fork")
    told = fork.SimpleQueue()
    gate = answer.observer.transaction()
    await gate.start()
    await answer.observer.execute("DROP SCHEMA public")  # until the rollback
    with _processes([fork.Process(target=_upgrade, args=(told,)) for _ in range(4)]) as four:
        await asyncio.to_thread(lambda: [each.start() for each in four])
        await _gathered(answer, four)
        await gate.rollback()
        await asyncio.to_thread(_joined, four, SECONDS / 4)
        late = [f"no end within {SECONDS // 4} seconds" for each in four if each.is_alive()]
    return late + [how for _ in range(4 - len(late)) if (how := _read(told)) is not None]


async def _gathered(answer: Answer, four: list[Any]) -> None:
    """Wait until four stand at the door, or a second after the first, or until all have ended.

    Whoever has the turn is there twice: with the turn, and at the door.
    """
    came = 0
    for _ in range(500):
        await answer.observer.execute("SELECT pg_stat_clear_snapshot()")  # else: one moment only
        waiting, there = await answer.observer.fetchrow(AT_THE_DOOR)
        came += bool(waiting)
        if waiting >= 4 or there >= 5 or came >= 50 or not any(each.is_alive() for each in four):
            return
        await asyncio.sleep(0.02)


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


def _upgrade(told: Any) -> None:
    """In a process of its own: upgrade, and tell how it went."""
    try:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            command.upgrade(config(), "head")
        said = [str(each.message).splitlines()[0] for each in complaints]
        told.put(next((each for each in said if "never awaited" in each), ""))
    except Exception as error:
        told.put(show(f"{type(error).__name__}: {error}".splitlines()[0]).strip("'\""))
