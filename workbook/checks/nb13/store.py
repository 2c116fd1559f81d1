"""13.store: thousands of alerts in a few statements, in the caller's unit of work."""

import contextlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError, ResourceClosedError
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer, Raised, expect, expect_state, show
from workbook.checks.connections import app_engine
from workbook.checks.messages import message
from workbook.checks.statements import statements_of_every_engine, tells_statements
from workbook.checks.verdict import NotYet, Reason

MANY = 12_000
"""More than a statement has room for as parameters, with three or more columns."""
FEW = 20
"""Statements for so many alerts, at most; the reference sends three, and BEGIN is none."""
NO_TABLE = 'relation "incoming" does not exist'
STORED = "SELECT dedupe_key, payload::text FROM alert ORDER BY dedupe_key"

BY_A_LIST = (
    "Few statements, however many rows there are, and one transaction: a unit of work that fails"
    " leaves nothing, and can be done again. What is known already is left out by the constraint,"
    " which cannot be wrong. (No COPY brings the rows here: a driver without COPY can do it so,"
    " and it takes longer.)"
)


class Undone(Exception):
    """What a unit of work fails with, after it has stored."""


async def check(answer: Answer) -> Reason | None:
    """What is new, once, and all of a unit or nothing; never a commit, never a statement a row."""
    from app import database

    store = answer.get()
    async with app_engine():
        database.TEAM.set(1)
        intake = Intake(answer, database, store)
        await intake.stores_what_is_new()
        await intake.is_undone_with_the_unit()
        await intake.leaves_the_commit_to_the_caller()
        await intake.is_done_again()
        await intake.takes_many()
    return None if intake.copies else Reason(BY_A_LIST)


class Intake:
    """The learner's `store`, called in a unit of work of the app's, by team 1."""

    def __init__(self, answer: Answer, database: Any, store: Any) -> None:
        self._answer, self._database, self._store = answer, database, store
        self.copies = False

    async def stores_what_is_new(self) -> None:
        """Two new ones, then those and two more, of which one comes twice."""
        call = "store(session, [a, b])"
        with statements_of_every_engine() as sent:
            got = await self._stored("a", "b")
        expect(call, got, 2, _of_the_number(got, sent))
        await self._are_there(call, {"a": 0, "b": 1})
        call = "store(session, [b, c, c, d]), where b is stored"
        ask = "who knows which of the rows were new?"
        expect(call, await self._stored("b", "c", "c", "d"), 2, ask)
        await self._are_there(call, {"a": 0, "b": 1, "c": 1, "d": 3})

    async def is_undone_with_the_unit(self) -> None:
        """A unit that fails leaves nothing."""

        async def work(session: AsyncSession) -> None:
            await self._store(session, _alerts("e"))
            raise Undone

        with contextlib.suppress(Undone):
            await self._database.transact(work)
        rows = await self._rows()
        ask = "in whose transaction were the rows stored, and who has committed it?"
        what = "the alert e, of a unit of work that failed after store(session, [e])"
        expect_state(what, "it is stored" if "e" in rows else "no such alert", "no such alert", ask)

    async def leaves_the_commit_to_the_caller(self) -> None:
        """Nobody else sees the rows before the unit's end."""
        seen: list[bool] = []

        async def work(session: AsyncSession) -> None:
            await self._store(session, _alerts("f"))
            seen.append("f" in await self._rows())

        await self._database.transact(work)
        ask = "whose commit is it?"
        what = "what others see of alert f after store(session, [f]), before the unit's end"
        expect_state(what, "it is stored" if seen[0] else "nothing", "nothing", ask)

    async def is_done_again(self) -> None:
        """What PostgreSQL ends in the middle of a COPY may pass, and the unit is done again."""
        call = "store(session, [g]), where PostgreSQL ends the first COPY, as after a deadlock"
        with _the_first_copy_is_ended() as ended:
            stored = await self._stored("g")
        self.copies = bool(ended)
        expect(call, stored, 1, "who makes of the driver's error one that `transact` knows?")

    async def takes_many(self) -> None:
        """With a few statements, whatever their number."""
        call = f"store(session, {MANY:,} alerts)"
        with tells_statements(_Few(call)):
            expect(call, await self._stored(*(f"many/{n}" for n in range(MANY))), MANY)

    async def _stored(self, *keys: str) -> object:
        """What `store` returns for alerts of these keys, or what it raises."""
        from app.failures import CommitLost

        try:
            return await self._database.transact(
                lambda session: self._store(session, _alerts(*keys))
            )
        except asyncpg.PostgresError as error:  # COPY goes past SQLAlchemy, and so do its errors
            _is_made(error)
            return Raised(f"{type(error).__name__}: {str(error).splitlines()[0]}")
        except DBAPIError as error:
            _is_made(error)
            if error.statement == "COPY" and error.__cause__:
                raise error.__cause__ from None  # it has the line that copies
            raise
        except ResourceClosedError as error:
            raise _closed(error, self._answer.called()) from None
        except CommitLost:
            raise NotYet.looked_at(
                "the end of a unit of work that has called `store`",
                got="its COMMIT failed, for its transaction was over",
                wanted="one COMMIT, which the unit's own end makes",
                ask="whose commit is it?",
            ) from None

    async def _rows(self) -> dict[str, str]:
        return {row[0]: row[1] for row in await self._answer.observer.fetch(STORED)}

    async def _are_there(self, call: str, wanted: dict[str, int]) -> None:
        """Each key once, with the payload of the first that had it."""
        ask = "which of two with the same key is stored, and with which payload?"
        told, rows = {key: f'{{"n": {n}}}' for key, n in wanted.items()}, await self._rows()
        if not rows:
            ask = "which statement takes the rows from `incoming` into the table, and who sends it?"
        expect_state(f"{call}: the alerts that are stored", rows, told, ask)


