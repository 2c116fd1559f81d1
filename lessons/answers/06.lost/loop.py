# right: a loop that counts the 201s, and another email
from collections.abc import Awaitable, Callable

import httpx


async def lost(client: httpx.AsyncClient, rows: Callable[[str], Awaitable[int]]) -> int:
    """Post one new user twice to /users; return how many 201s have no row."""
    balance = 0
    for _ in range(2):
        answer = await client.post("/users", json={"email": "once-more@nightwatch.test"})
        if answer.status_code == httpx.codes.CREATED:
            balance += 1
    there = await rows("once-more@nightwatch.test")
    return balance - there
