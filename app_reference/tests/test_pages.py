"""The queue of pages: who gets which, and what becomes of one that a worker leaves behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import AsyncClient
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app import database
from app.models import Page
from app.repositories import pages
from tests.conftest import own_team

ALERT = {"dedupe_key": "db-1/disk", "title": "Disk is full", "severity": "major"}


async def two_pages(live: AsyncClient) -> list[int]:
    """Two people of a team, each with a page for one incident: the ids of the pages."""
    team = await own_team(live)
    alert = (await live.post("/alerts", json=ALERT | {"team_id": team})).json()
    made = [Page(incident_id=alert["incident_id"]) for _ in range(2)]
    for name, page in zip("ab", made, strict=True):
        user = {"name": name, "email": f"{name}@x.test", "login": name, "team_id": team}
        page.user_id = (await live.post("/users", json=user)).json()["id"]

    async def work(session: AsyncSession) -> None:
        session.add_all(made)

    await database.transact(work)
    return [page.id for page in made]


@asynccontextmanager
async def worker(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session of one more worker, held to the team."""
    async with AsyncSession(engine) as session:
        await database.hold(await session.connection())
        yield session


async def test_two_workers_have_two_pages(live: AsyncClient, engine: AsyncEngine) -> None:
    """And a third, for whom there is none, does not wait."""
    wanted = await two_pages(live)
    async with worker(engine) as one, worker(engine) as two, worker(engine) as third:
        taken = [await pages.take(one), await pages.take(two)]
        assert [page and page.id for page in taken] == wanted
        assert await pages.take(third) is None


async def test_what_a_worker_leaves_is_free_again(live: AsyncClient, engine: AsyncEngine) -> None:
    """What is sent is not."""
    first, second = await two_pages(live)
    async with worker(engine) as dies:
        await pages.take(dies)
    for wanted in (first, second, None):
        async with worker(engine) as session:
            page = await pages.take(session)
            assert (page and page.id) == wanted
            if page is not None:
                page.sent_at = func.now()
            await session.commit()
