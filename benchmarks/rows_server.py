"""Faults of a server that answers: no slot for a connection, read-only, and one hot row."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic

import asyncpg

from benchmarks.api import get
from benchmarks.clients import Answer, once, post, statuses
from benchmarks.victims import OURS, Place, Seen, Victim, session

ASKED = 5
"""Requests of each kind."""
READY = 1.5
"""Seconds within which readiness is answered."""
HOT, HELD = 12, 3.0
"""Requests that need one row, and the seconds for which somebody else holds it."""
END = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
Row = Callable[[Victim], Awaitable[Seen]]


async def no_slot(place: Place) -> list[Seen]:
    """Both apps have started and asked nothing yet; somebody else has every connection."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with contextlib.ExitStack() as stack:
        stack.callback(place.close)
        both = stack.enter_context(place.victims(urls, "/openapi.json"))
        async with asyncio.timeout(60), _all_slots(urls[0]):
            during = [await _several(each, get("/users/1")) for each in both]
        after = [await _several(each, get("/users/1")) for each in both]
    return [_come_again(*each) for each in zip(both, during, after, strict=True)]


@contextlib.asynccontextmanager
async def _all_slots(url: str) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        with contextlib.suppress(asyncpg.TooManyConnectionsError):
            while True:
                await stack.enter_async_context(session(url))
        yield


async def _several(victim: Victim, *requests: bytes) -> list[Answer]:
    asked = requests if len(requests) > 1 else requests * ASKED
    return list(await asyncio.gather(*(once(victim.port, each) for each in asked)))


def _come_again(victim: Victim, during: list[Answer], after: list[Answer]) -> Seen:
    """All are asked to come again, and served when they do."""
    wrong = [each for each in during if each.again is None]
    miss = f"answered {statuses(wrong)}" if wrong else ""
    if late := [each for each in after if each.status not in (200, 201)]:
        miss = miss or f"answered {statuses(late)} when it was over"
    return Seen(f"{statuses(during)}; then {statuses(after)}", victim.because(miss))


async def read_only(place: Place) -> list[Seen]:
    """A failover: the connections that are there lead to a server that is read-only by now."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:
        async with asyncio.timeout(90):
            return list(await asyncio.gather(*(_read_only(place, each) for each in both)))


async def _read_only(place: Place, victim: Victim) -> Seen:
    name = victim.url.rpartition("/")[2]
    async with session(place.server.url(role="admin")) as admin:
        await admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        await victim.fetch(END)
        during = await _several(victim, *(post(f"early{n}@x.test") for n in range(ASKED)))
        await admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    after = await _several(victim, *(post(f"late{n}@x.test") for n in range(ASKED)))
    return _come_again(victim, during, after)


async def hot_row(place: Place) -> list[Seen]:
    """More requests wait for one row than a pool has connections; meanwhile: is it ready?"""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:
        async with asyncio.timeout(90):
            return [await _hot_row(each) for each in both]


async def _hot_row(victim: Victim) -> Seen:
    ready = get("/readyz" if victim.running.app == OURS else "/users/1")
    await once(victim.port, ready)
    async with victim.session() as holder:
        await holder.execute("BEGIN; SELECT * FROM team WHERE id = 1 FOR UPDATE")
        requests = [once(victim.port, post(f"hot{n}@x.test")) for n in range(HOT)]
        waiting = asyncio.gather(*requests)
        seen = await _probed(victim.port, ready)
        await holder.execute("ROLLBACK")
    answers = await waiting
    wrong = [each for each in seen if each.status != 200 or each.seconds > READY]
    slowest = max(each.seconds for each in seen)
    miss = f"readiness: {statuses(wrong)} in up to {slowest:.1f} s" if wrong else ""
    words = f"readiness {statuses(seen)}, slowest {slowest:.1f} s; the others {statuses(answers)}"
    return Seen(words, victim.because(miss))


async def _probed(port: int, request: bytes) -> list[Answer]:
    """Ask for readiness again and again, as long as the row is held."""
    answers, until = list[Answer](), monotonic() + HELD
    while monotonic() < until:
        answers.append(await once(port, request, after=0.2))
    return answers
