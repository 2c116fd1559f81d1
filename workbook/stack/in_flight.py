"""A request in flight: one that is still being sent when its server is told to stop."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine

import httpx

from workbook.base.waiting import eventually

SECONDS = 20.0
LONGEST_STOP = 60.0
"""Seconds until a server that hears no signal is killed, and more."""


async def stop_during_request(
    client: httpx.AsyncClient,
    path: str,
    body: dict[str, object],
    stop: Callable[[], Coroutine[None, None, None]],
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
        async with asyncio.timeout(SECONDS):
            await others_refused.wait()
        yield text[5:]

    request = asyncio.create_task(_send(client, path, halves()))
    if not await _begun(half_sent, request):
        await stop()
        return await request
    await asyncio.sleep(0.2)  # the server has read the first half
    stopping = asyncio.create_task(stop())
    await _until_refused(str(client.base_url), stopping)
    others_refused.set()
    outcome = await request
    await stopping
    return outcome


async def _begun(half_sent: asyncio.Event, request: asyncio.Task[str]) -> bool:
    """Wait until half of it is sent; False where it ended before, as nobody listens."""

    async def moved() -> bool:
        return half_sent.is_set() or request.done()

    return await eventually(moved, SECONDS) and half_sent.is_set()


async def _send(client: httpx.AsyncClient, path: str, body: AsyncIterator[bytes]) -> str:
    headers = {"content-type": "application/json"}
    try:
        answer = await client.post(path, content=body, headers=headers)
    except httpx.HTTPError:
        return "cut off: no answer"
    return f"answered: {answer.status_code}"


async def _until_refused(address: str, stopping: asyncio.Task[None]) -> None:
    """Wait until the server takes no new client, or is gone."""

    async def refuses() -> bool:
        try:
            await other.get("/livez", headers={"connection": "close"})
        except httpx.HTTPError:
            return True
        return stopping.done()

    async with httpx.AsyncClient(base_url=address, timeout=1, trust_env=False) as other:
        await eventually(refuses, LONGEST_STOP, interval=0.05)
