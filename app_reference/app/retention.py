"""The history, by months: makes those that come, drops those that are over.

`python -m app.retention`, as the owner of the tables, once a day.
"""

import asyncio
from datetime import UTC, date, datetime
from itertools import pairwise

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app import logs
from app.failures import busy, note, passes
from app.settings import settings

BACK, AHEAD = 12, 2
"""Months that are kept besides this one, and months that are there before they begin."""
REST = "history.event_rest"
"""The partition of what belongs to no month that is there: nothing is refused for want of one."""
LOCK_TIMEOUT = "2s"
"""How long it waits for those who read: whoever comes after it waits behind it."""
TURN = "SELECT pg_advisory_xact_lock(16180)"
PARTITIONS = text("SELECT relid::text FROM pg_partition_tree('event') WHERE isleaf")


def edges(today: date) -> list[date]:
    """Return the first day of each month, from the oldest that is kept, and the end of the last."""
    this = 12 * today.year + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(this - BACK, this + AHEAD + 2)]


def name(month: date) -> str:
    """Return the name of a month's partition."""
    return f"history.event_{month:%Y_%m}"


async def make(connection: AsyncConnection, begin: date, end: date) -> None:
    """Make the partition of a month, with what has come for it already."""
    new, since, until = name(begin), f"'{begin} UTC'", f"'{end} UTC'"
    for sql in (
        f"CREATE TABLE {new} (LIKE event INCLUDING DEFAULTS)",
        f"WITH late AS (DELETE FROM {REST} WHERE received_at >= {since} AND received_at < {until} "
        f"RETURNING *) INSERT INTO {new} SELECT * FROM late",
        f"ALTER TABLE {new} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {new} FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE event ATTACH PARTITION {new} FOR VALUES FROM ({since}) TO ({until})",
    ):
        await connection.execute(text(sql))


async def keep(connection: AsyncConnection, today: date) -> None:
    """Let there be the months around today and no others, and nothing older."""
    ends = edges(today)
    wanted = {name(each) for each in ends[:-1]}
    await connection.execute(text(f"ALTER TABLE {REST} NO FORCE ROW LEVEL SECURITY"))
    there = set(await connection.scalars(PARTITIONS)) - {REST}
    for old in sorted(there - wanted):
        await connection.execute(text(f"DROP TABLE {old}"))
    for begin, end in pairwise(ends):
        if name(begin) not in there:
            await make(connection, begin, end)
    await connection.execute(text(f"DELETE FROM {REST} WHERE received_at < '{ends[0]} UTC'"))
    await connection.execute(text(f"ALTER TABLE {REST} FORCE ROW LEVEL SECURITY"))


async def run() -> None:
    """Do it in one transaction; give up where others are in the way for `LOCK_TIMEOUT`."""
    patience = {"server_settings": {"lock_timeout": LOCK_TIMEOUT}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    async with engine.begin() as connection:
        await connection.execute(text(TURN))
        await keep(connection, datetime.now(UTC).date())


async def main() -> None:
    """Do it, or leave it for the next time: no start of the app waits for whoever reads long."""
    logs.configure(settings.log_level)
    try:
        await run()
    except DBAPIError as error:
        if not (busy(error) or passes(error)):
            raise
        note("the history has to wait", error)


if __name__ == "__main__":
    asyncio.run(main())
