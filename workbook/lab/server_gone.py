"""What is said where the workbook's server or database is gone, and no code is at fault."""

from collections.abc import Callable

import asyncpg

from workbook.base.causes import causes
from workbook.postgres import AGAIN, SERVER_GONE, Server

CONNECTION_LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
"""Errors that a server which has stopped leads to, and others too."""


def blame(
    error: BaseException, server: Server, database: str, taken: Callable[[], str] = str
) -> str:
    """The sentence for an error that comes from our server or database; empty for any other.

    `taken` says who has taken the database, where somebody has.
    """
    found = list(causes(error))
    gone = any(isinstance(each, asyncpg.InvalidCatalogNameError) for each in found)
    if gone and database in str(error):
        return f"The database {database} is gone. {AGAIN}"
    if not any(isinstance(each, CONNECTION_LOST) for each in found):
        return ""
    return taken() if server.alive() else SERVER_GONE
