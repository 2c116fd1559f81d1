# wrong: which call has PostgreSQL run a statement, and which one has it read only?
import asyncio

import asyncpg


async def codes(url, statements):
    async def code(sql):
        connection = await asyncpg.connect(url)
        try:
            await connection.prepare(sql)
        except asyncpg.PostgresError as error:
            return error.sqlstate
        finally:
            await connection.close()

    return await asyncio.gather(*[code(sql) for sql in statements])
