# wrong: is it an error of your test, or an answer?
from collections.abc import Awaitable, Callable

import httpx
from uuid import uuid4


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    email = f"{uuid4().hex}@nightwatch.test"
    new = {"email": email}
    promised = 0
    for _ in range(2):
        answer = await client.post("/users", json=new)
        answer.raise_for_status()
        promised += 1
    return promised - await rows(email)
