# wrong: PostgreSQL stopped at a parameter
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity IS $1 ORDER BY opened_at DESC", severity
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
