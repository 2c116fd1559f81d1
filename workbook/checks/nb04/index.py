"""Check of 04.index: a partial index, built while others write."""

import asyncio
import contextlib
import re
from collections.abc import Iterator

import asyncpg
from alembic import command
from sqlalchemy.exc import DBAPIError, DuplicateColumnError

from workbook.base.causes import causes
from workbook.base.waiting import eventually
from workbook.checks.alembic_commands import VERSIONS, expect_place, run_command, runs
from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import own_connection
from workbook.checks.kept_schema import expect_only, schema_of
from workbook.checks.messages import message
from workbook.checks.statements import refusals, statements_of_every_engine
from workbook.checks.verdict import NotYet, Reason

_NAME = "ix_incident_unresolved"
_TRY_MORE = (
    "Your downgrade locks nobody out either. Let a build fail (a unique one, on `status`), then ask"
    " `pg_index` for `indisvalid`: what did it leave behind, and what does that cost each writer?"
)
"""For an answer that does already what the lesson proposes."""
_COMMIT = (
    "Your COMMIT ends Alembic's transaction, so the build has those of its own, and keeps no writer"
    " out. Alembic does not know that it has ended: what comes later in the same upgrade stands in"
    " no transaction, and a revision that fails there leaves its half behind. The reference takes"
    " `autocommit_block`, after which Alembic begins a new one."
)
_WEAKER = "which lock does this way of building take, and which way takes a weaker one?"


async def check(answer: Answer) -> Reason:
    """It is the partial index of the model, valid, and no writer waits while it is built."""
    expect_place("0009", parent="0008")
    await run_command(command.upgrade, "0008")
    schema = await schema_of(answer)
    await _nobody_waits(answer)
    await _is_the_index(answer)
    await expect_only(answer, schema, "`alembic upgrade 0009`", f"index {_NAME} ")
    with runs(answer, "`alembic downgrade 0008`"), statements_of_every_engine() as sent:
        await run_command(command.downgrade, "0008")
    left = await answer.observer.fetchval(_INDEX) or "no such index"
    ask = "what does downgrade have to undo?"
    expect_state(f"{_NAME}, after the downgrade", left, "no such index", ask)
    await expect_only(answer, schema, "`alembic downgrade 0008`")
    await _after_a_failure(answer)
    concurrent = any("DROP INDEX CONCURRENTLY" in each.upper() for each in sent)
    return Reason(_by_commit(), _TRY_MORE if concurrent else "")


def _by_commit() -> str:
    """Why it works where a COMMIT of its own ends the transaction; else empty."""
    text = next(VERSIONS.glob("0009*.py")).read_text("utf-8")
    return _COMMIT if re.search(r"""["']\s*COMMIT\b""", text) else ""


_INSERT = "INSERT INTO incident (title, severity, team_id) VALUES ('probe', 'minor', 1)"
_BUILD_WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%INDEX%'
"""


async def _nobody_waits(answer: Answer) -> None:
    async with own_connection(answer) as writer, own_connection(answer) as other:
        late = await _build_beside_a_writer(answer, writer, other)
    if late:
        raise NotYet.looked_at(
            "an INSERT of somebody else, while the index is built",
            got=f"it waited and gave up: {late}",
            wanted="a new row, at once",
            ask=_WEAKER,
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
    with runs(answer, "`alembic upgrade 0009`"), _as_the_task_says():
        await upgrade
    return late


@contextlib.contextmanager
def _as_the_task_says() -> Iterator[None]:
    """Say of two errors what they mean here: columns in one text, and a build that gave up."""
    call = "`alembic upgrade 0009`"
    try:
        yield
    except DuplicateColumnError as error:
        got, wanted = f"it raised {message(error)}", "an index on one column"
        ask = "in what does `op.create_index` want the names of the columns: a text, or a list?"
        raise NotYet(call, got=got, wanted=wanted, ask=ask) from None
    except DBAPIError as error:
        if not any(isinstance(each, asyncpg.LockNotAvailableError) for each in causes(error)):
            raise
        got, call = f"it gave up: {message(error)}", f"{call}, while others write incidents"
        raise NotYet(call, got=got, wanted="an index", ask=_WEAKER) from None


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
    if not found:
        await _no_such_index(answer)
    definition = found["definition"]
    for wrong, ask in (
        ("UNIQUE" in definition, "may two incidents be opened at the same moment?"),
        ("USING btree" not in definition, "which kind of index keeps an order?"),
        ("(opened_at)" not in definition, "what does the model say about the index?"),
        ("WHERE" not in definition, "what does the model say about the index?"),
        (_NAME not in await _plan(answer), "which rows are in the index, and which are asked for?"),
    ):
        if wrong:
            wanted = "an index on opened_at, for what is not resolved"
            seen = f"{_NAME}, after the upgrade"
            raise NotYet.looked_at(seen, got=definition, wanted=wanted, ask=ask)


async def _no_such_index(answer: Answer) -> None:
    query = "SELECT string_agg(indexname, ', ' ORDER BY 1) FROM pg_indexes WHERE tablename = $1"
    raise NotYet.looked_at(
        "the indexes of the incidents, after the upgrade",
        got=await answer.observer.fetchval(query, "incident"),
        wanted=f"{_NAME} among them",
        ask="which name does the model give to its index, and which statement makes it?",
    )


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
    with contextlib.suppress(DBAPIError), refusals() as refused:
        await run_command(command.upgrade, "0009")
        found = await answer.observer.fetchrow(_INDEX)
        if not (found and found["valid"]):
            raise NotYet(
                f"`alembic upgrade 0009`, where a failed build has left an INVALID {_NAME}",
                got="no error, and no valid index"
                + (f"; PostgreSQL did refuse: {refused[0]}" if refused else ""),
                wanted="a valid index, or an error that somebody sees",
                ask="what does your revision do with the error that PostgreSQL raised?"
                if refused
                else "what does your statement know of the index that is there, besides its name?",
            )
