"""Faults that need few requests: a COMMIT that fails or takes long, one email, locks, an end."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic

from benchmarks.api import get
from benchmarks.clients import Answer, Client, Tally, once, post, statuses
from benchmarks.load import Failure
from benchmarks.victims import OURS, Place, Seen, Victim, until

DEFERRED = """
    ALTER TABLE user_account DROP CONSTRAINT uq_user_account_team_id_email,
    ADD CONSTRAINT uq_user_account_team_id_email UNIQUE (team_id, email)
    DEFERRABLE INITIALLY DEFERRED
"""
SLEEP = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep({}); RETURN NEW; END $$;
"""
AT_COMMIT = """
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON user_account
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()
"""
AT_ONCE = "CREATE TRIGGER slow BEFORE INSERT ON user_account FOR EACH ROW EXECUTE FUNCTION slow()"
ASLEEP = """
    SELECT pid FROM pg_stat_activity
    WHERE wait_event = 'PgSleep' AND datname = current_database()
"""
END = f"SELECT pg_terminate_backend(pid) FROM ({ASLEEP}) AS sleeping"
COUNT = "SELECT count(*) FROM user_account"
FLOOD, HOLD = 100, 3.0
"""So many requests come within a second, and for so many seconds they cannot be served."""
REFUSED, CALM = 2.5, 250
"""Seconds that a request to come again may take; the p99 of an endpoint without a query, in ms."""
LONGEST = 10.0
"""Seconds between SIGTERM and SIGKILL, as in Docker."""
AWAY, BACK = 6.0, 3.0
"""Seconds without a server, and seconds after which the first answer must be there."""
Row = Callable[[Victim], Awaitable[Seen]]


async def _both(place: Place, row: Row) -> list[Seen]:
    """One app after the other, each on a fresh database."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:
        async with asyncio.timeout(90):
            return [await row(each) for each in both]


async def commit_fails(place: Place) -> list[Seen]:
    """A unique constraint that is checked at COMMIT, and 20 requests that break it."""
    return await _both(place, _commit_fails)


async def _commit_fails(victim: Victim) -> Seen:
    await victim.fetch(DEFERRED)
    before = (await victim.fetch(COUNT))[0]
    taken = post("person1@x.test")
    answers = [await once(victim.port, taken) for _ in range(20)]
    new = (await victim.fetch(COUNT))[0] - before
    wrong = [each for each in answers if each.status != 409]
    miss = f"answered {statuses(wrong)}" if wrong else ""
    return Seen(f"{statuses(answers)}; {new} rows", miss)


async def read_own_write(place: Place) -> list[Seen]:
    """A COMMIT of 10 ms, and a GET on another connection right after each 201."""
    return await _both(place, _read_own_write)


async def _read_own_write(victim: Victim) -> Seen:
    await victim.fetch(SLEEP.format(0.01) + AT_COMMIT)
    some = await asyncio.gather(*(_write_then_read(victim.port, n) for n in range(4)))
    answers = [each for seen in some for each in seen]
    wrong = [each for each in answers if each.status != 200]
    return Seen(statuses(answers), f"answered {statuses(wrong)}" if wrong else "")


async def _write_then_read(port: int, number: int) -> list[Answer]:
    writer, reader, answers = Client(port), Client(port), []
    for count in range(25):
        added = await writer.ask(post(f"own{number}.{count}@x.test"))
        if added.status != 201:
            answers.append(added)
            continue
        user = int(added.body.partition(b'"id":')[2].partition(b",")[0])
        answers.append(await reader.ask(get(f"/users/{user}")))
    writer.close()
    reader.close()
    return answers


async def one_email(place: Place) -> list[Seen]:
    """20 simultaneous POSTs of one email, 5 times."""
    return await _both(place, _one_email)


async def _one_email(victim: Victim) -> Seen:
    answers = []
    for number in range(5):
        request = post(f"same{number}@x.test")
        answers += await asyncio.gather(*(once(victim.port, request) for _ in range(20)))
    counts = [sum(each.status == status for each in answers) for status in (201, 409)]
    return Seen(statuses(answers), "" if counts == [5, 95] else "not 5 × 201 and 95 × 409")


async def flood(place: Place) -> list[Seen]:
    """100 requests of up to 3 s, and meanwhile an endpoint that asks the database nothing."""
    return await _both(place, _flood)


async def _flood(victim: Victim) -> Seen:
    quiet = get("/livez" if victim.running.app == OURS else "/openapi.json")
    await once(victim.port, quiet)
    async with victim.session() as holder:
        await holder.execute("BEGIN; LOCK TABLE user_account")
        requests = [post(f"flood{n}@x.test") if n % 2 else get("/users/1") for n in range(FLOOD)]
        asked = (once(victim.port, each, n / FLOOD) for n, each in enumerate(requests))
        flooding = asyncio.gather(*asked)
        watching = asyncio.create_task(_watch(victim.port, quiet, flooding))
        await asyncio.sleep(HOLD)
        await holder.execute("ROLLBACK")
        seen = _flooded(await flooding, await watching)
        return replace(seen, miss=victim.because(seen.miss))


async def _watch(port: int, request: bytes, until: "asyncio.Future[list[Answer]]") -> list[Answer]:
    client, answers = Client(port), []
    while not until.done():
        answers.append(await client.ask(request))
        await asyncio.sleep(0.02)
    client.close()
    return answers


def _flooded(answers: list[Answer], quiet: list[Answer]) -> Seen:
    refused = max((each.seconds for each in answers if each.again is not None), default=0)
    slowest = max(each.seconds for each in answers)
    p99 = 1000 * statistics.quantiles((each.seconds for each in quiet), n=100)[98]
    miss = "requests failed" if any(each.failed for each in (*answers, *quiet)) else ""
    if refused > REFUSED:
        miss = miss or f"a 503 took {refused:.2f} s, limit {REFUSED} s"
    if p99 > CALM:
        miss = miss or f"the other endpoint's p99 is {p99:.0f} ms, limit {CALM} ms"
    words = f"{statuses(answers)}; slowest {slowest:.1f} s, slowest 503 {refused:.1f} s"
    return Seen(f"{words}; the other endpoint's p99 {p99:.0f} ms", miss)


async def told_to_end(place: Place) -> list[Seen]:
    """SIGTERM while an INSERT takes 40 s."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    with place.victims(urls) as both:
        async with asyncio.timeout(60):
            return list(await asyncio.gather(*(_told_to_end(each) for each in both)))


