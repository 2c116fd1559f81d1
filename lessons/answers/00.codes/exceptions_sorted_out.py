# right: `gather` returns the errors, and one loop afterwards tells refusals from others; all have ended before the caller hears of any
import asyncio

import asyncpg


async def codes(url: str, statements: list[str]) -> list[str | None]:
    async def run(sql: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    found = await asyncio.gather(*(run(sql) for sql in statements), return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, asyncpg.PostgresError):
            raise each
    return [each.sqlstate if each else None for each in found]
