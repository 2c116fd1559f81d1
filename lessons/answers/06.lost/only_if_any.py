# wrong: is there any row, or one for each of the 201s?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    answers = [await client.post("/users", json={"email": "x@y"}) for _ in range(2)]
    promised = any(each.status_code == 201 for each in answers)
    return int(promised and not await rows("x@y"))
