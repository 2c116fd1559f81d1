# wrong: another operation is in progress
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    connection = await asyncpg.connect(url)

    async def code(sql: str) -> str | None:
        try:
            await connection.fetch(sql)
        except asyncpg.PostgresError as error:
            return error.sqlstate
        return None

    try:
        return await asyncio.gather(*(code(sql) for sql in statements))
    finally:
        await connection.close()
