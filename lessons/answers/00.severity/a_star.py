# wrong: what was sent where nobody has chosen
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    if severity is None:
        severity = "*"
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity = $1 ORDER BY opened_at DESC", severity
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
