"""Rows that a call which only reads keeps others from changing."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from workbook.checks.verdict import NotYet

_LOCKED = text("""
SELECT EXISTS (
    SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = to_regclass(:table)
    AND mode NOT IN ('AccessShareLock', 'RowExclusiveLock')
)
""")
"""Whoever reads has the first of these modes, and whoever changes rows the second, too."""


async def expect_none_locked(call: str, asked: AsyncSession | AsyncConnection, table: str) -> None:
    """NotYet where the transaction that this call read in has locked rows of the table."""
    connection = await asked.connection() if isinstance(asked, AsyncSession) else asked
    if (await connection.execute(_LOCKED, {"table": table})).scalar():
        raise NotYet(
            call,
            got="until its transaction ends, nobody else can change what it has read",
            wanted="rows that are read, and not locked",
            ask="what does your query ask for, beside the rows, and who waits for that?",
        )
