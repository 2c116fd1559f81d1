"""Faults under load: backends that end, and a server that is started again, once it has crashed."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from benchmarks.clients import Storm
from benchmarks.victims import Place, Seen, Victim
from workbook.postgres import Mode

CALM, AFTER = 1.0, 1.5
"""Seconds of load before a fault and after it."""
AWAY = {"fast": 0.5, "immediate": 1.5}
"""Seconds without a server, for each way to stop it; how long stopping and starting take is added.
"""
LONGER = 3.0
"""Seconds by which the slowest answer may outlast the fault."""
LIMIT = 90.0
"""Seconds after which a row is given up."""
EMAILS = "SELECT email FROM user_account WHERE email LIKE 'storm%'"
TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
RETYPE = "ALTER TABLE user_account ALTER COLUMN id TYPE {}"
Fault = Callable[[], Awaitable[object]]


async def terminated(place: Place) -> list[Seen]:
    """End every backend of both databases, three times."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:

        async def fault() -> None:
            for _ in range(3):
                await asyncio.gather(*(each.fetch(TERMINATE) for each in both))
                await asyncio.sleep(0.6)

        return await _weather(both, fault, lasting=0)


async def type_changed(place: Place) -> list[Seen]:
    """Give a column another type, whose reads were prepared before."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:

        async def fault() -> None:
            for kind in ("bigint", "int"):
                await asyncio.gather(*(each.fetch(RETYPE.format(kind)) for each in both))
                await asyncio.sleep(0.6)

        return await _weather(both, fault, lasting=0)


async def restarted_fast(place: Place) -> list[Seen]:
    """Stop the server as an administrator does, and start it again."""
    return await _restarted(place, "fast")


async def restarted_immediate(place: Place) -> list[Seen]:
    """Stop the server as a crash does, and start it again."""
    return await _restarted(place, "immediate")


async def _restarted(place: Place, mode: Mode) -> list[Seen]:
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:

        async def fault() -> None:
            await asyncio.to_thread(place.server.stop, mode)
            await asyncio.sleep(AWAY[mode])
            await asyncio.to_thread(place.server.start)

        return await _weather(both, fault)


async def _weather(both: list[Victim], fault: Fault, lasting: float | None = None) -> list[Seen]:
    """Load both apps before, during and after the fault; it lasts as long as it takes, or less."""
    over, storms = asyncio.Event(), [Storm(each.port) for each in both]
    async with asyncio.timeout(LIMIT), asyncio.TaskGroup() as group:
        for each in storms:
            group.create_task(each.run(over))
        await asyncio.sleep(CALM)
        began = monotonic()
        await fault()
        lasting = monotonic() - began if lasting is None else lasting
        await asyncio.sleep(AFTER)
        over.set()
    seen = zip(both, storms, strict=True)
    return [await _judged(victim, storm, lasting) for victim, storm in seen]


async def _judged(victim: Victim, storm: Storm, lasting: float) -> Seen:
    """Compare what was promised with what is there."""
    tally, kept = storm.tally, set(await victim.fetch(EMAILS))
    lost = len(tally.stored - kept)
    words = f"{tally.words()}; {lost} of {len(tally.stored)} rows lost"
    words += f"; away {lasting:.1f} s" if lasting else ""
    miss = "requests failed" if tally.failures else "acknowledged rows are lost" if lost else ""
    if tally.slowest > lasting + LONGER:
        over = tally.slowest - lasting
        miss = miss or f"an answer outlasted the fault by {over:.1f} s, limit {LONGER:.0f} s"
    return Seen(words, victim.because(miss))
