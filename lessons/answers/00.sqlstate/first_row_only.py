# wrong: is the statement run to its end
import asyncpg


async def sqlstate(url, sql):
    connection = await asyncpg.connect(url)
    try:
        await connection.fetchrow(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        await connection.close()
