"""Check of 05.team: one team by id, on a router of its own, and what is answered without one."""

from fastapi import APIRouter
from pydantic import BaseModel

from workbook.checks.answer import Answer, show
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
from workbook.checks.verdict import NotYet, Reason

_PATH = "/teams"
_TWO_TEAMS = """
TRUNCATE team RESTART IDENTITY CASCADE;
INSERT INTO team (name, escalate_after, channel) VALUES ('night', 15, '#night'), ('day', NULL, NULL)
"""


_BY_A_SCHEMA = Reason(
    "The three questions are the same for each thing that an API shows by its id: what may come in,"
    " what is answered where there is nothing, and who decides what leaves. Your schema decides"
    " that, and whoever reads the code or `/docs` sees it; the reference names the fields in a"
    " dictionary.",
    "Look at `teams.routes[0].response_model`. Then write `response_model=None` for once, and"
    " return the team itself: what does the check say, and which field is it about?",
)


async def check(answer: Answer) -> Reason | None:
    """200 with two fields, 404 that names the id, and no query for an id that no row can have."""
    await answer.observer.execute(_TWO_TEAMS)
    behind, teams = Behind(), answer.get("teams")
    if not isinstance(teams, APIRouter):
        raise NotYet.looked_at("`teams`", got=f"it is {show(teams)}", wanted="an APIRouter")
    app = behind.app()
    app.include_router(teams)
    async with app_engine() as engine, client_of(app) as client:
        for row_id, name in ((2, "day"), (1, "night")):
            await is_shown(client, behind, _PATH, {"id": row_id, "name": name})
        for missing in NO_SUCH_ROWS:
            await is_missing(client, behind, _PATH, missing)
        for bad in NO_IDS:
            await is_refused(client, engine, _PATH, bad)
        await answer.observer.execute("ALTER TABLE team RENAME TO elsewhere")
        await fails(client, _PATH, "team")
    return _BY_A_SCHEMA if _shows_by_a_schema(teams) else None


def _shows_by_a_schema(teams: APIRouter) -> bool:
    models = (getattr(route, "response_model", None) for route in teams.routes)
    return any(isinstance(model, type) and issubclass(model, BaseModel) for model in models)
