# wrong: holds five characters and no prose?
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return str(error)
    finally:
        await connection.close()
