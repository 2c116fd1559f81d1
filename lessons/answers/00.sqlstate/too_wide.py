# wrong: which happen before it is reached?
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    try:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()
    except Exception as error:
        return getattr(error, "sqlstate", None)
