# right: `create_pool`, of a later block, opens the connection and closes it, and Python sorts the rows
import asyncpg


async def open_incidents(url):
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        rows = await pool.fetch("SELECT * FROM incident WHERE status = $1", "open")
    rows.sort(key=lambda row: row["opened_at"], reverse=True)
    return [row[2] for row in rows]
