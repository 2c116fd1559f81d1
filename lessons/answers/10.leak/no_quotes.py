# wrong: by what does PostgreSQL tell a text from the names of columns?
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def forgotten(connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that forgot to end their transaction."""
    sql = text(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = idle in transaction AND clock_timestamp() - state_change > :patience"
        " ORDER BY state_change"
    )
    return list((await connection.scalars(sql, {"patience": patience})).all())
