"""What the last cell led to, as the server of the database and the clients of the app saw it."""

from workbook.display.table import Table
from workbook.evidence import exchanges, server_log, statements
from workbook.lab.session import Session


async def saw(session: Session, by_connection: bool) -> Table:
    """The statements of the last cell, from the server's own log."""
    if not session.log_is_readable:
        return server_log.LOG_NOT_READABLE
    since = session.cells.last_action()
    in_whole_milliseconds = since.replace(microsecond=since.microsecond // 1000 * 1000)
    found = await server_log.statements(session.observer, in_whole_milliseconds)
    return statements.table(found, by_connection)


def served(session: Session, in_order: bool) -> Table:
    """The exchanges of the last cell; `in_order` sorts those that were under way together."""
    since = session.cells.last_action()
    every = [each for server in session.app_servers for each in server.exchanges]
    found = [each for each in every if each.when >= since]
    return exchanges.table(exchanges.in_order(found) if in_order else found)
