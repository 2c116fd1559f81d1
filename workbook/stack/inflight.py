"""A request that is still being sent when its server is told to stop."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine

import httpx

SECONDS = 20.0


async def stopped(
    client: httpx.AsyncClient, path: str, body: dict[str, object], stop: Coroutine[None, None, None]
) -> str:
    """Send half of a body, stop the server, send the rest once it takes nobody else; the outcome.

    A server that heard the signal refuses new clients and finishes what it has. One that did not
    goes on until it is killed.
    """
    half_sent, others_refused = asyncio.Event(), asyncio.Event()

    async def halves() -> AsyncIterator[bytes]:
        text = json.dumps(body).encode()
        yield text[:5]
        half_sent.set()
        await asyncio.wait_for(others_refused.wait(), SECONDS)
        yield text[5:]

    request = asyncio.create_task(_send(client, path, halves()))
    await asyncio.wait_for(half_sent.wait(), SECONDS)
    await asyncio.sleep(0.2)  # the server has read the first half
    stopping = asyncio.create_task(stop)
    await _refuses(str(client.base_url), stopping)
    others_refused.set()
    outcome = await request
    await stopping
    return outcome


async def _send(client: httpx.AsyncClient, path: str, body: AsyncIterator[bytes]) -> str:
    headers = {"content-type": "application/json"}
    try:
        answer = await client.post(path, content=body, headers=headers)
    except httpx.HTTPError:
        return "cut off: no answer"
    return f"answered: {answer.status_code}"


async def _refuses(address: str, stopping: asyncio.Task[None]) -> None:
    """Wait until the server takes no new client, or is gone."""
    async with httpx.AsyncClient(base_url=address, timeout=1) as other:
        while not stopping.done():
            try:
                await other.get("/livez", headers={"connection": "close"})
            except httpx.HTTPError:
                return
            await asyncio.sleep(0.05)
