# wrong: is that name made in this cell?
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    for number in range(1, tries + 1):
        try:
            async with engine.begin() as connection:
                await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                await connection.execute(text(statement))
            return number
        except DBAPIError as error:
            if error.orig.sqlstate != "55P03" or number == tries:
                raise
            await asyncio.sleep(0.05)
