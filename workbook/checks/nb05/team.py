"""Check of 05.team: one team by id, on a router of its own, and what is answered without one."""

from fastapi import APIRouter

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
from workbook.checks.verdict import NotYet

_PATH = "/teams"
_TWO_TEAMS = """
TRUNCATE team RESTART IDENTITY CASCADE;
INSERT INTO team (name, escalate_after, channel) VALUES ('night', 15, '#night'), ('day', NULL, NULL)
"""


async def check(answer: Answer) -> None:
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
