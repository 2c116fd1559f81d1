# wrong: which errors did PostgreSQL send
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    async def code(sql: str) -> str | None:
        connection = await asyncpg.connect(url)
        try:
            await connection.fetch(sql)
        except Exception as error:
            return getattr(error, "sqlstate", None)
        finally:
            await connection.close()
        return None

    return await asyncio.gather(*(code(sql) for sql in statements))
