# wrong: The code is `error.sqlstate`
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    """Run a statement: return the SQLSTATE of its error, or None. Leave no connection behind."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return error.pgcode
    finally:
        await connection.close()
