# wrong: does it give back what an earlier call was told?
import asyncpg

CODES = {}


async def sqlstate(url, sql):
    if (url, sql) not in CODES:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(sql)
            CODES[url, sql] = None
        except asyncpg.PostgresError as error:
            CODES[url, sql] = error.sqlstate
        finally:
            await connection.close()
    return CODES[url, sql]
