# wrong: which of the 201s has a row
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    answers = [await client.post("/users", json={"email": "x@y"}) for _ in range(2)]
    return sum(each.status_code != 201 for each in answers)
