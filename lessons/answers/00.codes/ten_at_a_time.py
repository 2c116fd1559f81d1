# wrong: how many can your code have under way at once
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    limit = asyncio.Semaphore(10)

    async def code(sql: str) -> str | None:
        async with limit:
            connection = await asyncpg.connect(url)
            try:
                await connection.fetch(sql)
            except asyncpg.PostgresError as error:
                return error.sqlstate
            finally:
                await connection.close()
            return None

    return await asyncio.gather(*(code(sql) for sql in statements))
