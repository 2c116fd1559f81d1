# wrong: how many characters has the code
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    """Run a statement: return the SQLSTATE of its error, or None. Leave no connection behind."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate[:2]
    finally:
        await connection.close()
    return None
