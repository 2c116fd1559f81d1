# right: an engine of its own for the guard, and the lock given back by hand
from sqlalchemy import Connection, text

TURN = 31415


async def migrate() -> None:
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    guards = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    async with guards.connect() as guard:
        while True:
            if await guard.scalar(text("SELECT pg_try_advisory_lock(7, 4)")):
                break
            await asyncio.sleep(0.05)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(run)
        finally:
            await guard.execute(text("SELECT pg_advisory_unlock(7, 4)"))
    await guards.dispose()
    await engine.dispose()
