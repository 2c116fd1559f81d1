# wrong: which attribute of the error holds five characters
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    async def code(sql: str) -> str | None:
        connection = await asyncpg.connect(url)
        try:
            await connection.fetch(sql)
        finally:
            await connection.close()
        return None

    return await asyncio.gather(*(code(sql) for sql in statements), return_exceptions=True)
