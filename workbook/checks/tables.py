"""What a learner's models become: tables that PostgreSQL has, and the statements that are sent."""

import contextlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from sqlalchemy import event, exc
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import configure_mappers, make_transient_to_detached

from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer, expect
from workbook.checks.verdict import NotYet


def engine_of(answer: Answer) -> AsyncEngine:
    """An engine for the database of this check; whoever asks closes it."""
    return create_async_engine(for_sqlalchemy(answer.url))


@contextlib.contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """What the engine is asked to send meanwhile."""
    sent: list[str] = []
    listen: Callable[..., None] = lambda *args: sent.append(args[2])  # noqa: E731
    event.listen(engine.sync_engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", listen)


async def make_tables(models: ModuleType, engine: AsyncEngine) -> None:
    """Make the tables of the learner's models; NotYet with the reason where they do not fit."""
    try:
        configure_mappers()
        async with engine.begin() as connection:
            await connection.run_sync(models.Base.metadata.create_all)
    except exc.SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        raise NotYet(
            "the models, put together",
            f"{type(error).__name__}: {reason}",
            "tables that PostgreSQL can make",
            "what do two models have to agree on, and which of them does not keep it?",
        ) from None


async def columns_of(answer: Answer, table: str) -> dict[str, tuple[str, bool]]:
    """Each column's type and whether it may be NULL, as PostgreSQL has it."""
    rows = await answer.observer.fetch(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_name = $1",
        table,
    )
    return {row[0]: (row[1], row[2] == "YES") for row in rows}


async def are_as_typed(answer: Answer, table: str, types: dict[str, str]) -> None:
    """Each column is there, and NULL is allowed where the type says None."""
    columns = await columns_of(answer, table)
    for name, kind in types.items():
        if name not in columns:
            raise NotYet(
                f"the table {table}",
                f"there is no column {name!r}",
                "a column",
                "did a column get lost while you typed it?",
            )
        expect(
            f"the column {name!r} of the table",
            "NULL is allowed" if columns[name][1] else "never NULL",
            "NULL is allowed" if "None" in kind else "never NULL",
            f"what should the table say when the type says {kind}?",
        )


_INDEXED = """
SELECT count(*) FROM pg_index AS i
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = $1::regclass AND a.attname = $2
"""


async def team_is_indexed(answer: Answer, table: str) -> None:
    """NotYet where no index begins with team_id."""
    if not await answer.observer.fetchval(_INDEXED, table, "team_id"):
        raise NotYet(
            f"the table {table}",
            "no index on team_id",
            "an index",
            "how does PostgreSQL find everything that belongs to one team?",
        )


async def relation_is_loud(answer: Answer, kind: Any) -> None:
    """Reading `team` without loading it names the attribute, and asks the database nothing."""
    found = kind(id=1, team_id=1)
    make_transient_to_detached(found)
    async with async_sessionmaker(engine := engine_of(answer))() as session:
        session.add(found)
        try:
            found.team  # noqa: B018
        except exc.MissingGreenlet:
            pass
        except exc.InvalidRequestError:
            return
        finally:
            await engine.dispose()
    raise NotYet(
        f"{kind.__name__.lower()}.team, not loaded",
        "a hidden query",
        "an error that names it",
        "which option of a relationship makes forgetting loud?",
    )
