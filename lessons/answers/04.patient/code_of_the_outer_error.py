# wrong: the code is `error.orig.sqlstate`
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine


async def change_table(engine: AsyncEngine, statement: str, tries: int) -> int:
    for attempt in range(1, tries + 1):
        try:
            async with engine.begin() as connection:
                await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                await connection.execute(text(statement))
            return attempt
        except DBAPIError as error:
            if error.sqlstate != "55P03" or attempt == tries:
                raise
