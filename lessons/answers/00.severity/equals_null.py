# wrong: is anything equal to NULL, even NULL itself
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity = $1 OR $1 = NULL ORDER BY opened_at DESC", severity
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
