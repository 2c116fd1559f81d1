# right: a task group begins every task, and ends when all have ended; a refusal is a value, any other error cancels the rest
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

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(code(sql)) for sql in statements]
    return [task.result() for task in tasks]
