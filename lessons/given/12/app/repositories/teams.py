"""Teams: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import Row, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.database import TEAM, Reader, hold
from app.models import Team
from app.schemas import TeamIn

Shown: TypeAlias = Row[int, str]
SHOWN = select(Team.id, Team.name)
ONE = SHOWN.where(Team.id == bindparam("id"))
PAGE = SHOWN.where(Team.id > bindparam("after")).order_by(Team.id).limit(bindparam("limit"))


async def add(session: AsyncSession, new: TeamIn) -> Team:
    """Add a team; from its first row on, this unit of work is held to it."""
    team_id = await session.scalar(select(func.nextval("team_id_seq")))
    TEAM.set(team_id)
    await hold(await session.connection())
    team = Team(id=team_id, **new.model_dump())
    session.add(team)
    await session.flush()
    return team


async def get(db: Reader, team_id: int) -> Shown | None:
    """Return the team with this id, or None."""
    return (await db.execute(ONE, {"id": team_id})).one_or_none()


async def page(db: Reader, after: int, limit: int) -> Sequence[Shown]:
    """Return one page of teams by id, from the first after this one."""
    return (await db.execute(PAGE, {"after": after, "limit": limit})).all()


async def ids(db: AsyncConnection) -> Sequence[int]:
    """Return the id of every team, for the worker; of their rows it sees no more than they do."""
    await db.execute(text("SELECT set_config('app.worker', 'on', true)"))
    return (await db.scalars(select(Team.id).order_by(Team.id))).all()
