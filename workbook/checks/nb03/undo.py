"""Check of 03.undo: a downgrade that takes back what its upgrade did, and no row."""

import contextlib
from collections.abc import Iterator

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.alembic_commands import runs
from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import own_engine
from workbook.checks.kept_rows import expect_rows_kept, rows_of
from workbook.checks.nb03.constraint_names import constraint_found
from workbook.checks.verdict import NotYet

_RULE, _OTHER = "ck_incident_title_given", "ck_incident_people_positive"
_SCHEMA = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
       || CASE is_nullable WHEN 'NO' THEN ', NOT NULL' ELSE '' END
       || coalesce(', default ' || column_default, '')
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name IN ('incident', 'team', 'user_account')
UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u')
UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
"""
_COUNTS = """
SELECT (SELECT count(*) FROM incident) + (SELECT count(*) FROM team)
     + (SELECT count(*) FROM user_account)
"""


async def check(answer: Answer) -> None:
    """Up, down, up and down: the schema of before, every row, and nothing that stays behind."""
    before, rows = await _schema(answer), await answer.observer.fetchval(_COUNTS)
    values = await rows_of(answer, "incident", "team", "user_account")
    async with own_engine(answer) as engine:
        await _step(answer, engine, "upgrade")
        after = await _schema(answer)
        _upgrade_is_whole(after - before)
        await answer.observer.execute("UPDATE incident SET people = 2 WHERE id = 1")
        await _step(answer, engine, "downgrade")
        await _undone(answer, before)
        await expect_rows_kept(answer, values, "downgrade()")
        with _can_be_repeated():
            await _step(answer, engine, "upgrade")
        await _step(answer, engine, "downgrade")
    left = await answer.observer.fetchval(_COUNTS)
    expect_state("the number of rows, after two times up and down", left, rows, _ROWS)


_ROWS = "which statement touches rows, and does the task ask for it?"
_PARTS = {"column incident.people integer", f"constraint {_OTHER}", f"constraint {_RULE}"}


async def _schema(answer: Answer) -> set[str]:
    return {row[0] for row in await answer.observer.fetch(_SCHEMA)}


async def _step(answer: Answer, engine: AsyncEngine, name: str) -> None:
    """Run one of the two functions as Alembic would, in a transaction of its own."""
    from app.database import Base  # the learner's, once the folder of the check is on the path

    def run(connection: Connection) -> None:
        known = {"target_metadata": Base.metadata}
        with Operations.context(MigrationContext.configure(connection, opts=known)):
            answer.get(name)()

    call = f"{name}()"
    with runs(answer, call), constraint_found(call, _RULE, _OTHER):
        async with engine.begin() as connection:
            await connection.run_sync(run)


def _upgrade_is_whole(new: set[str]) -> None:
    """The upgrade is given; whoever changed it is told so."""
    if new != _PARTS:
        missing = sorted(_PARTS - new) or sorted(new - _PARTS)
        raise NotYet.looked_at(
            "the tables, after upgrade()",
            got=f"not as it was given, by: {', '.join(missing)}",
            wanted="the upgrade as it was given",
            ask="which of the two functions is yours to write?",
        )


async def _undone(answer: Answer, before: set[str]) -> None:
    now = await _schema(answer)
    if changed := _changed(before - now, now - before):
        got, ask = changed, "what was that column like before upgrade, and which line changes it?"
    elif left := sorted(now - before):
        got, ask = f"still there: {', '.join(left)}", "what does downgrade have to undo?"
    elif lost := sorted(before - now):
        got, ask = f"gone: {', '.join(lost)}", "what was there before upgrade, and must stay?"
    else:
        return
    wanted = "what was there before upgrade()"
    raise NotYet.looked_at("the tables, after downgrade()", got=got, wanted=wanted, ask=ask)


def _changed(gone: set[str], new: set[str]) -> str:
    """The first column that is there in another way; empty where there is none."""
    for was in sorted(gone):
        name = was.split()[1]
        for now in sorted(new):
            if was.startswith("column ") and now.startswith(f"column {name} "):
                return f"{now}; before it was {was.removeprefix('column ')}"
    return ""


@contextlib.contextmanager
def _can_be_repeated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        call, wanted = "upgrade(), after a downgrade()", "an upgrade that can be run again"
        raise NotYet(call, got=f"it raised {error.orig}", wanted=wanted) from None
