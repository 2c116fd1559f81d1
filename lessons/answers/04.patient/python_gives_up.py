# wrong: who gives up here, Python or PostgreSQL
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    """Run this change, each try for 200 milliseconds at most; return how many tries it took."""
    for number in range(1, tries + 1):
        try:
            import asyncio
            async with asyncio.timeout(0.2), engine.begin() as connection:
                await connection.execute(text(statement))
            return number
        except DBAPIError as error:
            if error.orig.sqlstate != "55P03" or number == tries:
                raise
    raise ValueError(tries)
