# wrong: which status promises a new row?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    answers = [await client.post("/users", json={"email": "x@y"}) for _ in range(2)]
    return sum(each.is_success for each in answers) - await rows("x@y")
