# wrong: `Connection.close`, called in your cell
import asyncpg
async def sqlstate(url, sql):
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        connection.close()
