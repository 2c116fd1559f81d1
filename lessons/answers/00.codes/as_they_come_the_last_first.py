# wrong: which code belongs to which statement?
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    async def code(sql: str) -> str | None:
        await asyncio.sleep(0.02 * (len(statements) - statements.index(sql)))
        connection = await asyncpg.connect(url)
        try:
            await connection.fetch(sql)
        except asyncpg.PostgresError as error:
            return error.sqlstate
        finally:
            await connection.close()
        return None

    return [await each for each in asyncio.as_completed([code(sql) for sql in statements])]
