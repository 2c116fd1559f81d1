# wrong: by the clock of Python's machine
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def forgotten(connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that forgot to end their transaction."""
    from datetime import datetime

    sql = text("SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%' AND state_change < :limit ORDER BY state_change")
    return list((await connection.scalars(sql, {"limit": datetime.now() - patience})).all())
