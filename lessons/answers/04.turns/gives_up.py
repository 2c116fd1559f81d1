# wrong: what does the one do whose question is answered with false?
from sqlalchemy import Connection, text

TURN = 31415


async def migrate() -> None:
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    async with engine.connect() as guard:
        await guard.execution_options(isolation_level="AUTOCOMMIT")
        if not await guard.scalar(text("SELECT pg_try_advisory_lock(:turn)"), {"turn": TURN}):
            raise RuntimeError("somebody else is at it")
        async with engine.connect() as connection:
            await connection.run_sync(run)
    await engine.dispose()
