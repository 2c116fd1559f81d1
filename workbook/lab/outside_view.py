"""What the last cell led to, as the server of the database and the clients of the app saw it."""

from dataclasses import replace
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from workbook.base.urls import for_sqlalchemy
from workbook.display.table import Table
from workbook.evidence import exchanges, server_log, statements
from workbook.lab.session import Session

if TYPE_CHECKING:
    from workbook.evidence.memory_use import Way
    from workbook.evidence.plans import Plan


async def saw(session: Session, by_connection: bool) -> Table:
    """The statements of the last cell, from the server's own log."""
    if not session.log_is_readable:
        return server_log.LOG_NOT_READABLE
    since, code = session.cells.last_action()
    in_whole_milliseconds = since.replace(microsecond=since.microsecond // 1000 * 1000)
    found = await server_log.statements(session.observer, in_whole_milliseconds)
    shown = statements.table(found, by_connection)
    return shown if shown else replace(shown, note=_nothing(code, "sent no statement"))


def served(session: Session, in_order: bool) -> Table:
    """The exchanges of the last cell; `in_order` sorts those that were under way together."""
    since, code = session.cells.last_action()
    every = [each for server in session.app_servers for each in server.exchanges]
    found = [each for each in every if each.when >= since]
    shown = exchanges.table(exchanges.in_order(found) if in_order else found)
    return shown if shown else replace(shown, note=_nothing(code, "asked no server"))


def _nothing(code: str, did: str) -> str:
    """That the last cell did none of what is looked for, with the line by which one knows it."""
    lines = [line.strip() for line in code.splitlines() if line.strip(" \t#")]
    begins = shorten(lines[0], 60, placeholder=" …") if lines else ""
    return f"Nothing: the last cell that ran {did}. It begins with: {begins}"


async def plan(session: Session, query: Any, values: tuple[Any, ...], team: int) -> "Plan":
    """How the server runs this query for the app's role."""
    from workbook.evidence import plans  # SQLAlchemy takes a moment; most notebooks do without

    return await plans.explain(session.server.url(session.database), query, values, team)


async def memory(session: Session, ways: "tuple[Way, ...]", team: int) -> Table:
    """How much memory each of these ways to read takes, on this notebook's database."""
    from workbook.evidence import memory_use

    url = for_sqlalchemy(session.server.url(session.database))
    return await memory_use.compare(url, ways, team)
