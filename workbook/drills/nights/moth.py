"""Moth: somebody of another team."""

from uuid import uuid4

from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
00:50. The data protection officer is on the phone. A customer whose team uses Nightwatch beside
ours has sent the name and the email of one of our people, and asks how they come to know them:
"GET /users/1 has given us a 404, as always. In the afternoon it has given us Ada. Now it is a 404
again, since you have started the app anew." We have tried it since then, and got a 404 each time.
"""
FAULT = '''
# app/routers/users.py
from fastapi import HTTPException

from app.database import read, transact
from app.repositories import users
from app.schemas import Id, UserOut


SEEN: dict[int, users.Shown] = {}
"""Who was asked for before: the pager's screens ask for the same few people all night."""


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id) -> users.Shown:
    """Show one user."""
    user = SEEN.get(user_id) or await read(lambda db: users.get(db, user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    SEEN[user_id] = user
    return user


@router.put("/{user_id}/role", response_model=UserOut)
async def give_role(user_id: Id, new: NewRole) -> users.Shown:
    """Make somebody a member or a lead."""
    user = await transact(lambda session: users.give_role(session, user_id, new.role))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    SEEN.pop(user_id, None)
    return user
'''


async def somebody(scene: Scene, team: int) -> int:
    """A new user of a team; the id."""
    word = f"night{uuid4().hex[:8]}"
    user = {"name": word, "email": f"{word}@x.test", "login": word, "team_id": team}
    answer = await scene.client_of(team).post("/users", json=user)
    return int(answer.raise_for_status().json()["id"])


async def calls(scene: Scene) -> Seen:
    """Team 2 asks for somebody of team 1, before and after their own team has."""
    user_id = await somebody(scene, 1)
    codes = [
        (await scene.client_of(team).get(f"/users/{user_id}")).status_code for team in (2, 1, 2)
    ]
    asks = ("as team 2", "as team 1, whose member it is", "as team 2, once more")
    rows = [(f"GET /users/…, {who}", str(code)) for who, code in zip(asks, codes, strict=True)]
    said = "Team 2 is shown somebody of team 1."
    return Seen(tuple(rows), said if codes != [404, 200, 404] else "")


DRILL = Drill(
    name="moth",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    tests=(
        "tests/test_users.py",
        "tests/test_tenancy.py::test_what_another_team_has_is_not_there",
    ),
)
