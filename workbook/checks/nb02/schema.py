"""What a learner's models become: tables that PostgreSQL has, with columns, indexes, relations."""

from types import ModuleType
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from sqlalchemy.orm import configure_mappers, make_transient_to_detached

from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import own_engine
from workbook.checks.messages import message
from workbook.checks.verdict import NotYet


async def create_tables(models: ModuleType, engine: AsyncEngine) -> None:
    """Make the tables of the learner's models; NotYet with the reason where they do not fit."""
    try:
        configure_mappers()
    except exc.SQLAlchemyError as error:
        raise NotYet.looked_at(
            "the models, put together",
            got=message(error),
            wanted="models that fit together",
            ask=_ask_of_misfit(error),
        ) from None
    try:
        async with engine.begin() as connection:
            await connection.run_sync(models.Base.metadata.create_all)
    except exc.DBAPIError as error:
        raise _refused(error) from None
    except exc.SQLAlchemyError as error:
        raise NotYet.looked_at(
            "the tables of the models, as SQL",
            got=message(error),
            wanted="tables that PostgreSQL can make",
        ) from None


def _ask_of_misfit(error: exc.SQLAlchemyError) -> str:
    if isinstance(error, exc.NoForeignKeysError | exc.NoReferenceError):
        return "which column points at the other table, and how does it say at what?"
    if isinstance(error, exc.InvalidRequestError) and "has no property" in str(error):
        return "what do the two ends of a relationship have to agree on?"
    return ""


def _refused(error: exc.DBAPIError) -> NotYet:
    """PostgreSQL does not take a CREATE; most often it is the condition of a CHECK."""
    return NotYet.looked_at(
        _refused_part(error.statement or "", "DEFAULT" if _is_default(error) else "CHECK"),
        got=f"PostgreSQL refuses it: {message(error)}",
        wanted="tables that PostgreSQL can make",
        ask=_ask_of_refusal(error),
    )


def _is_default(error: exc.DBAPIError) -> bool:
    """Whether it is about the value that a column gets where an INSERT names none."""
    return "DEFAULT expression" in message(error)


def _refused_part(statement: str, word: str) -> str:
    """The line with this word, where the statement has one; else its first line."""
    lines = [" ".join(line.split()).rstrip(", ") for line in statement.strip().splitlines()]
    return next((line for line in lines if word in line), lines[0] if lines else "CREATE TABLE")


def _ask_of_refusal(error: exc.DBAPIError) -> str:
    in_check = "CHECK" in (error.statement or "")
    no_column = in_check and getattr(error.orig, "sqlstate", "") == "42703"
    if no_column or _is_default(error):
        return "in SQL, how is a text written, and what is a word without quotes?"
    return in_check * "which condition has to be true of each row, and how does SQL say it?"


async def columns_of(answer: Answer, table: str) -> dict[str, tuple[str, bool]]:
    """Each column's type and whether it may be NULL, as PostgreSQL has it."""
    rows = await answer.observer.fetch(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_name = $1",
        table,
    )
    return {row[0]: (row[1], row[2] == "YES") for row in rows}


async def expect_columns_as_typed(answer: Answer, table: str, types: dict[str, str]) -> None:
    """Each column is there, and NULL is allowed where the type says None."""
    columns = await columns_of(answer, table)
    for name, kind in types.items():
        if name not in columns:
            raise NotYet.looked_at(
                f"the table {table}",
                got=f"there is no column {name!r}",
                wanted="a column",
                ask="did a column get lost while you typed it?",
            )
        expect_state(
            f"the column {name!r} of the table",
            "NULL is allowed" if columns[name][1] else "never NULL",
            "NULL is allowed" if "None" in kind else "never NULL",
            f"may {name} be missing, and what do its type and its `mapped_column` say of that?",
        )


_INDEXES_THAT_BEGIN_WITH = """
SELECT count(*) FROM pg_index AS i
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = $1::regclass AND a.attname = $2
"""


async def expect_team_indexed(answer: Answer, table: str) -> None:
    """NotYet where no index begins with team_id."""
    if not await answer.observer.fetchval(_INDEXES_THAT_BEGIN_WITH, table, "team_id"):
        raise NotYet.looked_at(
            f"the table {table}",
            got="no index on team_id",
            wanted="an index",
            ask="how does PostgreSQL find everything that belongs to one team?",
        )


async def expect_loud_relation(answer: Answer, model: Any) -> None:
    """Reading `team` without loading it names the attribute, and asks the database nothing."""
    found = model(id=1, team_id=1)
    make_transient_to_detached(found)
    async with own_engine(answer) as engine, async_sessionmaker(engine)() as session:
        session.add(found)
        try:
            found.team  # noqa: B018
        except exc.MissingGreenlet:
            pass
        except exc.InvalidRequestError:
            return
    raise NotYet.looked_at(
        f"{model.__name__.lower()}.team, not loaded",
        got="a hidden query",
        wanted="an error that names it",
        ask="which option of a relationship makes forgetting loud?",
    )
