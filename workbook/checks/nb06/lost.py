"""06.lost: a test that shows how many promised rows are missing."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from workbook.checks.answer import Answer, expect, show
from workbook.checks.nb06.promising_apps import mounted, promising_apps
from workbook.checks.nb06.stored_users import UNIQUE_AT_COMMIT
from workbook.checks.tables import engine_of
from workbook.evidence.app_server import Service
from workbook.evidence.observe import Observer

NOT_UNIQUE = "ALTER TABLE user_account DROP CONSTRAINT uq_user_account_email"


async def check(answer: Answer) -> None:
    """One row of two promised is found; apps that promise truly are not accused."""
    from app.models import User

    function = answer.get()
    await answer.observer.execute(UNIQUE_AT_COMMIT)
    engine = engine_of(answer)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    observer = Observer(answer.observer_url)

    async def rows(email: str) -> int:
        await observer.settled()
        async with sessions() as session:
            query = select(func.count()).where(func.lower(User.email) == email.lower())
            return int(await session.scalar(query) or 0)

    async def tried(number: int, what: str, wanted: int, ask: str) -> None:
        await observer.settled()  # else a late commit finds its rule kept, and leaves a row
        await answer.observer.execute("DELETE FROM user_account WHERE name = 'Zoë'")
        client.base_url = url.join(f"/{number}/")
        found = await function(client, rows)
        expect(f"lost(client, rows), for {what}", found, wanted, _question(found, wanted, ask))

    apps = promising_apps(sessions)
    try:
        async with Service(mounted([app for app, *_ in apps])) as client:
            url = client.base_url
            client.headers["Connection"] = "close"  # a late error would end the next request too
            for number, (_, what, wanted, ask) in enumerate(apps):
                await tried(number, what, wanted, ask)
            await answer.observer.execute(NOT_UNIQUE)
            await tried(1, "an app that keeps both", 0, "how many rows are there after both?")
    finally:
        await observer.close()
        await engine.dispose()


def _question(found: Any, wanted: int, ask: str) -> str:
    if wanted == 0 and show(found).startswith("-"):
        return "whose rows were there before the first post?"
    missed = show(found) < show(wanted)
    return "what was promised, and how many rows are there?" if missed else ask
