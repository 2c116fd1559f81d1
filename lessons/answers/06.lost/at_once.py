# right: both at once
import httpx


async def lost(client, rows):
    import asyncio
    answers = await asyncio.gather(*[client.post("/users", json={"email": "g@y"}) for _ in range(2)])
    return len([a for a in answers if a.status_code == 201]) - await rows("g@y")
