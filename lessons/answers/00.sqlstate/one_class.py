# wrong: which class do all errors have in common
import asyncpg
async def sqlstate(url, sql):
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.UndefinedTableError as error:
        return error.sqlstate
    finally:
        await connection.close()
