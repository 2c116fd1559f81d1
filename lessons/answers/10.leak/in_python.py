# right: PostgreSQL's clock gives the difference, and Python compares it and puts the rows in order
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def forgotten(connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that forgot to end their transaction."""
    sql = text(
        "SELECT query, clock_timestamp() - state_change AS silent FROM pg_stat_activity"
        " WHERE datname = current_database() AND state IN"
        " ('idle in transaction', 'idle in transaction (aborted)')"
    )
    rows = (await connection.execute(sql)).all()
    rows = sorted((row for row in rows if row.silent > patience), key=lambda row: -row.silent)
    return [row.query for row in rows]
