# wrong: are two spellings one severity, and which line makes one of them?
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        if severity is None:
            rows = await connection.fetch("SELECT title FROM incident ORDER BY opened_at DESC")
        else:
            rows = await connection.fetch("SELECT title FROM incident WHERE severity = $1 ORDER BY opened_at DESC", severity.strip())
    finally:
        await connection.close()
    return [row["title"] for row in rows]
