# wrong: the f-string has put a value into the SQL
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(f"SELECT title FROM incident WHERE severity = {severity} ORDER BY opened_at DESC")
    finally:
        await connection.close()
    return [row["title"] for row in rows]
