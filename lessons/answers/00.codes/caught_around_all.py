# wrong: around all of the calls, or inside of the one that sends it?
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    async def code(sql: str) -> str | None:
        connection = await asyncpg.connect(url)
        try:
            await connection.fetch(sql)
        finally:
            await connection.close()

    try:
        return await asyncio.gather(*(code(sql) for sql in statements))
    except asyncpg.PostgresError as error:
        return [error.sqlstate]
