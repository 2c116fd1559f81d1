# right: it looks for one more row after each post, so it can tell which of the promises was broken
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    gone = 0
    for _ in range(2):
        before = await rows("x@y")
        answer = await client.post("/users", json={"email": "x@y"})
        if answer.status_code == 201:
            gone += before + 1 - await rows("x@y")
    return gone
