# wrong: which block runs whether or not there was an error?
import asyncpg

keep = []


async def sqlstate(url: str, sql: str) -> str | None:
    connection = await asyncpg.connect(url)
    keep.append(connection)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    await connection.close()
    return None
