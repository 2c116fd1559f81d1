"""13.export: a line for each alert, and never all of them in memory."""

import inspect
import json
import re
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from workbook.base.platforms import peak_memory
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.connections import own_engine
from workbook.checks.nb13.rows import put
from workbook.checks.row_locks import expect_none_locked
from workbook.checks.statements import tells_statements
from workbook.checks.verdict import NotYet

COUNT = 20_000
"""Alerts of team 1, of a kilobyte each: more than 40 MB, once they are objects."""
LARGE = f"""
INSERT INTO alert (team_id, dedupe_key, payload, received_at)
SELECT 1, 'k/' || n, jsonb_build_object('n', n, 'text', repeat('x', 1000)), now()
FROM generate_series(1, {COUNT}) AS n
"""
A_FEW = """
INSERT INTO alert (team_id, dedupe_key, payload, received_at)
SELECT 1 + n % 2, 'few/' || n, jsonb_build_object('n', n), now() - n * interval '1 minute'
FROM generate_series(1, 4200) AS n
"""
MOVED = "UPDATE alert SET dedupe_key = 'moved/' || id WHERE id < 10"
"""The first of them lie behind the others, where an order is not asked for."""
MANY = 120_000
"""Alerts that a whole export gives, and one with an end of its own does not."""
FOR_THIS_CONNECTION = f"""
CREATE TEMPORARY TABLE alert (LIKE public.alert INCLUDING DEFAULTS, PRIMARY KEY (id));
INSERT INTO alert (id, team_id, dedupe_key, payload)
SELECT n, 1, 'many/' || n, '{{}}' FROM generate_series(1, {MANY}) AS n
"""
"""It comes before the app's table; its rows are there at once, and go with the transaction."""
MOST = 15
"""Megabytes above what the process has when it begins; the reference takes 4."""
MOST_STATEMENTS = 300
ALL_OF_THEM = "how many alerts may a team have, and how many does your query ask for?"
_CUT = re.compile(r"\s(LIMIT \S+|FETCH FIRST \S+ ROWS ONLY)\s*$", re.IGNORECASE)
"""The end of a statement that gives no more than so many rows, be they more than any here."""
Rows = list[dict[str, Any]]


async def check(answer: Answer) -> None:
    """Every line, in order, as JSON, and few of the rows in memory at any moment."""
    export = answer.get()
    await put(answer, A_FEW, MOVED)
    async with own_engine(answer) as engine, engine.connect() as connection:
        await connection.exec_driver_sql("SELECT set_config('app.team', '1', true)")
        lines = [line async for line in _lines(export, connection)]
        await expect_none_locked("export(connection)", connection, "alert")
    await _are_right(answer, lines)
    await put(answer, "DELETE FROM alert", LARGE)
    async with own_engine(answer) as engine, engine.connect() as connection:
        await connection.exec_driver_sql("SELECT set_config('app.team', '1', true)")
        await _takes_little(export, connection)
    async with own_engine(answer) as engine, engine.connect() as connection:
        await _has_no_end(export, connection)


def _lines(export: Any, connection: AsyncConnection) -> AsyncIterator[str]:
    """What the call gives; NotYet where it is nothing to iterate over."""
    given = export(connection)
    if inspect.isasyncgen(given) or hasattr(given, "__aiter__"):
        return given  # type: ignore[no-any-return]
    if inspect.iscoroutine(given):
        given.close()
    raise NotYet(
        "export(connection)",
        got=f"it returned {show(given)}",
        wanted="a generator that gives one line after the other",
        ask="which word makes a generator of an `async def`?",
    )


async def _are_right(answer: Answer, lines: list[str]) -> None:
    call = "export(connection), for team 1"
    found: Rows = []
    for line in lines:
        found.append(_read(call, line))
    query = "SELECT id, payload FROM alert WHERE team_id = 1 ORDER BY id"
    rows = await answer.observer.fetch(query)
    wanted: Rows = [{"id": row["id"], "payload": json.loads(row["payload"])} for row in rows]
    expect_state(f"{call}: how many lines", len(found), len(wanted), "which rows are left out?")
    if found != wanted:
        ask = "in which order do rows come where none is asked for?"
        if sorted(found, key=lambda each: str(each.get("id"))) != sorted(
            wanted, key=lambda each: str(each["id"])
        ):
            ask = "what is in a line?"
        first = next(pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1])
        expect_state(f"{call}: the first line that is another", *first, ask)


def _read(call: str, line: Any) -> dict[str, Any]:
    """The object of one line; NotYet where it is none, or no line."""
    ask = "what makes a text of an object, and what ends a line?"
    wanted = "a text: an object of JSON, and the end of the line"
    try:
        read = json.loads(line)
    except (TypeError, ValueError):
        raise NotYet(call, got=f"it gave {show(line, 80)}", wanted=wanted, ask=ask) from None
    if not isinstance(read, dict) or not isinstance(line, str) or line.count("\n") != 1:
        raise NotYet(call, got=f"it gave {show(line, 80)}", wanted=wanted, ask=ask)
    return read


async def _has_no_end(export: Any, connection: AsyncConnection) -> None:
    """It gives all of many, and no statement of it has a number of rows at which all ends."""
    for sql in FOR_THIS_CONNECTION.split(";"):
        await connection.exec_driver_sql(sql)
    call, sent, count = f"export(connection), for {MANY:,} alerts", list[str](), 0
    with tells_statements(sent.append):
        async for _ in _lines(export, connection):
            count += 1
    if count != MANY:
        raise NotYet(call, got=f"{count:,} lines", wanted=f"{MANY:,} lines", ask=ALL_OF_THEM)
    if len(sent) == 1 and _CUT.search(sent[0]):
        got = f"it sends {show(' '.join(sent[0].split()))}, and nothing behind it"
        wanted = "each alert, however many there are"
        raise NotYet("export(connection)", got=got, wanted=wanted, ask=ALL_OF_THEM)


async def _takes_little(export: Any, connection: AsyncConnection) -> None:
    """It gives many, and holds few of them at a time."""
    call = f"export(connection), for {COUNT:,} alerts of 1 kB"
    before = peak_memory()
    with tells_statements(_Cheap(call)):
        async for _ in _lines(export, connection):
            pass
    taken = (peak_memory() - before) / 1e6
    if taken > MOST:
        raise NotYet(
            call,
            got=f"it took {taken:,.0f} MB at its peak",
            wanted=f"less than {MOST} MB, however many alerts there are",
            ask="how many rows are in memory when the first line is given?",
        )


class _Cheap:
    """Hears statements, and says that they are too many, or dearer each time."""

    def __init__(self, call: str) -> None:
        self._call, self.count = call, 0

    def __call__(self, statement: str) -> None:
        self.count += 1
        if self.count > MOST_STATEMENTS or " OFFSET " in statement.upper():
            raise NotYet(
                self._call,
                got=f"statement {self.count} that it sends is {show(' '.join(statement.split()))}",
                wanted="a few for all rows, or pages, each at the same cost",
                ask="what does the last one cost, and how many are there for a million rows?",
            )
