"""Faults under load: what breaks, and whether a client would notice."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from workbook.checks import busy
from workbook.judge.client import Answer, statuses
from workbook.judge.contract import Write
from workbook.judge.finding import Finding
from workbook.judge.place import Place, Service
from workbook.judge.storm import Storm
from workbook.judge.writes import TABLES

CALM, AWAY, HELD = 0.7, 2.5, 2.5
"""Seconds of load before and after a fault, without a server, and with every table locked."""
LONGER, REFUSED, QUICK, BACK = 4.0, 8.0, 1.0, 5.0
"""Seconds by which an answer may outlast the fault; until a refusal; until an answer that needs no
table; and until the first 200 after the server is back."""
FLOOD = 30
TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
USUAL = ("health", "livez", "readyz", "openapi.json", "docs")
Break = Callable[[Service], Awaitable[None]]


async def terminated(place: Place) -> Finding:
    """Every backend is ended, three times, while clients write and read."""

    async def breaks(service: Service) -> None:
        async with place.admin(service.database) as admin:
            for _ in range(3):
                await admin.execute(TERMINATE)
                await asyncio.sleep(0.5)

    return await _weather(place, breaks, 0)


async def crashed(place: Place) -> Finding:
    """The server is restarted as by a crash, while clients write and read."""

    async def breaks(_: Service) -> None:
        await asyncio.to_thread(place.server.restart, "immediate")

    return await _weather(place, breaks, None)


async def _weather(place: Place, breaks: Break, lasting: float | None) -> Finding:
    """Load before, during and after the fault; what was promised against what is there."""
    async with place.service() as service:
        storm, over = Storm(service, place.contract.write, await readable(service)), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(storm.run(over))
            await asyncio.sleep(CALM)
            began = monotonic()
            await breaks(service)
            lasting = monotonic() - began if lasting is None else lasting
            await asyncio.sleep(CALM)
            over.set()
        return _counted(storm, await storm.lost(), lasting, service.log())


def _counted(storm: Storm, lost: int, lasting: float, log: str) -> Finding:
    seen = f"{storm.words()}; {lost} of ≈ {len(storm.stored)} rows lost"
    if lost:
        return Finding(seen, "Answer after the COMMIT, and repeat no COMMIT blindly (10.survive).")
    if storm.failed:
        wrong = statuses(storm.failed)
        ask = "Do the unit of work again, or say 503 with Retry-After (10.survive)."
        return Finding(seen, f"{wrong} is no use to a client. {ask} Log: {log}")
    if storm.slowest > lasting + busy.stretched(LONGER):
        return Finding(f"{seen}; slowest {storm.slowest:.1f} s", "Give every wait an end (10).")
    return Finding(seen)


async def readable(service: Service) -> str:
    """The first path of its OpenAPI that answers 200 to a GET and asks the database, we suppose."""
    described = (await service.client.get("/openapi.json")).json()
    for path, operations in described.get("paths", {}).items():
        plain = "get" in operations and "{" not in path
        health = any(word in path for word in USUAL)
        if plain and not health and (await service.client.get(path)).ok:
            return str(path)
    return "/openapi.json"


async def away(place: Place) -> Finding:
    """The database is away for some seconds: it lives, is not ready, refuses soon, comes back."""
    async with place.service() as service:
        path = await readable(service)
        await asyncio.to_thread(place.server.stop)
        try:
            names = (place.contract.live, place.contract.ready, path, path)
            asked = asyncio.gather(*(service.client.get(each) for each in names))
            await asyncio.sleep(AWAY)
        finally:
            await asyncio.to_thread(place.server.start)
        during = await asked
        first = await _first(service, path)
        return _back(place, during, first, service.log())


async def _first(service: Service, path: str) -> Answer:
    """The first 200, or the last answer after BACK seconds."""
    found: list[Answer] = []

    async def served() -> bool:
        found.append(await service.client.get(path))
        return found[-1].ok

    await busy.eventually(served, BACK, 0.2)
    return found[-1]


def _back(place: Place, during: list[Answer], first: Answer, log: str) -> Finding:
    live, ready, *reads = during
    words = f"{place.contract.live} {live.words}, {place.contract.ready} {ready.status}"
    seen = f"{words}; reads {statuses(reads)}; then {first.words}"
    if not live.ok:
        return Finding(
            seen, "A process that lives says so, whatever the database does (05.health)."
        )
    if ready.status != 503:
        return Finding(seen, "Say 503 while the database cannot be asked (05.health).")
    if wrong := [each for each in reads if not each.ok and each.again is None]:
        return Finding(seen, f"{statuses(wrong)}: say 503 with Retry-After (10). Log: {log}")
    if not first.ok:
        return Finding(seen, f"It does not come back by itself. Log: {log}")
    return Finding(seen)


async def locked(place: Place) -> Finding:
    """Every table is locked, and thirty requests come: each is served or asked to come again."""
    async with place.service() as service:
        path = await readable(service)
        async with place.admin(service.database) as admin:
            tables = ", ".join(row[0] for row in await admin.fetch(TABLES))
            await admin.execute(f"BEGIN; LOCK TABLE {tables}")
            flood = [asyncio.create_task(service.client.get(path)) for _ in range(FLOOD)]
            await asyncio.sleep(0.3)
            quick = await service.client.get(place.contract.live)
            await asyncio.sleep(HELD)
            await admin.execute("ROLLBACK")
            answers = await asyncio.gather(*flood)
        return _flooded(place, answers, quick, service.log())


def _flooded(place: Place, answers: list[Answer], quick: Answer, log: str) -> Finding:
    slowest = max(each.seconds for each in answers)
    seen = f"{statuses(answers)}, slowest {slowest:.1f} s; {place.contract.live} {quick.words}"
    if not quick.ok or quick.seconds > busy.stretched(QUICK):
        ask = "What keeps the loop, or the pool, from an answer that needs no table? (10)"
        return Finding(f"{seen} after {quick.seconds:.1f} s", ask)
    if wrong := [each for each in answers if not each.ok and each.again is None]:
        return Finding(seen, f"{statuses(wrong)}: say 503 with Retry-After (10). Log: {log}")
    return Finding(
        seen, "Give every wait an end (10)." if slowest > busy.stretched(REFUSED) else ""
    )


async def told_to_end(place: Place) -> Finding:
    """SIGTERM with a request in flight: that is answered, and the process is out in ten seconds."""
    async with place.service() as service:
        path = await readable(service)
        async with place.admin(service.database) as admin:
            tables = ", ".join(row[0] for row in await admin.fetch(TABLES))
            await admin.execute(f"BEGIN; LOCK TABLE {tables}")
            flying = asyncio.create_task(service.client.get(path))
            await asyncio.sleep(0.5)
            began = monotonic()
            ending = asyncio.create_task(service.process.stop("SIGTERM", 10))
            await asyncio.sleep(0.5)
            await admin.execute("ROLLBACK")
            answer, code = await flying, await ending
        seen = f"the request: {answer.words}; out after {monotonic() - began:.0f} s with {code}"
        killed = code == 128 + 9
        ask = "Who hears SIGTERM, and what does it wait for? (09)"
        return Finding(seen, ask if killed or not (answer.ok or answer.again) else "")


def writing(
    row: Callable[[Place, Write], Awaitable[Finding]],
) -> Callable[[Place], Awaitable[Finding]]:
    """A row that needs to know how something is stored; without it, it says what to say."""

    async def run(place: Place) -> Finding:
        if (write := place.contract.write) is None:
            ask = "Say in judge.toml, under [write], how a row is stored and where it is read."
            return Finding("nothing says how to write", ask, asked=False)
        return await row(place, write)

    return run
