# right: the guard is a connection of the driver
import asyncpg
from sqlalchemy import Connection, text

TURN = 31415


async def migrate() -> None:
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    guard = await asyncpg.connect(settings.database_url.get_secret_value().replace("+asyncpg", ""))
    try:
        while not await guard.fetchval("SELECT pg_try_advisory_lock(1)"):
            await asyncio.sleep(0.2)
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await guard.close()
    await engine.dispose()
