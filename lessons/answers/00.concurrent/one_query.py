# wrong: there is no '%o%' in what it returned
import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT status, count(*) FROM incident GROUP BY status")
    finally:
        await connection.close()
    return {row["status"]: row["count"] for row in rows if row["status"] in statuses}
