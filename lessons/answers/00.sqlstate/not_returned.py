# wrong: what is returned when that fails?
import asyncpg
async def sqlstate(url, sql):
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        error.sqlstate
    finally:
        await connection.close()
