# right: PostgreSQL sends every row, and Python keeps those of the severity; short, and slow where the table is long
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        every = await connection.fetch("SELECT * FROM incident ORDER BY opened_at DESC")
    finally:
        await connection.close()
    return [row["title"] for row in every if severity is None or row["severity"] == severity]
