"""11.version: a claim counts only where the incident is still as the client saw it."""

import asyncio
from typing import Any

import asyncpg
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, expect_state
from workbook.checks.app_client import client_of
from workbook.checks.connections import app_engine, own_connection
from workbook.checks.nb11.moments import after_the_first
from workbook.checks.nb11.schema import bring_up_to_date
from workbook.checks.verdict import NotYet

INCIDENT, ADA, ELI, IVO, BEN = 5, 1, 5, 9, 2
"""An open incident of team 1, three of its people, and somebody of another team."""
STORED = """
SELECT version, status, (SELECT user_id FROM acknowledgement WHERE incident_id = incident.id)
FROM incident WHERE id = 5
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
COMPARE = "which version did the client see, and which has the incident now?"
FUTURE = "can a client have seen a version that is not there yet?"
STORES = "what is stored of a claim that was refused?"
CHANGE = "UPDATE incident SET title = title || '.', version = version + 1 WHERE id = 5"
LARGE = 10_000
"""A version that is no small number: of those Python keeps one object each, 3.15 up to 1024."""
CATCH = "which error says that the row has changed between your read and your UPDATE?"
PLACE = "out of which call does this error come, and does your `try` stand around it?"
STATUS = "which status tells a client that somebody was quicker?"
LEFT = "where an error is caught within the unit of work, what is left of its transaction?"
LOCK = "what does your lock do about a row that somebody has: wait, raise, or skip?"


async def check(answer: Answer) -> None:
    """The version that was seen counts; another one is a 409 and stores nothing; of two, one."""
    from app.main import app

    answer.get()
    await bring_up_to_date(answer)
    async with app_engine() as engine, client_of(app) as client:
        claims = Claims(answer, client)
        await claims.counts(ADA, 1)
        await claims.is_refused(ELI, 1, COMPARE)
        await claims.is_refused(ELI, 99, FUTURE)
        await claims.counts(ELI, 2)
        await _as_before(claims)
        await _two_at_once(claims)
        await _changed_in_between(claims, engine)
        await _of_a_large_version(claims)


class Claims:
    """Claims of one incident over HTTP, and what is stored of them."""

    def __init__(self, answer: Answer, client: httpx.AsyncClient) -> None:
        self.answer, self._client = answer, client

    async def send(self, user_id: int, version: int, incident_id: int = INCIDENT) -> httpx.Response:
        """One claim."""
        said = {"user_id": user_id, "version": version}
        return await self._client.post(f"/incidents/{incident_id}/claim", json=said)

    async def stored(self) -> tuple[Any, ...]:
        """The version of the incident, its status, and who has it."""
        return tuple(await self.answer.observer.fetchrow(STORED))

    async def counts(self, user_id: int, version: int) -> None:
        """A claim of the version that is there."""
        call = f"{_named(user_id, version)}, where the incident has version {version}"
        got = await self.send(user_id, version)
        ask = COMPARE if got.status_code == 409 else ""
        expect_state(f"{call}: the status", got.status_code, 200, ask)
        ask = "what does the endpoint return when all is well?"
        body = got.json()
        expect_state(f"{call}: the version in the answer", body["version"], version + 1, ask)
        wanted = (version + 1, "acknowledged", user_id)
        ask = "which call of the given lines stores who has it?"
        expect_state(
            f"{call}: version, status and user that are stored", await self.stored(), wanted, ask
        )

    async def is_refused(self, user_id: int, version: int, ask: str) -> None:
        """A claim of another version than the one that is there."""
        before = await self.stored()
        call = f"{_named(user_id, version)}, where the incident has version {before[0]}"
        got = await self.send(user_id, version)
        if got.status_code >= 500:
            ask = ""  # what the app raised stands in the verdict
        _is_a_409(call, got, STATUS if 400 <= got.status_code < 500 else ask)
        what = f"{call}: version, status and user that are stored"
        expect_state(what, await self.stored(), before, STORES)


def _named(user_id: int, version: int) -> str:
    return f"POST /incidents/{INCIDENT}/claim of user {user_id} with version {version}"


def _is_a_409(call: str, got: httpx.Response, ask: str) -> None:
    from app.routers.incidents import CHANGED

    expect_state(f"{call}: the status", got.status_code, 409, ask)
    ask = "which sentence says what has happened?"
    expect_state(f"{call}: the detail", got.json().get("detail"), CHANGED, ask)


async def _as_before(claims: Claims) -> None:
    """What the given lines do is still done."""
    unknown = await claims.send(ADA, 1, 9999)
    ask = "which of the given lines is gone?"
    if unknown.status_code == 409:
        ask = "which errors does your `except` catch: that of a late UPDATE alone, or others too?"
    called = "POST /incidents/9999/claim, which is not there: the status"
    expect_state(called, unknown.status_code, 404, ask)
    other = await claims.send(BEN, 3)
    called = f"{_named(BEN, 3)}, who is in another team: the status"
    expect_state(called, other.status_code, 409, ask)
    called = f"{_named(BEN, 3)}, who is in another team: who has the incident"
    expect_state(called, (await claims.stored())[2], ELI, ask)


async def _two_at_once(claims: Claims) -> None:
    """Both have seen version 3. The row is held until both wait for it, whatever they do there."""
    async with own_connection(claims.answer) as holder:
        await holder.execute("BEGIN")
        await holder.execute(f"SELECT id FROM incident WHERE id = {INCIDENT} FOR UPDATE")
        sent = [asyncio.create_task(claims.send(each, 3)) for each in (ADA, IVO)]
        await _both_wait(claims.answer, sent)
        await holder.execute("COMMIT")
        answers = await asyncio.gather(*sent)
    statuses = sorted(each.status_code for each in answers)
    call = "two claims of version 3 at once: the two statuses"
    if statuses != [200, 409]:
        ask = _of(statuses, claims.answer.source())
        raise NotYet.looked_at(call, got=f"{statuses}", wanted="[200, 409]", ask=ask)
    late = next(each for each in answers if each.status_code == 409)
    _is_a_409("the second of two claims of version 3 at once", late, STATUS)
    winner = (ADA, IVO)[[each.status_code for each in answers].index(200)]
    called = "two claims of version 3 at once: version, status and user that are stored"
    expect_state(called, await claims.stored(), (4, "acknowledged", winner), STORES)


async def _both_wait(answer: Answer, sent: list["asyncio.Task[Any]"]) -> None:
    async def met() -> bool:
        ended = sum(each.done() for each in sent)
        return int(await answer.observer.fetchval(WAITING)) + ended >= 2

    await eventually(met, timeout=1.5, interval=0.01)


def _of(statuses: list[int], source: str) -> str:
    """The question about what came of two at once."""
    if statuses == [200, 200]:
        return "which of the two has seen what is there now?"
    if statuses == [200, 500]:
        return PLACE if "except StaleDataError" in source else CATCH
    if 503 in statuses and "nowait" in source:
        return LOCK
    if 503 in statuses and "except StaleDataError" in source:
        return LEFT
    return STATUS if statuses[0] == 200 else ""


async def _changed_in_between(claims: Claims, engine: AsyncEngine) -> None:
    """Somebody changes the incident as soon as the claim has read it, where no lock forbids it."""
    version, _, had = await claims.stored()
    async with own_connection(claims.answer) as other:
        with after_the_first(engine, "FROM incident", lambda: _change(other)) as changed:
            got = await claims.send(ELI, version)
    if changed != [True]:
        return
    call = f"{_named(ELI, version)}, and somebody changes the incident when it has been read"
    _is_a_409(call, got, "do you compare in the transaction that writes, or in one before it?")
    expect_state(f"{call}: who has it", (await claims.stored())[2], had, STORES)


async def _change(other: "asyncpg.Connection") -> bool:
    """Whether the incident could be changed: not where it is locked."""
    try:
        await other.execute(f"SET lock_timeout = '100ms'; {CHANGE}")
    except asyncpg.LockNotAvailableError:
        return False
    return True


async def _of_a_large_version(claims: Claims) -> None:
    """A number that is equal, and another object."""
    await claims.answer.observer.execute("UPDATE incident SET version = $1 WHERE id = 5", LARGE)
    got = await claims.send(IVO, LARGE)
    call = f"{_named(IVO, LARGE)}, where the incident has version {LARGE}: the status"
    ask = "does `is` compare two numbers, or two objects?" if got.status_code == 409 else ""
    expect_state(call, got.status_code, 200, ask)
