# wrong: which attribute of the error holds five characters and no prose?
import asyncio
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as e:
        return e
    finally:
        await connection.close()
