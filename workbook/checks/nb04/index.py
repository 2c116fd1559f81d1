"""Check of 04.index: a partial index, built while others write."""

import asyncio
import contextlib

import asyncpg
from alembic import command
from sqlalchemy.exc import DBAPIError

from workbook.base.waiting import eventually
from workbook.checks.alembic_commands import no_command_error, run_command
from workbook.checks.answer import Answer, expect
from workbook.checks.connections import own_connection
from workbook.checks.verdict import NotYet

_NAME = "ix_incident_unresolved"
_UNDO = "what does downgrade have to undo?"


async def check(answer: Answer) -> None:
    """It is the partial index of the model, valid, and no writer waits while it is built."""
    await run_command(command.upgrade, "0008")
    await _nobody_waits(answer)
    await _is_the_index(answer)
    with no_command_error("downgrade to 0008, upgrade to 0009", _UNDO):
        await run_command(command.downgrade, "0008")
        left = await answer.observer.fetchval(_INDEX)
        expect(f"{_NAME}, after the downgrade", left, None, _UNDO)
        await _after_a_failure(answer)


_INSERT = "INSERT INTO incident (title, severity, team_id) VALUES ('probe', 'minor', 1)"
_BUILD_WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%INDEX%'
"""


async def _nobody_waits(answer: Answer) -> None:
    async with own_connection(answer) as writer, own_connection(answer) as other:
        late = await _build_beside_a_writer(answer, writer, other)
    if late:
        raise NotYet(
            "an INSERT of somebody else, while the index is built",
            got=f"it waited and gave up: {late}",
            wanted="a new row, at once",
            ask="which lock does this way of building take, and which way takes a weaker one?",
        )


async def _build_beside_a_writer(
    answer: Answer, writer: "asyncpg.Connection", other: "asyncpg.Connection"
) -> str:
    """Upgrade while one transaction has written; what another writer is told meanwhile."""
    async with writer.transaction():
        await writer.execute(_INSERT)
        upgrade = asyncio.create_task(run_command(command.upgrade, "0009"))

        async def waits_or_ended() -> bool:
            return upgrade.done() or bool(await answer.observer.fetchval(_BUILD_WAITS))

        await eventually(waits_or_ended, timeout=3)
        late = await _refusal(other)
    with no_command_error("upgrade to 0009", "did `revision` or `down_revision` change?"):
        await upgrade
    return late


async def _refusal(writer: "asyncpg.Connection") -> str:
    """Why a row could not be written within 0.3 seconds; empty where it could."""
    try:
        await writer.execute("SET lock_timeout = '300ms'")
        await writer.execute(_INSERT)
    except asyncpg.LockNotAvailableError as error:
        return str(error)
    return ""


_INDEX = f"""
SELECT pg_get_indexdef(indexrelid) AS definition, indisvalid AS valid
FROM pg_index WHERE indexrelid = to_regclass('{_NAME}')
"""


async def _is_the_index(answer: Answer) -> None:
    found = await answer.observer.fetchrow(_INDEX)
    definition = found["definition"] if found else "no index of this name"
    for wrong, ask in (
        ("UNIQUE" in definition, "may two incidents be opened at the same moment?"),
        (found and "USING btree" not in definition, "which kind of index keeps an order?"),
        ("(opened_at)" not in definition, "what does the model say about the index?"),
        ("WHERE" not in definition, "what does the model say about the index?"),
        (_NAME not in await _plan(answer), "which rows are in the index, and which are asked for?"),
    ):
        if wrong:
            wanted = "an index on opened_at, for what is not resolved"
            raise NotYet(f"{_NAME}, after the upgrade", got=definition, wanted=wanted, ask=ask)


_PAGE = "EXPLAIN SELECT title FROM incident WHERE status != 'resolved' ORDER BY opened_at"


async def _plan(answer: Answer) -> str:
    """How PostgreSQL would read the page of open incidents, were the table large."""
    async with answer.observer.transaction():
        await answer.observer.execute("SET LOCAL enable_seqscan = off")
        await answer.observer.execute("SET LOCAL enable_bitmapscan = off")
        return " ".join(row[0] for row in await answer.observer.fetch(_PAGE))


_FAILING_BUILD = f"CREATE UNIQUE INDEX CONCURRENTLY {_NAME} ON incident (status)"


async def _after_a_failure(answer: Answer) -> None:
    """Where a build has failed before, the upgrade fails too, or builds the index anew."""
    with contextlib.suppress(asyncpg.UniqueViolationError):
        await answer.observer.execute(_FAILING_BUILD)
    with contextlib.suppress(DBAPIError):
        await run_command(command.upgrade, "0009")
        found = await answer.observer.fetchrow(_INDEX)
        if not (found and found["valid"]):
            raise NotYet(
                f"upgrade to 0009, where a failed build has left an INVALID {_NAME}",
                got="no error, and no valid index",
                wanted="a valid index, or an error that somebody sees",
                ask="what does your statement know of the index that is there, besides its name?",
            )
