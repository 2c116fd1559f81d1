# wrong: how many rows does that call read: one, or all?
from datetime import datetime, timedelta, timezone

from sqlalchemy import column, func, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def forgotten(connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that forgot to end their transaction."""
    sql = text("""
        SELECT query FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in%'
        AND clock_timestamp() - state_change > :patience
        ORDER BY state_change""")
    return [await connection.scalar(sql, {"patience": patience})]
