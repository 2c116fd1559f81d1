# wrong: which line reads `patience`, that the caller has chosen?
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def forgotten(connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that forgot to end their transaction."""
    sql = text("""
        SELECT query FROM pg_stat_activity
        WHERE datname = current_database()
          AND state LIKE 'idle in%'
          AND clock_timestamp() - state_change > interval '10 seconds'
        ORDER BY state_change
    """)
    return list((await connection.scalars(sql)).all())
