"""Statements of a server's log: which were the client's own, and how their transactions ended."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from workbook.display.table import Table

DRIVER_QUERIES = (
    r"select pg_catalog\.version\(\)",
    r"select current_schema\(\)",
    r"show transaction isolation level",
    r"show standard_conforming_strings",
    r".*typeinfo_tree",
    r"SELECT current_setting\('jit'\)",
    r"SELECT set_config\('jit'",
    r"SELECT pg_advisory_unlock_all\(\); CLOSE ALL",
)
"""What drivers ask for themselves when they open or return a connection, and when they meet a type
that they do not know; regular expressions for the beginning of a statement.
"""
_DRIVERS_OWN = re.compile("|".join(DRIVER_QUERIES), re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """One line of the server's log."""

    position: int
    """Its place in the log."""
    when: datetime
    pid: int
    """The server's process, which is the connection."""
    sql: str
    values: str
    error: str
    """SQLSTATE and message, or an empty string."""
    state: str = ""
    """How its transaction stands, in words."""


def with_states(parsed: Iterable[Statement]) -> list[Statement]:
    """The same statements, without the drivers' own, each with its transaction's state."""
    rows: list[Statement] = []
    for said in _by_connection(parsed).values():
        rows += _merge_errors(_tell_states(_without_drivers_own(said)))
    return sorted(rows, key=lambda row: row.position)


def table(seen: list[Statement], by_connection: bool = False) -> Table:
    """The statements as a table; connections are numbered, process ids are not shown."""
    connections = list(_by_connection(seen).items())
    if by_connection:
        connections.sort(key=lambda pair: [(each.sql, each.values) for each in pair[1]])
        seen = [each for _, said in connections for each in said]
    number = {pid: position for position, (pid, _) in enumerate(connections, 1)}
    rows = [
        (number[s.pid], s.sql + (f"   {s.values}" if s.values else ""), s.error or s.state)
        for s in seen
    ]
    note = f"{_count(len(seen), 'statement')} on {_count(len(connections), 'connection')}."
    return Table(("connection", "statement", "transaction"), rows, note if rows else "Nothing.")


def _by_connection(statements: Iterable[Statement]) -> dict[int, list[Statement]]:
    """What each connection said; in the order in which they spoke first."""
    found: dict[int, list[Statement]] = {}
    for each in statements:
        found.setdefault(each.pid, []).append(each)
    return found


def _without_drivers_own(said: list[Statement]) -> list[Statement]:
    """Drop the driver's own questions, and the transaction that held nothing else.

    Its BEGIN is held back until the client says something; then it stands right before that.
    """
    kept: list[Statement] = []
    held_back: Statement | None = None
    for each in said:
        if _DRIVERS_OWN.match(each.sql):
            if kept and _begins_with(kept[-1], "BEGIN"):
                held_back = kept.pop()
        elif held_back and _begins_with(each, "ROLLBACK", "COMMIT"):
            held_back = None
        else:
            if held_back:
                kept.append(replace(held_back, position=each.position))
                held_back = None
            kept.append(each)
    return kept


def _tell_states(said: list[Statement]) -> list[Statement]:
    """The statements of one connection with their states; the next begins where one ends."""
    told, transaction = [], ""
    for each in said:
        state = _state(each, transaction)
        transaction = state if state in ("open", "failed") else ""
        told.append(replace(each, state=state or "one statement, committed"))
    return told


def _state(statement: Statement, transaction: str) -> str:
    """The state after this statement, in a transaction that is open, failed, or not there ("")."""
    verb = statement.sql.split(" ")[0].upper()
    if statement.error:
        return "failed" if transaction else "rolled back"
    if verb in ("BEGIN", "START"):
        return "open"
    if verb in ("COMMIT", "ROLLBACK", "END") and " TO " not in statement.sql:
        return "rolled back" if verb == "ROLLBACK" or transaction == "failed" else "committed"
    return transaction


def _merge_errors(said: list[Statement]) -> list[Statement]:
    """One row where the log has two: the statement as it began, and the error it ended with."""
    merged: list[Statement] = []
    for each in said:
        if each.error and merged and merged[-1].sql == each.sql:
            began = merged.pop()
            each = replace(each, when=began.when, values=began.values)
        merged.append(each)
    return merged


def _begins_with(statement: Statement, *words: str) -> bool:
    return statement.sql.upper().startswith(words)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
