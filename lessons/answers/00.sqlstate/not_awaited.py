# wrong: which call has no `await` before it?
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        await connection.close()
