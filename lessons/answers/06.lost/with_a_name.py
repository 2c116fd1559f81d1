# wrong: why does the app refuse what was sent?
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    email = f"{uuid4()}@x.test"
    promised = 0
    for _ in range(2):
        response = await client.post("/users", json={"email": email, "name": "Zoë"})
        promised += response.status_code == 201
    return promised - await rows(email)
