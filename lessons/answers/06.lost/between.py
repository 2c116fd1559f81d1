# wrong: how many rows are there after both?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    first = await client.post("/users", json={"email": "x@y"})
    there = await rows("x@y")
    second = await client.post("/users", json={"email": "x@y"})
    return sum(each.status_code == 201 for each in (first, second)) - there
