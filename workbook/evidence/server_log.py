"""What Postgres saw: the server's own log, read for one database and one stretch of time."""

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import asyncpg

from workbook.base.waiting import eventually
from workbook.display.table import Table
from workbook.evidence.observe import NAME, Observer
from workbook.evidence.statements import Statement, with_states

LAST_BYTES = 4_000_000
"""How much of the log's end is read."""
LOG_TIMEOUT = 4
"""How many seconds the server has to write down what was sent."""
LOG_NOT_READABLE = Table(
    (),
    (),
    "This server keeps its log to itself, so what it saw cannot be shown."
    " The workbook's own server shows it: unset WORKBOOK_DATABASE_URL.",
)
_END_OF_LOG = """
SELECT pg_read_file(name, greatest(0, (pg_stat_file(name)).size - $1), $1)
FROM (SELECT pg_current_logfile('jsonlog') AS name) AS current
"""


async def enable_statement_log(observer: Observer, database: str) -> bool:
    """Have the server log this database's statements; False where that is not ours to ask."""
    try:
        await observer.fetch(f"ALTER DATABASE {database} SET log_statement = 'all'")
        await observer.fetch("SELECT pg_stat_file(pg_current_logfile('jsonlog'))")
        return bool(await observer.value("SELECT pg_current_logfile('jsonlog')"))
    except (asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedFileError):
        return False


async def statements(observer: Observer, since: datetime) -> list[Statement]:
    """What clients sent to the observer's database since then, oldest first.

    TimeoutError where the server does not write its log within four seconds.
    """
    return [each for each in with_states(parse(await entries(observer))) if each.when >= since]


async def entries(observer: Observer) -> list[dict[str, str]]:
    """The end of the log, as far as it is about the observer's database; raises TimeoutError."""
    database = await observer.value("SELECT current_database()")
    every = [json.loads(line) for line in (await _end_of_log(observer)).splitlines() if line]
    return [entry for entry in every if entry.get("dbname") == database]


async def _end_of_log(observer: Observer) -> str:
    """The end of the log, once everything sent before this moment has been written to it."""
    mark = f"workbook-{secrets.token_hex(8)}"
    await observer.fetch(f"DO $$BEGIN RAISE LOG '{mark}'; END$$")

    async def text_with_mark() -> str:
        text: str = await observer.value(_END_OF_LOG, LAST_BYTES)
        return text if mark in text else ""

    if not (text := await eventually(text_with_mark, LOG_TIMEOUT)):
        raise TimeoutError(f"the server's log did not catch up within {LOG_TIMEOUT} seconds")
    return text if len(text) < LAST_BYTES // 2 else text[text.index("\n") + 1 :]


def parse(entries: Iterable[dict[str, str]]) -> Iterator[Statement]:
    """The statements in these entries of a JSON log, without the observer's own."""
    for position, entry in enumerate(entries):
        if entry.get("application_name") != NAME and (said := _sql_and_error(entry)):
            sql, error = said
            values = "" if error else re.sub(r"(?i)^parameters: ", "", entry.get("detail", ""))
            when = datetime.strptime(entry["timestamp"], "%Y-%m-%d %H:%M:%S.%f %Z")
            sql = re.sub(r"\s+", " ", sql).strip().rstrip(";")
            moment = when.replace(tzinfo=UTC)
            yield Statement(position, moment, int(entry["pid"]), sql, values, error)


def _sql_and_error(entry: dict[str, str]) -> tuple[str, str] | None:
    """The statement that an entry is about, and how it failed; None where it is about none."""
    message = entry["message"]
    if entry["error_severity"] in ("ERROR", "FATAL"):
        return entry.get("statement", ""), f"{entry['state_code']} {message}"
    found = re.match(r"(?s)(?:statement|execute [^:]+): (.*)", message)
    return (found[1], "") if found else None
