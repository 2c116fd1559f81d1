# wrong: which error meets your `except`
import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    for attempt in range(1, tries + 1):
        try:
            async with engine.begin() as connection:
                await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                await connection.execute(text(statement))
            return attempt
        except asyncpg.LockNotAvailableError:
            if attempt == tries:
                raise
