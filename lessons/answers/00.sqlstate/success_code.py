# wrong: what does the caller get when nothing went wrong?
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        await connection.close()
    return "00000"
