# wrong: which comes first, the turn or the work?
from sqlalchemy import Connection, text

# The advisory lock of a migration; a number of this app's own.
TURN = 31415


async def migrate() -> None:
    """Wait for the turn, then lend a connection to Alembic; the turn ends with its connection."""
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    async with engine.connect() as turn:
        await turn.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.run_sync(run)
        while not await turn.scalar(text("SELECT pg_try_advisory_lock(:turn)"), {"turn": TURN}):
            await asyncio.sleep(0.1)
    await engine.dispose()
