# wrong: while this line ran
import asyncpg, time
async def open_incidents(url):
    while True:
        pass
