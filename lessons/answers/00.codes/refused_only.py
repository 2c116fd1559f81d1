# wrong: what stands in the place of a statement that was run?
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    async def code(sql: str) -> str | None:
        connection = await asyncpg.connect(url)
        try:
            await connection.fetch(sql)
        except asyncpg.PostgresError as error:
            return error.sqlstate
        finally:
            await connection.close()
        return None

    found = await asyncio.gather(*(code(sql) for sql in statements))
    return [each for each in found if each]
