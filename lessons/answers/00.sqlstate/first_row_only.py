# wrong: is the statement run as it is
import asyncpg


async def sqlstate(url, sql):
    connection = await asyncpg.connect(url)
    try:
        await connection.fetchrow(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        await connection.close()
