# wrong: what makes the second one wait until the first has ended?
import os

from sqlalchemy import Connection


async def migrate() -> None:
    await asyncio.sleep(os.getpid() % 4 * 0.25)
    engine = create_async_engine(settings.database_url.get_secret_value(), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()
