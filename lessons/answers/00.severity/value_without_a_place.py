# wrong: a statement that has none gets no value
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    """Return the titles of this severity, or of all where it is None; the newest first."""
    connection = await asyncpg.connect(url)
    try:
        where = "WHERE severity = $1" if severity else ""
        rows = await connection.fetch(
            f"SELECT title FROM incident {where} ORDER BY opened_at DESC", severity
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
