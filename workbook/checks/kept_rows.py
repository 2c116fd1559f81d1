"""Whether the rows of a table are what they were, whatever was done to its columns meanwhile."""

from collections.abc import Iterable
from typing import Any

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet

Rows = dict[str, dict[Any, dict[str, Any]]]
"""Of each table its rows by id, each with the values of its columns."""

_ASK = "which statement changes what stands in rows, and does the task ask for it?"


async def rows_of(answer: Answer, *tables: str) -> Rows:
    """The rows that these tables have now."""
    found: Rows = {}
    for table in tables:
        rows = await answer.observer.fetch(f"SELECT * FROM {table} ORDER BY id")
        found[table] = {row["id"]: dict(row) for row in rows}
    return found


async def expect_rows_kept(
    answer: Answer, before: Rows, after: str, without: Iterable[str] = ()
) -> None:
    """NotYet where a row has another value than before, in a column that it had then and has now.

    Rows that are gone or new are not looked at, and neither are the columns in `without`.
    """
    now = await rows_of(answer, *before)
    for table, rows in before.items():
        for key, row in rows.items():
            other = _other_values(row, now[table].get(key, row), without)
            if other:
                raise NotYet.looked_at(
                    f"the rows of {table}, after {after}",
                    got=f"{other}, in the row with the id {key}",
                    wanted="the values that were there",
                    ask=_ASK,
                )


def _other_values(before: dict[str, Any], now: dict[str, Any], without: Iterable[str]) -> str:
    """The first column that has another value, and both values; empty where none has."""
    for column in before:
        if column in now and column not in without and before[column] != now[column]:
            return f"{column} was {before[column]!r}, and is {now[column]!r}"
    return ""
