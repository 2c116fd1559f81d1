# wrong: is an empty text None
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        if severity:
            rows = await connection.fetch(
                "SELECT title FROM incident WHERE severity = $1 ORDER BY opened_at DESC", severity
            )
        else:
            rows = await connection.fetch("SELECT title FROM incident ORDER BY opened_at DESC")
    finally:
        await connection.close()
    return [row["title"] for row in rows]
