# wrong: while this line ran
import asyncpg, asyncio
async def open_incidents(url):
    await asyncio.Event().wait()
