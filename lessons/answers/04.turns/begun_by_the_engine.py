# wrong: who begins a transaction on the connection that Alembic gets
from sqlalchemy import Connection, text

# The advisory lock of a migration; a number of this app's own.
TURN = 31415


async def migrate() -> None:
    """Wait for the turn, then lend a connection to Alembic; the turn ends with its connection."""
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    try:
        async with engine.connect() as guard:
            await my_turn(guard)
            async with engine.begin() as connection:
                await connection.run_sync(run)
    finally:
        await engine.dispose()


async def my_turn(guard):
    guard = await guard.execution_options(isolation_level="AUTOCOMMIT")
    ask = text("SELECT pg_try_advisory_lock(:number)").bindparams(number=TURN)
    while (await guard.execute(ask)).scalar_one() is not True:
        await asyncio.sleep(1)
