"""Hare: roles that cannot be given any more."""

import asyncio

from workbook.drills.drill import Drill, Seen
from workbook.drills.scene import Scene

PAGE = """
05:10. The new roster comes into force at six, and the program that sends it does not get through:
"Five changes of a role at once. The first one is done, the others get a 503 after two seconds. We
come again, as your answer asks us to, and again: one goes through, the rest do not. It has helped
to start your app anew, for one round." All else is quick. Postgres has next to nothing to do.
"""
FAULT = '''
# app/repositories/users.py
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession


async def give_role(session: AsyncSession, user_id: int, role: str) -> Shown | None:
    """Make somebody a member or a lead, one at a time, and return what is stored, or None."""
    await session.execute(text("SELECT pg_advisory_lock(27184)"))
    change = update(TABLE).where(TABLE.c.id == user_id).values(role=role)
    shown = (TABLE.c[each.name] for each in SHOWN.selected_columns)
    return (await session.execute(change.returning(*shown))).one_or_none()
'''
AT_ONCE = 5
"""As many as the pool has connections."""


async def roster(scene: Scene, role: str = "member") -> list[int]:
    """Five changes of roles at once: the answers, sorted."""
    page = await scene.get(1, "/users", limit=AT_ONCE)
    sent = [scene.send(1, "PUT", f"/users/{each['id']}/role", json={"role": role}) for each in page]
    return sorted(each.status_code for each in await asyncio.gather(*sent))


async def calls(scene: Scene) -> Seen:
    """The roster comes twice."""
    rounds = [await roster(scene) for _ in range(2)]
    what = "PUT /users/…/role, five at once, round"
    done = [f"{codes.count(200)} of {len(codes)} are done" for codes in rounds]
    rows = [(f"{what} {number}", said) for number, said in enumerate(done, 1)]
    bad = any(set(codes) != {200} for codes in rounds)
    return Seen(
        tuple(rows), "The roster does not get through: 503 after two seconds." if bad else ""
    )


DRILL = Drill(
    name="hare",
    page=PAGE,
    fault=FAULT,
    calls=calls,
    tests=(
        "tests/test_users.py",
        "tests/test_auth.py::test_a_first_password_is_given_by_anybody_of_the_team",
        "tests/test_engine.py",
    ),
)
