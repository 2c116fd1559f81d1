# wrong: after what your test sends, what is wrong in that app
# tests/test_hare.py
from httpx import AsyncClient


async def test_hare(client: AsyncClient, team: int) -> None:
    """A role is given twice."""
    ada = {"name": "Ada", "email": "ada@x.test", "login": "ada", "team_id": team}
    place = f"/users/{(await client.post('/users', json=ada)).json()['id']}/role"
    for role in ("lead", "member"):
        assert (await client.put(place, json={"role": role})).status_code == 200


# app/repositories/users.py
async def give_role(session: AsyncSession, user_id: int, role: str) -> Shown | None:
    """Make somebody a member or a lead, one at a time, and return what is stored, or None."""
    await session.execute(text("SELECT pg_advisory_xact_lock(27184)"))
    change = update(TABLE).where(TABLE.c.id == user_id).values(role=role)
    shown = (TABLE.c[each.name] for each in SHOWN.selected_columns)
    return (await session.execute(change.returning(*shown))).one_or_none()
