"""06.lost: a test that shows how many promised rows are missing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, expect, show
from workbook.checks.connections import own_engine
from workbook.checks.nb06.promising_apps import mounted, promising_apps
from workbook.checks.nb06.stored_users import UNIQUE_AT_COMMIT
from workbook.evidence.app_server import AppServer
from workbook.evidence.observe import Observer

NOT_UNIQUE = "ALTER TABLE user_account DROP CONSTRAINT uq_user_account_email"


async def check(answer: Answer) -> None:
    """One row of two promised is found; apps that promise truly are not accused."""
    await answer.observer.execute(UNIQUE_AT_COMMIT)
    async with own_engine(answer) as engine, _observer(answer) as observer:
        sessions = async_sessionmaker(engine, expire_on_commit=False)
        apps = promising_apps(sessions)
        async with AppServer(mounted([app for app, *_ in apps])) as client:
            client.headers["Connection"] = "close"  # a late error would end the next request too
            trial = Trial(answer, client, sessions, observer)
            for number, (_, what, wanted, ask) in enumerate(apps):
                await trial.on(number, what, wanted, ask)
            await answer.observer.execute(NOT_UNIQUE)
            await trial.on(1, "an app that keeps both", 0, "how many rows are there after both?")


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
    ) -> None:
        self._answer, self._client = answer, client
        self._sessions, self._observer = sessions, observer
        self._url = client.base_url

    async def on(self, number: int, what: str, wanted: int, ask: str) -> None:
        """NotYet where it does not find so many rows missing of what this app has promised."""
        await self._observer.settled()  # else a late commit finds its rule kept, and leaves a row
        await self._answer.observer.execute("DELETE FROM user_account WHERE name = 'Zoë'")
        self._client.base_url = self._url.join(f"/{number}/")
        found = await self._answer.get()(self._client, self._rows)
        expect(f"lost(client, rows), for {what}", found, wanted, _question(found, wanted, ask))

    async def _rows(self, email: str) -> int:
        from app.models import User

        await self._observer.settled()
        async with self._sessions() as session:
            query = select(func.count()).where(func.lower(User.email) == email.lower())
            return int(await session.scalar(query) or 0)


def _question(found: Any, wanted: int, ask: str) -> str:
    if wanted == 0 and show(found).startswith("-"):
        return "whose rows were there before the first post?"
    missed = show(found) < show(wanted)
    return "what was promised, and how many rows are there?" if missed else ask
