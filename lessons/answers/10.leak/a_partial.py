# right: a function that is given the kind of state beforehand, so that another one can be asked for too
from datetime import timedelta
from functools import partial

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

SQL = text(
    "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
    " AND state LIKE :state AND clock_timestamp() - state_change > :patience"
    " ORDER BY state_change"
)


async def _silent(state: str, connection: AsyncConnection, patience: timedelta) -> list[str]:
    """Return what was asked last by sessions that have been in this state for so long."""
    return list((await connection.scalars(SQL, {"state": state, "patience": patience})).all())


forgotten = partial(_silent, "idle in transaction%")
