# right: both posts are sent at once, as two impatient clients do; which of them has the row is not known then, and need not be
import httpx


async def lost(client, rows):
    import asyncio
    answers = await asyncio.gather(*[client.post("/users", json={"email": "g@y"}) for _ in range(2)])
    return len([a for a in answers if a.status_code == 201]) - await rows("g@y")
