"""06.lost: a test that shows how many promised rows are missing."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, Raised, expect, outcome_of
from workbook.checks.connections import own_engine
from workbook.checks.nb06.promising_apps import NEVER_SAYS_201, mounted, promising_apps
from workbook.checks.nb06.stored_users import UNIQUE_AT_COMMIT
from workbook.checks.places import learners_line
from workbook.checks.verdict import NotYet
from workbook.evidence.app_server import AppServer
from workbook.evidence.observe import Observer

REFUSED = (400, 404, 405, 415, 422)
"""What these apps answer to a request that is not one for a new user."""
KEEPS_BOTH = "an app that keeps both", 0, "how many rows are there after both?"
OF_THE_NOTEBOOK = """
INSERT INTO user_account (name, email, login, team_id)
VALUES ('Zoe', 'zoe@nightwatch.test', 'zoe', 1)
"""
"""Who is there since an earlier cell, and is not new."""
NOT_UNIQUE = "ALTER TABLE user_account DROP CONSTRAINT uq_user_account_email"


async def check(answer: Answer) -> None:
    """One row of two promised is found; apps that promise truly are not accused."""
    await answer.observer.execute(UNIQUE_AT_COMMIT)
    await answer.observer.execute(OF_THE_NOTEBOOK)
    async with own_engine(answer) as engine, _observer(answer) as observer:
        sessions = async_sessionmaker(engine, expire_on_commit=False)
        apps = promising_apps(sessions)
        async with AppServer(mounted([app for app, _ in apps])) as client:
            client.headers["Connection"] = "close"  # a late error would end the next request too
            asked = Asked()
            client.event_hooks["response"].append(asked.note)
            trial = Trial(answer, client, sessions, observer, asked)
            tried = [await trial.on(number, *about) for number, (_, about) in enumerate(apps)]
            await answer.observer.execute(NOT_UNIQUE)
            tried.append(await trial.on(1, *KEEPS_BOTH))
    _judge(tried)


class Asked:
    """What an answer has asked one app for, and how often it had the rows counted."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget what was asked of the app before."""
        self.gets = self.rows = 0
        self.statuses: list[int] = []
        self.emails: list[str] = []

    async def note(self, response: httpx.Response) -> None:
        """Note what the app has answered."""
        self.gets += response.request.method == "GET"
        if response.request.method == "POST":
            self.emails.append(_email(response.request))
        self.statuses.append(response.status_code)


def _email(request: httpx.Request) -> str:
    """The email of a new user, as the app compares it; empty where the body has none."""
    try:
        sent = json.loads(request.content)
    except ValueError:
        return ""
    return str(sent.get("email", "")).lower() if isinstance(sent, dict) else ""


@dataclass(frozen=True)
class Tried:
    """What the learner's function said of one app."""

    what: str
    found: Any
    wanted: int
    ask: str
    looked_by_get: bool
    """Whether it asked the app for the row, and never counted the rows."""
    refused: str
    """What the app answered, where it refused every request."""
    counted: bool = True
    """Whether it had the rows counted."""
    emails: tuple[str, ...] = ()
    """The email of each of its posts."""


@asynccontextmanager
async def _observer(answer: Answer) -> AsyncIterator[Observer]:
    observer = Observer(answer.observer_url)
    try:
        yield observer
    finally:
        await observer.close()


class Trial:
    """The learner's function, tried on one app after the other."""

    def __init__(
        self,
        answer: Answer,
        client: httpx.AsyncClient,
        sessions: async_sessionmaker[AsyncSession],
        observer: Observer,
        asked: Asked,
    ) -> None:
        self._answer, self._client, self._asked = answer, client, asked
        self._sessions, self._observer = sessions, observer
        self._url = client.base_url

    async def on(self, number: int, what: str, wanted: int, ask: str) -> Tried:
        """What it finds missing of what this app has promised."""
        await self._observer.settled()  # else a late commit finds its rule kept, and leaves a row
        await self._answer.observer.execute("DELETE FROM user_account WHERE name = 'Zoë'")
        self._client.base_url = self._url.join(f"/{number}/")
        self._asked.begin()
        found = await self._found()
        by_get = self._asked.gets > 0 and not self._asked.rows
        statuses = self._asked.statuses
        all_refused = all(each in REFUSED for each in statuses)
        refused = ", ".join(map(str, statuses)) if all_refused else ""
        counted = self._asked.rows > 0
        return Tried(what, found, wanted, ask, by_get, refused, counted, tuple(self._asked.emails))

    async def _found(self) -> Any:
        """What the function returns; of a status that it took for an error, the line."""
        try:
            return await self._answer.get()(self._client, self._rows)
        except httpx.HTTPStatusError as error:
            where = learners_line(error, self._answer.workspace)
            return Raised(f"HTTPStatusError for a {error.response.status_code} ({where})")

    async def _rows(self, email: str) -> int:
        from app.models import User

        self._asked.rows += 1
        await self._observer.settled()
        async with self._sessions() as session:
            query = select(func.count()).where(func.lower(User.email) == email.lower())
            return int(await session.scalar(query) or 0)


def _judge(tried: list[Tried]) -> None:
    """NotYet for the first app of which it said something else, with what all of it shows."""
    turned = all(each.found == -each.wanted for each in tried if each.what != NEVER_SAYS_201)
    for each in tried:
        if each.what == NEVER_SAYS_201 and each.found == -1:
            continue  # the difference, where nothing is lost and a row more is there
        call, ask = f"lost(client, rows), for {each.what}", _question(each)
        if turned:
            ask = "which of the two numbers do you take from the other?"
        if each.refused and each.found != each.wanted:
            got = f"{outcome_of(each.found)}, and the app answered {each.refused}"
            ask = "why does the app refuse what was sent?"
            raise NotYet(call, got=got, wanted=str(each.wanted), ask=ask)
        expect(call, each.found, each.wanted, ask)


def _question(one: Tried) -> str:
    if isinstance(one.found, Raised):
        return "a refusal is no 201: is it an error of your test, or an answer?"
    if not isinstance(one.found, int):
        return "what does lost return?"
    if isinstance(one.found, bool):
        return "is the question whether a row is missing, or how many are?"
    if one.looked_by_get:
        return "had the COMMIT ended when you sent the GET? What does `rows` wait for?"
    if not one.counted:
        return "which of the 201s has a row, and which line of yours counts rows?"
    if len(one.emails) == 1:
        return "how often did you post that user?"
    if len(one.emails) == len({*one.emails}) == 2:
        return "which COMMIT can fail, where each of your posts has an email of its own?"
    if one.found < 0:
        return (
            "which answers did you count as a 201?"
            if one.wanted
            else "whose rows were there before the first post?"
        )
    missed = one.found < one.wanted
    return "is there any row, or one for each of the 201s?" if missed else one.ask
