# right: `while True` and a count of its own; the loop ends by `return` or `raise` alone, and a line that is lost makes it endless
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    number = 1
    while True:
        try:
            async with engine.begin() as connection:
                await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                await connection.execute(text(statement))
            return number
        except DBAPIError as error:
            if error.orig.sqlstate != "55P03" or number == tries:
                raise
        number += 1
