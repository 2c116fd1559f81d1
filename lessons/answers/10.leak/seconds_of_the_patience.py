# wrong: which of a `timedelta`'s parts are in `.seconds`
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def forgotten(connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that forgot to end their transaction."""
    sql = text(
        "SELECT query FROM pg_stat_activity"
        " WHERE state LIKE 'idle in%' AND datname = current_database()"
        f" AND clock_timestamp() - state_change > interval '{patience.seconds} seconds'"
        " ORDER BY state_change"
    )
    return list((await connection.scalars(sql)).all())
