"""05.get_user: one user by id, and what is answered where there is none."""

from sqlalchemy import event

from workbook.checks.answer import Answer
from workbook.checks.app_client import client_of
from workbook.checks.connections import app_engine
from workbook.checks.nb05.crashes import Behind
from workbook.checks.nb05.one_row import (
    NO_IDS,
    NO_SUCH_ROWS,
    fails,
    is_missing,
    is_refused,
    is_shown,
)

PATH = "/users"
ADA = {"id": 1, "name": "Ada", "email": "a@n.test", "role": "member", "team_id": 2}
BEN = {"id": 2, "name": "Ben", "email": "b@n.test", "role": "lead", "team_id": 1}


async def check(answer: Answer) -> None:
    """200 with five fields, 404 that names the id, and no query for an id that no row can have."""
    await _store_two_users(answer)
    _give_each_user_a_field_more()
    behind = Behind()
    app = behind.app()
    app.include_router(answer.load().router)
    async with app_engine() as engine, client_of(app) as client:
        for user in (BEN, ADA):
            await is_shown(client, behind, PATH, user)
        for user_id in NO_SUCH_ROWS:
            await is_missing(client, behind, PATH, user_id)
        for bad in NO_IDS:
            await is_refused(client, engine, PATH, bad)
        await answer.observer.execute("ALTER TABLE user_account RENAME TO elsewhere")
        await fails(client, PATH, "user")


def _give_each_user_a_field_more() -> None:
    """As a column does that the table gets later: who lists what must stay inside lets it out."""
    from app.models import User

    event.listen(User, "load", lambda user, _: user.__dict__.setdefault("password", "secret"))


async def _store_two_users(answer: Answer) -> None:
    await answer.observer.execute("TRUNCATE team RESTART IDENTITY CASCADE")
    await answer.observer.execute("INSERT INTO team (name) VALUES ('night'), ('day')")
    await answer.observer.execute(
        "INSERT INTO user_account (name, email, login, role, team_id, mobile)"
        " VALUES ('Ada', 'a@n.test', 'ada', 'member', 2, '+49'),"
        " ('Ben', 'b@n.test', 'ben', 'lead', 1, NULL)"
    )
