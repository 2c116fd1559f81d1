# wrong: of which comparison is `%` a sign for any text: of `=`, or of LIKE?
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    """Return the titles of this severity, or of all where it is None; the newest first."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity = $1 ORDER BY opened_at DESC",
            severity or "%",
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
