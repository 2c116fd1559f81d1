# wrong: the UnicodeEncodeError of Python
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except Exception as error:
        return getattr(error, "sqlstate", None)
    finally:
        await connection.close()
    return None
