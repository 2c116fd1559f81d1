# wrong: its text, the class of its code, or the whole code?
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    for n in range(1, tries + 1):
        try:
            async with engine.begin() as connection:
                await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                await connection.execute(text(statement))
            return n
        except DBAPIError as error:
            if "canceling statement due to lock timeout" not in str(error.orig) or n == tries:
                raise
