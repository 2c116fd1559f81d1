"""What asks an app whether it is alive and ready, and says what lies behind a wrong answer."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from fastapi.exceptions import ResponseValidationError
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.base.causes import causes
from workbook.checks import busy, crashes
from workbook.checks.answer import Answer
from workbook.checks.app_client import client_of
from workbook.checks.nb05.bounds import recorded_bounds, told
from workbook.checks.nb05.crashes import Behind, status_or_crash
from workbook.checks.verdict import NotYet

UNFIT = ResponseValidationError
"""What FastAPI raises of a value that an endpoint should not have returned."""
_own_timeout = asyncio.timeout
"""Not what is put in its place, to see how long the answer is willing to wait."""


@dataclass
class Probe:
    """Asks the answer's app."""

    client: httpx.AsyncClient
    behind: Behind
    bounds: list[float]
    """For how many seconds the answer was willing to wait, each time it said so."""
    failures: list[BaseException]
    """What went wrong between its engine and the database."""
    workspace: str
    body: str = ""
    """What /readyz said last."""

    async def status(self, path: str, what: str) -> int | str:
        """The status, in bounded time; of a crash its kind too."""
        call = f"GET {path}, with {what}"
        try:
            async with _own_timeout(4):
                got = await self.client.get(path)
        except TimeoutError:
            late, wanted = "no answer within 4 seconds", "one within a second"
            found = NotYet(call, got=late, wanted=wanted, ask=self.about_time())
            raise busy.by_the_clock(found) from None
        if got.status_code == 404:
            ask = "at which path does your router answer that question?"
            raise NotYet(call, got="it answered 404", wanted="an answer", ask=ask)
        if f":{urlsplit(os.environ['DATABASE_URL']).password}@" in got.text:
            said, wanted = "it shows the password", "your own words"
            raise NotYet(call, got=said, wanted=wanted, ask="who may read that?")
        self.body = got.text
        return status_or_crash(got)

    def forget(self) -> None:
        """Nothing that was seen so far belongs to what is asked next."""
        self.behind.error = None
        self.bounds.clear()
        self.failures.clear()

    async def is_alive(self, what: str) -> None:
        """Pass when /livez says so."""
        if (got := await self.status("/livez", what)) != 200:
            ask = "which of the two may depend on the database?" if self.failures else ""
            raise NotYet(f"GET /livez, with {what}", got=self.said(got), wanted="200", ask=ask)

    async def is_ready(self, what: str, wanted: int) -> None:
        """Pass when /livez says alive, and /readyz has the wanted status."""
        await self.is_alive(what)
        self.forget()
        if (got := await self.status("/readyz", what)) != wanted:
            call, ask = f"GET /readyz, with {what}", self.about_status(got, wanted)
            raise NotYet(call, got=self.said(got), wanted=str(wanted), ask=ask)

    def said(self, status: object) -> str:
        """The answer, and the error behind it."""
        crashed = isinstance(status, str) and not isinstance(self.behind.error, UNFIT)
        told_more = "" if crashed else self.behind.told(self.workspace)
        body = f", with {self.body}" if status == 200 and self.failures else ""
        return f"it answered {status}{body}{told_more}"

    def about_status(self, got: object, wanted: int) -> str:
        """The question that belongs to a wrong status of /readyz."""
        if wanted == 200:
            return self._about_no_reason()
        if got == 200:
            ask = "what becomes of the error that Postgres caused, and which status goes out?"
            return ask if self.failures else "whom did /readyz ask, and what did it hear?"
        if self.body.startswith("{"):
            return "which status keeps traffic away until Postgres is back?"
        if _is_no_status(crashes.error()):
            return "in which order does `HTTPException` take the status and the detail?"
        if isinstance(self.behind.error, UNFIT):
            return "how does an endpoint answer with a status that is no success?"
        caused = any(self.behind.error is each for each in self.failures)
        caused |= isinstance(self.behind.error, OSError)
        return "which `except` of yours makes a 503 of an error of that class?" if caused else ""

    def _about_no_reason(self) -> str:
        """The question about a 503 where Postgres answers."""
        if isinstance(self.behind.error, TimeoutError):
            shortest = min(self.bounds, default=1)
            if shortest < 1:
                return f"you wait {told(shortest)} at most: in which unit is that?"
            return "what does that line wait for, and from when on does the clock run?"
        if self.behind.error:
            return "is that an error of the database, or of the line that asks it?"
        return "which line says 503, and after which answer of Postgres?"

    def about_time(self) -> str:
        """The question about a wait that was too long."""
        longest = max(self.bounds, default=0)
        if longest > 1:
            return f"you wait {told(longest)} at most: how long may it be, and in which unit?"
        if len(self.bounds) > 2:
            return "how long do all the tries take together?"
        return "who bounds how long you wait for Postgres?" if not self.bounds else ""


def _is_no_status(error: BaseException | None) -> bool:
    """Whether it came of an HTTPException whose status is a text."""
    under = causes(error) if error else ()
    return any(isinstance(getattr(each, "status_code", 0), str) for each in under)


@contextlib.asynccontextmanager
async def probe_of(
    answer: Answer, app: FastAPI, behind: Behind, engine: AsyncEngine
) -> AsyncIterator[Probe]:
    """A probe of the app, for the time of the block."""
    failures: list[BaseException] = []

    def note(context: Any) -> None:
        failures.append(context.sqlalchemy_exception or context.original_exception)

    event.listen(engine.sync_engine, "handle_error", note)
    with recorded_bounds(answer.workspace) as bounds:
        async with client_of(app) as client:
            yield Probe(client, behind, bounds, failures, answer.workspace)
