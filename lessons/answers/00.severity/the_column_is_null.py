# wrong: which of the two is NULL where nobody has chosen: the column, or what was passed?
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    """Return the titles of this severity, or of all where it is None; the newest first."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity = $1 OR (severity IS NULL AND $1::text IS NULL)"
            " ORDER BY opened_at DESC",
            severity,
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
