# wrong: The code is `error.sqlstate`
import asyncio
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as e:
        return e.code
    finally:
        await connection.close()
