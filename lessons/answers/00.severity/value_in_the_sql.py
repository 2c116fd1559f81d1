# wrong: this is how SQL injection works
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        where = "" if severity is None else f"WHERE severity = '{severity}'"
        rows = await connection.fetch(f"SELECT title FROM incident {where} ORDER BY opened_at DESC")
    finally:
        await connection.close()
    return [row["title"] for row in rows]
