# right: the connection is opened inside of the try, too; a failed login has a code
import asyncpg
async def sqlstate(url, sql):
    connection = None
    try:
        connection = await asyncpg.connect(url)
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate
    finally:
        if connection:
            await connection.close()
    return None
