# right: a row that nobody was promised is no loss, so the number never falls below 0
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    answers = [await client.post("/users", json={"email": "x@y"}) for _ in range(2)]
    promised = sum(each.status_code == 201 for each in answers)
    return max(promised - await rows("x@y"), 0)
