# wrong: what does None tell the caller about a statement?
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.PostgresError:
        return None
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        await connection.close()
    return None
