# wrong: with a text that cannot be sent
import asyncpg
async def sqlstate(url, sql):
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except Exception as error:
        return getattr(error, "sqlstate", None)
    finally:
        await connection.close()
