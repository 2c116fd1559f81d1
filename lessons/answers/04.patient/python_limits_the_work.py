# wrong: which of your limits ends a change that has its lock, and works?
import asyncio

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    """Run this change, 200 milliseconds at most for a lock; return how many tries it took."""
    number = 1
    while True:
        try:
            async with asyncio.timeout(1), engine.begin() as connection:
                await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                await connection.execute(text(statement))
            return number
        except DBAPIError as error:
            if error.orig.sqlstate != "55P03" or number == tries:
                raise
        number += 1
