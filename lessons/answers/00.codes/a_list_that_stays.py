# wrong: which list or dictionary of yours outlives its call?
import asyncio

import asyncpg


async def codes(url: str, statements: list[str], found: list[str | None] = []) -> list[str | None]:
    """Run all statements at the same time: return the SQLSTATE of each, or None where it ran."""

    async def code(sql: str) -> str | None:
        connection = await asyncpg.connect(url)
        try:
            await connection.fetch(sql)
        except asyncpg.PostgresError as error:
            return error.sqlstate
        finally:
            await connection.close()

    async with asyncio.TaskGroup() as group:
        running = [group.create_task(code(sql)) for sql in statements]
    found += [each.result() for each in running]
    return found
