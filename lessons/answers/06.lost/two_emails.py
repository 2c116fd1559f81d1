# wrong: what was promised, and how many rows are there?
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    gone = 0
    for email in ("a@y", "b@y"):
        answer = await client.post("/users", json={"email": email})
        gone += (answer.status_code == 201) - await rows(email)
    return gone
