# wrong: what does `raise` do with the error that your `except` has caught?
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError:
        raise
    finally:
        await connection.close()
    return None
