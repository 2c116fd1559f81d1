# wrong: may two statements be equal?
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

    found = await asyncio.gather(*(code(sql) for sql in {*statements}))
    known = dict(zip({*statements}, found))
    return [known[sql] for sql in statements][: len(known)]