async def _told_to_end(victim: Victim) -> Seen:
    await victim.fetch(SLEEP.format(40) + AT_ONCE)
    waiting = asyncio.create_task(once(victim.port, post("long@x.test")))

    async def asleep() -> bool:
        return bool(await victim.fetch(ASLEEP))

    async def ended() -> bool:
        return victim.running.process.poll() is not None

    if not await until(asleep, 10):
        raise Failure(f"{victim.running.app.name}: the long query did not begin")
    began = monotonic()
    victim.running.process.terminate()
    gone = await until(ended, LONGEST)
    seconds = monotonic() - began
    if not gone:
        victim.running.process.kill()
    answer = (await waiting).words
    await victim.fetch(END)
    if gone:
        return Seen(f"out in {seconds:.1f} s; its client got {answer}")
    return Seen(
        f"still there at {LONGEST:.0f} s: SIGKILL; its client got {answer}",
        f"still there, limit {LONGEST:.0f} s",
    )


async def away_at_start(place: Place) -> list[Seen]:
    """The apps start, and the server some seconds later; clients insist all the while."""
    urls = [await place.filled(name) for name in ("recipe", "ours")]
    place.server.stop()
    with place.victims(urls, "/openapi.json") as both:
        async with asyncio.timeout(90):
            asking = [asyncio.create_task(_until_served(each)) for each in both]
            await asyncio.sleep(AWAY)
            await asyncio.to_thread(place.server.start)
            there = monotonic()
            seen = [_first(await each, there) for each in asking]
            pairs = zip(both, seen, strict=True)
            return [replace(each, miss=victim.because(each.miss)) for victim, each in pairs]


async def _until_served(victim: Victim) -> tuple[Tally, float]:
    """Ask four times a second, or when told to, until somebody is shown; return when that was."""
    tally, client, deadline = Tally(), Client(victim.port), monotonic() + 40
    while monotonic() < deadline:
        answer = await client.ask(get("/users/1"))
        tally.add(answer)
        if answer.status == 200:
            break
        await asyncio.sleep(answer.again or 0.25)
    client.close()
    return tally, monotonic()


def _first(seen: tuple[Tally, float], there: float) -> Seen:
    tally, served = seen
    late = max(0, served - there)
    miss = "requests failed" if tally.failures else ""
    if late > BACK:
        miss = miss or f"the first answer came {late:.1f} s after the server, limit {BACK:.0f} s"
    return Seen(f"{tally.words()}; first 200 {late:.1f} s after the server", miss)