def _of_the_number(got: object, sent: Sequence[str]) -> str:
    """The question about what came back for two new ones."""
    inserts = any("INTO ALERT" in " ".join(each.upper().split()) for each in sent)
    if got is None and inserts:
        return "what does your function return?"
    if got == 0 and inserts:
        return "what is in `incoming` when the INSERT reads it?"
    return "who knows how many rows the INSERT has made?"


def _closed(error: ResourceClosedError, called: Collection[str]) -> NotYet:
    """What ended too early, or has no rows to be asked for."""
    wanted = "one transaction, from the temporary table to the INSERT"
    ask = ""
    if ends := {"commit", "rollback", "close"} & {*called}:
        ask = f"what does `{min(ends)}` end, and what is left of `incoming` then?"
    elif "does not return rows" in str(error):
        wanted = "how many rows the INSERT has made"
        ask = "does an INSERT without RETURNING give rows, and what of its result counts them?"
    got = f"it raised {message(error)}"
    return NotYet("store(session, alerts)", got=got, wanted=wanted, ask=ask)


class _Few:
    """Hears statements, and says that they are too many."""

    def __init__(self, call: str) -> None:
        self._call, self._count = call, 0

    def __call__(self, statement: str) -> None:
        self._count += "set_config" not in statement
        if self._count > FEW:
            raise NotYet(
                self._call,
                got=f"it had sent {FEW} statements, and went on: {show(statement.strip(), 80)}",
                wanted="a few, whatever the number of rows",
                ask="how often does a row go to the server by itself?",
            )


@contextlib.contextmanager
def _the_first_copy_is_ended() -> Iterator[list[str]]:
    """Let the next COPY fail as one of two transactions that wait for each other; which it was."""
    copy, tables = asyncpg.Connection.copy_records_to_table, list[str]()

    async def ended(_: Any, table: str = "", **__: Any) -> None:
        tables.append(table)
        setattr(asyncpg.Connection, copy.__name__, copy)
        raise asyncpg.DeadlockDetectedError("deadlock detected")

    setattr(asyncpg.Connection, copy.__name__, ended)
    try:
        yield tables
    finally:
        setattr(asyncpg.Connection, copy.__name__, copy)


def _is_made(error: Exception) -> None:
    """Say what is missing, where it is the temporary table."""
    if NO_TABLE in str(error):
        raise NotYet(
            "store(session, alerts)",
            got=f"PostgreSQL says: {NO_TABLE}",
            wanted="a table that is there before its rows come, in this transaction",
            ask="which of the two statements makes it, and who sends that?",
        ) from None


def _alerts(*keys: str) -> Sequence[Any]:
    """Alerts of team 1, each with its number in its payload."""
    from app.schemas import AlertIn

    return [
        AlertIn(team_id=1, dedupe_key=key, title="Disk", severity="minor", payload={"n": number})
        for number, key in enumerate(keys)
    ]
