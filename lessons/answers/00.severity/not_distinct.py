# wrong: which severities are not distinct from NULL
import asyncpg


async def by_severity(url, severity):
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE severity IS NOT DISTINCT FROM $1 ORDER BY opened_at DESC",
            severity,
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
