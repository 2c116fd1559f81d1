# wrong: how often did you post that user?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    answer = await client.post("/users", json={"email": "x@y"})
    return (answer.status_code == 201) - await rows("x@y")
