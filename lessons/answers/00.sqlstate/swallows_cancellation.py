# wrong: which errors did PostgreSQL send, and which are none of yours?
import asyncpg


async def sqlstate(url, sql):
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except BaseException as error:
        return getattr(error, "sqlstate", None)
    finally:
        await connection.close()
