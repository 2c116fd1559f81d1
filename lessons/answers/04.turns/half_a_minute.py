# wrong: how long does an upgrade wait that could begin now?
import asyncio

from sqlalchemy import Connection, text

# The advisory lock of a migration; a number of this app's own.
TURN = 31415


async def migrate() -> None:
    """Wait for the turn, then lend a connection to Alembic; the turn ends with its connection."""
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    guards = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with guards.connect() as guard:
        mine = False
        while not mine:
            mine = await guard.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": TURN})
            if not mine:
                await asyncio.sleep(30)
        async with engine.connect() as connection:
            await connection.run_sync(run)
    await engine.dispose()
