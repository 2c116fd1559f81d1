"""What Postgres saw: the server's own log, read for one database and one stretch of time."""

import asyncio
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from workbook.display.table import Table
from workbook.evidence.observe import NAME, Observer

LAST_BYTES = 4_000_000
"""How much of the log's end is read."""

_NOISE = re.compile(
    r"select pg_catalog\.version\(\)|select current_schema\(\)|show transaction isolation level"
    r"|show standard_conforming_strings|.*typeinfo_tree|SELECT pg_advisory_unlock_all\(\)"
    r"|CLOSE ALL|UNLISTEN \*|RESET ALL",
    re.IGNORECASE | re.DOTALL,
)
"""What drivers ask for themselves when they open or return a connection."""


CLOSED = Table(
    (),
    (),
    "This server keeps its log to itself, so what it saw cannot be shown."
    " The workbook's own server shows it: unset WORKBOOK_DATABASE_URL.",
)


@dataclass(frozen=True)
class Statement:
    """One line of the server's log."""

    when: datetime
    pid: int
    sql: str
    values: str
    error: str
    state: str = ""


async def open_for(observer: Observer, database: str) -> bool:
    """Have the server log this database's statements; False where that is not ours to ask."""
    try:
        await observer.fetch(f"ALTER DATABASE {database} SET log_statement = 'all'")
        await observer.fetch("SELECT pg_stat_file(pg_current_logfile('jsonlog'))")
        return bool(await observer.value("SELECT pg_current_logfile('jsonlog')"))
    except (asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedFileError):
        return False


async def statements(observer: Observer, since: datetime) -> list[Statement]:
    """What clients sent to the observer's database since then, oldest first."""
    database = await observer.value("SELECT current_database()")
    entries = [json.loads(line) for line in (await _log(observer)).splitlines() if line]
    seen = _states(_parse(entry for entry in entries if entry.get("dbname") == database))
    return [each for each in seen if each.when >= since]


async def _log(observer: Observer) -> str:
    """The end of the log, once everything sent before this moment has been written to it."""
    mark = f"workbook-{secrets.token_hex(8)}"
    await observer.fetch(f"DO $$BEGIN RAISE LOG '{mark}'; END$$")
    for _ in range(200):
        text: str = await observer.value(
            "SELECT pg_read_file(name, greatest(0, (pg_stat_file(name)).size - $1), $1)"
            " FROM (SELECT pg_current_logfile('jsonlog') AS name) AS current",
            LAST_BYTES,
        )
        if mark in text:
            return text if len(text) < LAST_BYTES // 2 else text[text.index("\n") + 1 :]
        await asyncio.sleep(0.02)
    raise TimeoutError("the server's log did not catch up within 4 seconds")


def _parse(entries: Iterable[dict[str, str]]) -> Iterator[Statement]:
    for entry in entries:
        if entry.get("application_name") == NAME:
            continue
        message, error = entry["message"], ""
        if entry["error_severity"] in ("ERROR", "FATAL"):
            message, error = entry.get("statement", ""), f"{entry['state_code']} {message}"
        elif not (found := re.match(r"(?s)(?:statement|execute [^:]+): (.*)", message)):
            continue
        else:
            message = found[1]
        when = datetime.strptime(entry["timestamp"], "%Y-%m-%d %H:%M:%S.%f %Z")
        values = "" if error else re.sub(r"(?i)^parameters: ", "", entry.get("detail", ""))
        sql = re.sub(r"\s+", " ", message).strip().rstrip(";")
        yield Statement(when.replace(tzinfo=UTC), int(entry["pid"]), sql, values, error)


def _states(parsed: Iterable[Statement]) -> list[Statement]:
    """The same statements, without the drivers' own, each with its transaction's state."""
    inside: dict[int, str] = {}
    found: list[Statement] = []
    for each in _without_noise(list(parsed)):
        verb = each.sql.split(" ")[0].upper()
        state = inside.get(each.pid, "")
        if each.error:
            state = "failed" if state else "rolled back"
        elif verb in ("BEGIN", "START"):
            state = "open"
        elif verb in ("COMMIT", "ROLLBACK", "END") and " TO " not in each.sql:
            state = "committed" if verb != "ROLLBACK" and state != "failed" else "rolled back"
        inside[each.pid] = state if state in ("open", "failed") else ""
        shown = state or "one statement, committed"
        found.append(Statement(each.when, each.pid, each.sql, each.values, each.error, shown))
    return _merge_errors(found)


def _merge_errors(found: list[Statement]) -> list[Statement]:
    """One row where the log has two: the statement as it began, and the error it ended with."""
    merged: list[Statement] = []
    for each in found:
        before = next(
            (i for i in range(len(merged) - 1, -1, -1) if merged[i].pid == each.pid), None
        )
        if each.error and before is not None and merged[before].sql == each.sql:
            first = merged.pop(before)
            each = Statement(first.when, each.pid, each.sql, first.values, each.error, each.state)
        merged.append(each)
    return merged


def _without_noise(parsed: list[Statement]) -> list[Statement]:
    """Drop the drivers' own questions, and the transaction that held nothing else."""
    kept: list[Statement] = []
    quiet: dict[int, Statement] = {}
    for each in parsed:
        if _NOISE.match(each.sql):
            last = next((k for k in reversed(kept) if k.pid == each.pid), None)
            if last and last.sql.upper().startswith("BEGIN"):
                kept.remove(last)
                quiet[each.pid] = last
        elif each.pid in quiet and each.sql.upper().startswith(("ROLLBACK", "COMMIT")):
            del quiet[each.pid]
        else:
            if each.pid in quiet:
                kept.append(quiet.pop(each.pid))
            kept.append(each)
    return kept


def table(seen: list[Statement], by_connection: bool = False) -> Table:
    """The statements as a table; connections are numbered, process ids are not shown."""
    groups: dict[int, list[Statement]] = {}
    for each in seen:
        groups.setdefault(each.pid, []).append(each)
    order = list(groups)
    if by_connection:
        order.sort(key=lambda pid: [(each.sql, each.values) for each in groups[pid]])
        seen = [each for pid in order for each in groups[pid]]
    number = {pid: position for position, pid in enumerate(order, 1)}
    rows = [
        (number[s.pid], s.sql + (f"   {s.values}" if s.values else ""), s.error or s.state)
        for s in seen
    ]
    note = f"{_many(len(seen), 'statement')} on {_many(len(order), 'connection')}."
    return Table(("connection", "statement", "transaction"), rows, note if rows else "Nothing.")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
