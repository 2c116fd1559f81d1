# wrong: what makes the second one wait until the first has ended?
from sqlalchemy import Connection, text

TURN = 31415


async def migrate() -> None:
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    for _ in range(5):
        try:
            async with engine.connect() as connection:
                await connection.run_sync(run)
            break
        except Exception:
            await asyncio.sleep(0.5)
    await engine.dispose()
