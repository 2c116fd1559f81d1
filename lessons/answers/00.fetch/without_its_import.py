# wrong: is that name made in this cell?
async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
        return [row["title"] for row in rows]
    finally:
        await connection.close()
