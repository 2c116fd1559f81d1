# wrong: is the limit set by then?
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    for n in range(1, tries + 1):
        try:
            async with engine.begin() as connection:
                await connection.execute(text(statement))
                await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
            return n
        except DBAPIError as error:
            if error.orig.sqlstate != "55P03" or n == tries:
                raise
