# wrong: which incidents does the list want when a severity is named?
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity LIKE $1 ORDER BY opened_at DESC",
            "%" if severity is None else severity,
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
