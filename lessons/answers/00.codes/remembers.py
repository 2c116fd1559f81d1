# wrong: does it give back what an earlier call was told?
import asyncio

import asyncpg

CODES = {}


async def codes(url, statements):
    async def code(sql):
        if (url, sql) in CODES:
            return CODES[url, sql]
        connection = await asyncpg.connect(url)
        try:
            await connection.fetch(sql)
            CODES[url, sql] = None
        except asyncpg.PostgresError as error:
            CODES[url, sql] = error.sqlstate
        finally:
            await connection.close()
        return CODES[url, sql]

    return await asyncio.gather(*[code(sql) for sql in statements])
