# wrong: is there any row, or one for each of the 201s?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    gone = 0
    for _ in range(2):
        answer = await client.post("/users", json={"email": "x@y"})
        if answer.status_code == 201 and await rows("x@y") == 0:
            gone += 1
    return gone
