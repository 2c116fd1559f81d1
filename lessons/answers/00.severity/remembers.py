# wrong: does it give back what an earlier call was told?
import asyncpg

TITLES = {}


async def by_severity(url, severity):
    if severity not in TITLES:
        connection = await asyncpg.connect(url)
        try:
            where, values = ("", []) if severity is None else ("WHERE severity = $1", [severity])
            rows = await connection.fetch(f"SELECT title FROM incident {where} ORDER BY opened_at DESC", *values)
            TITLES[severity] = [row["title"] for row in rows]
        finally:
            await connection.close()
    return TITLES[severity]
