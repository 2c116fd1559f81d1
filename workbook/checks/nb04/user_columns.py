"""What the table of users has: its rows, and what the catalogue says of a column."""

from typing import Any

import asyncpg

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet

_COLUMN = """
SELECT CASE is_nullable WHEN 'YES' THEN 'may be NULL' ELSE 'NOT NULL' END
       || coalesce(', default ' || column_default, '')
       || coalesce(', at most ' || character_maximum_length || ' characters', '')
FROM information_schema.columns WHERE table_name = 'user_account' AND column_name = $1
"""
NO_COLUMN = "no such column"


async def user_column(answer: Answer, name: str) -> str:
    """What the catalogue says of a column of the users, in words."""
    return await answer.observer.fetchval(_COLUMN, name) or NO_COLUMN


async def users(
    answer: Answer, columns: str, *, after: str = "", ask: str = ""
) -> list[tuple[Any, ...]]:
    """These columns of every user, by id; NotYet with this question where one is not there."""
    query = f"SELECT {columns} FROM user_account"
    try:
        rows = await answer.observer.fetch(f"{query} ORDER BY id")
    except asyncpg.UndefinedColumnError as error:
        wanted = "a row for every user"
        raise NotYet(f"{query}{after}", got=str(error), wanted=wanted, ask=ask) from None
    return [tuple(row) for row in rows]
