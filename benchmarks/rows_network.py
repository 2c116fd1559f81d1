"""Faults of the network between an app and its database: no answer to a COMMIT, and silence."""

import asyncio
import contextlib
import importlib.util
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from time import monotonic
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from benchmarks import apps
from benchmarks.api import get
from benchmarks.clients import Answer, insist, once, post, statuses
from benchmarks.victims import USER, Place, Seen, Victim

COMMITS, READS, WARM = 4, 8, 5
"""Requests whose COMMIT gets no answer; requests after the silence; those that fill a pool before.
"""
CUT, SILENT, AGAIN = 3.0, 6.0, 10.0
"""Seconds until an answer where a connection breaks; where it is silent, which takes four to see;
and until the last one, where clients are asked to come again.
"""
STORED = "SELECT email FROM user_account WHERE email LIKE 'unknown%'"


def _module() -> ModuleType:
    """The relay of the reference app's own tests."""
    spec = importlib.util.spec_from_file_location("relay", apps.REFERENCE / "tests" / "relay.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _relay(url: str) -> Iterator[tuple[Any, str]]:
    """A relay in a thread of its own, which passes on while an app starts; and the URL by it."""
    parts, ready, found = urlsplit(url), threading.Event(), dict[str, Any]()

    async def serve() -> None:
        found["loop"], over = asyncio.get_running_loop(), asyncio.Event()
        async with _module().Relay(parts.hostname, parts.port) as found["relay"]:
            found["end"] = over.set
            ready.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    user = parts.netloc.rpartition("@")[0]
    way = parts._replace(netloc=f"{user}@127.0.0.1:{found['relay'].port}").geturl()
    try:
        yield found["relay"], way
    finally:
        found["loop"].call_soon_threadsafe(found["end"])
        thread.join(10)


async def _both(place: Place, row: Callable[[Victim, Any], Awaitable[Seen]]) -> list[Seen]:
    """Both apps start anew, each behind a relay of its own, and end afterwards."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with contextlib.ExitStack() as stack:
        relays, ways = zip(*[stack.enter_context(_relay(each)) for each in urls], strict=True)
        stack.callback(place.close)
        both = stack.enter_context(place.victims(list(ways), USER))
        rows = zip(both, urls, relays, strict=True)
        async with asyncio.timeout(90):
            return list(await asyncio.gather(*(row(replace(v, url=u), r) for v, u, r in rows)))


async def commit_cut(place: Place) -> list[Seen]:
    """COMMIT is done, and the connection breaks before its answer."""
    return await _both(place, lambda victim, relay: _commit(victim, relay, "cut", CUT))


async def commit_stalled(place: Place) -> list[Seen]:
    """COMMIT is done, and its answer never comes."""
    return await _both(place, lambda victim, relay: _commit(victim, relay, "stall", SILENT))


async def _commit(victim: Victim, relay: Any, how: str, limit: float) -> Seen:
    relay.at_commit = how
    emails = [f"unknown{number}@x.test" for number in range(COMMITS)]
    answers = await asyncio.gather(*(once(victim.port, post(each)) for each in emails))
    stored = len(await victim.fetch(STORED))
    slowest = max(each.seconds for each in answers)
    words = f"{statuses(answers)}, slowest {slowest:.1f} s; {stored} of {COMMITS} rows are there"
    return Seen(words, _unknown(answers, stored) or _late(slowest, limit))


def _late(slowest: float, limit: float) -> str:
    return f"an answer took {slowest:.1f} s, limit {limit:.0f} s" if slowest > limit else ""


def _unknown(answers: list[Answer], stored: int) -> str:
    """How the answers do not say what is so: it may count, and nobody may send it blindly again."""
    if any(not each.unknown or each.again is not None for each in answers):
        return f"answered {statuses(answers)}"
    if stored != COMMITS:
        return f"{stored} of {COMMITS} rows are there"
    return ""


async def silent(place: Place) -> list[Seen]:
    """A firewall forgets the connections of a warm pool; new ones work."""
    return await _both(place, _silent)


async def _silent(victim: Victim, relay: Any) -> Seen:
    await asyncio.gather(*(once(victim.port, get("/users/1")) for _ in range(2 * WARM)))
    relay.fall_silent()
    began = monotonic()
    tried = await asyncio.gather(*(insist(victim.port, get("/users/1")) for _ in range(READS)))
    answers, last = [each for one in tried for each in one], monotonic() - began
    slowest = max(each.seconds for each in answers)
    wrong = [each for each in answers if each.failed] + [one[-1] for one in tried if one[-1].again]
    miss = f"answered {statuses(wrong)}" if wrong else ""
    words = f"{statuses(answers)}, slowest {slowest:.1f} s; all have theirs after {last:.1f} s"
    return Seen(words, victim.because(miss or _late(slowest, SILENT) or _late(last, AGAIN)))
