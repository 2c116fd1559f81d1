# right: one statement, where `coalesce` puts the row's own severity in the place of NULL
import asyncpg


async def by_severity(url: str, severity: str | None) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity = coalesce($1, severity)"
            " ORDER BY opened_at DESC",
            severity,
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
