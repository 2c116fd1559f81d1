# wrong: what is sent after the error
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        await connection.execute("ROLLBACK")
        await connection.close()
    return None
