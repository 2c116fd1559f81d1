# wrong: which connection asked for the turn, and which one did Alembic get?
from sqlalchemy import Connection, text

TURN = 31415


async def migrate() -> None:
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    async with engine.connect() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        await connection.run_sync(run)
    await engine.dispose()
