# wrong: which COMMIT can fail, where each of your posts has an email of its own?
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    missing = 0
    for _ in range(2):
        email = f"{uuid4().hex}@nightwatch.test"
        response = await client.post("/users", json={"email": email})
        if response.status_code == 201 and await rows(email) == 0:
            missing += 1
    return missing
