"""Owl: whose turn it is."""

from uuid import uuid4

from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
03:20. Eli has the pager in his hand and is angry: "I am the second in this team. It is Ada's turn,
and mine is after hers. Why am I called first, and she is not?" Nothing has been deployed tonight,
and there is no error anywhere. In the evening somebody has given Ada a new role and taken it away
again, because of a mistake in the roster; since then her turn does not come.
"""
FAULT = '''
# app/repositories/users.py
from collections.abc import Sequence

from sqlalchemy import bindparam

from app.database import Reader
from app.models import User


TEAM = SHOWN.where(User.team_id == bindparam("team_id"))


async def of_team(db: Reader, team_id: int) -> Sequence[Shown]:
    """Return everybody who can be paged for a team."""
    return (await db.execute(TEAM, {"team_id": team_id})).all()
'''


async def members(scene: Scene, count: int) -> list[int]:
    """The members of team 1 by id, after so many more have come.

    By name and email these are the first of all, and the last one by id is not the very first.
    """
    client = scene.client_of(1)
    for number in range(count):
        word = f"aa{number}{uuid4().hex[:8]}"
        user = {"name": word.capitalize(), "email": f"{word}@x.test", "login": word, "team_id": 1}
        (await client.post("/users", json=user)).raise_for_status()
    page = await scene.get(1, "/users", limit=100)
    return [each["id"] for each in page if each["role"] == "member"]


async def new_role_and_back(scene: Scene, user_id: int) -> None:
    """Somebody leads for a moment."""
    for role in ("lead", "member"):
        answer = await scene.client_of(1).put(f"/users/{user_id}/role", json={"role": role})
        answer.raise_for_status()


async def responder(scene: Scene, incident: int) -> int:
    """The id of whoever is paged for an incident now."""
    return int((await scene.get(1, f"/incidents/{incident}/responder"))["id"])


async def calls(scene: Scene) -> Seen:
    """The first of a team changes the role twice; then something burns."""
    people = await members(scene, 0)
    await new_role_and_back(scene, people[0])
    paged = await responder(scene, await scene.incident(1))
    who = "the first member of the team" if paged == people[0] else "somebody whose turn it is not"
    rows = ((f"PUT /users/{people[0]}/role: lead, then member", "200, 200"),
            ("GET …/responder of a new incident", who))  # fmt: skip
    said = "The first member's turn is passed over."
    return Seen(rows, said if paged != people[0] else "")


DRILL = Drill(
    name="owl",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    rows_as_they_lie=True,
    tests=(
        "tests/test_alerts.py",
        "tests/test_users.py",
        "tests/test_rules.py",
    ),
)
