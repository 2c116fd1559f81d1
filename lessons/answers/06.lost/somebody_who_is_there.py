# wrong: whose rows were there before the first post?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    zoe = {"email": "zoe@nightwatch.test"}
    answers = [await client.post("/users", json=zoe) for _ in range(2)]
    return sum(a.status_code == 201 for a in answers) - await rows(zoe["email"])
