"""Rows that no rule of the task forbids: a table that refuses one has a rule of its own."""

from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet

_ASK = "which rules does the task ask for, and which one does this row break?"


async def expect_taken(answer: Answer, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """NotYet where PostgreSQL refuses one of these rows."""
    for row in rows:
        columns = ", ".join(row)
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"
        try:
            await answer.observer.execute(insert, *row.values())
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
            got = f"refused: {str(error).partition(chr(10))[0]}"
            what = f"an INSERT of {_told(row)}"
            raise NotYet.looked_at(what, got=got, wanted="a new row", ask=_ASK) from None


def _told(row: Mapping[str, Any]) -> str:
    """The row in words; a long text by its length."""
    return ", ".join(f"{name} {_value(value)}" for name, value in row.items())


def _value(value: Any) -> str:
    if isinstance(value, str) and len(value) > 30:
        return f"of {len(value)} characters"
    return "NULL" if value is None else repr(value) if isinstance(value, str) else str(value)
