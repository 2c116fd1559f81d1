# wrong: what does a `return` in a `finally` do to an error that is on its way out?
import asyncpg


async def sqlstate(url: str, sql: str) -> str | None:
    """Run a statement: return the SQLSTATE of its error, or None. Leave no connection behind."""
    code = None
    connection = None
    try:
        connection = await asyncpg.connect(url)
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        code = error.sqlstate
    finally:
        if connection is not None:
            await connection.close()
        return code
