# wrong: which moment is `query_start`
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def forgotten(connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that forgot to end their transaction."""
    sql = text(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
        " AND state LIKE 'idle in transaction%' AND clock_timestamp() - query_start > :patience"
        " ORDER BY query_start"
    )
    return list((await connection.scalars(sql, {"patience": patience})).all())
