# wrong: does it give back what an earlier call was told?
import asyncpg

TITLES = {}


async def open_incidents(url):
    if url not in TITLES:
        connection = await asyncpg.connect(url)
        try:
            rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
            TITLES[url] = [row["title"] for row in rows]
        finally:
            await connection.close()
    return TITLES[url]
