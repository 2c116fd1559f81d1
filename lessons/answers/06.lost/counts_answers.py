# wrong: what is promised by an error?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    for _ in range(2):
        await client.post("/users", json={"email": "x@y"})
    return 2 - await rows("x@y")
