# wrong: before the tables were there
from sqlalchemy import Connection, text

TURN = 31415


async def migrate() -> None:
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    async with engine.connect() as guard:
        await guard.execution_options(isolation_level="AUTOCOMMIT")
        ask = text("SELECT pg_try_advisory_lock(:turn)")
        if await guard.scalar(ask, {"turn": TURN}):
            async with engine.connect() as connection:
                await connection.run_sync(run)
    await engine.dispose()
