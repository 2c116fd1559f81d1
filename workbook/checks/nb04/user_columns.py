"""What the table of users has: its rows, and what the catalogue says of a column."""

from typing import Any

from workbook.checks.answer import Answer

_COLUMN = """
SELECT CASE is_nullable WHEN 'YES' THEN 'may be NULL' ELSE 'NOT NULL' END
       || coalesce(', default ' || column_default, '')
       || CASE is_generated WHEN 'ALWAYS' THEN ', generated' ELSE '' END
       || coalesce(', at most ' || character_maximum_length || ' characters', '')
FROM information_schema.columns WHERE table_name = 'user_account' AND column_name = $1
"""
NO_COLUMN = "no such column"


async def user_column(answer: Answer, name: str) -> str:
    """What the catalogue says of a column of the users, in words."""
    return await answer.observer.fetchval(_COLUMN, name) or NO_COLUMN


async def column_names(answer: Answer) -> list[str]:
    """The names of the users' columns, in their order."""
    query = (
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = 'user_account' ORDER BY ordinal_position"
    )
    return [row[0] for row in await answer.observer.fetch(query)]


async def users(answer: Answer, columns: str) -> list[tuple[Any, ...]]:
    """These columns of every user, by id."""
    rows = await answer.observer.fetch(f"SELECT {columns} FROM user_account ORDER BY id")
    return [tuple(row) for row in rows]
