"""Users: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Base, Reader
from app.models import Acknowledgement, User
from app.schemas import UserIn

Shown: TypeAlias = Row[int, str, str, str, int]
Credentials: TypeAlias = Row[int, int, str | None]
TABLE = Base.metadata.tables[User.__tablename__]
SHOWN = select(User.id, User.name, User.email, User.role, User.team_id)
ONE = SHOWN.where(User.id == bindparam("id"))
PAGE = SHOWN.where(User.id > bindparam("after")).order_by(User.id).limit(bindparam("limit"))
TEAM = SHOWN.where(User.team_id == bindparam("team_id")).order_by(User.id)
TAKER = SHOWN.join(Acknowledgement, Acknowledgement.user_id == User.id).where(
    Acknowledgement.incident_id == bindparam("incident_id")
)
CREDENTIALS = select(User.id, User.team_id, User.password_hash)
ADD = insert(TABLE).returning(*(TABLE.c[each.name] for each in SHOWN.selected_columns))


async def get(db: Reader, user_id: int) -> Shown | None:
    """Return the user with this id, or None."""
    return (await db.execute(ONE, {"id": user_id})).one_or_none()


async def add(session: AsyncSession, new: UserIn) -> Shown:
    """Add a user, and return what was stored."""
    return (await session.execute(ADD, new.model_dump())).one()


async def page(db: Reader, after: int, limit: int) -> Sequence[Shown]:
    """Return one page of users by id, from the first after this one."""
    return (await db.execute(PAGE, {"after": after, "limit": limit})).all()


async def of_team(db: Reader, team_id: int) -> Sequence[Shown]:
    """Return everybody who can be paged for a team, by id."""
    return (await db.execute(TEAM, {"team_id": team_id})).all()


async def taker(db: Reader, incident_id: int) -> Shown | None:
    """Return whoever has taken the incident, or None."""
    return (await db.execute(TAKER, {"incident_id": incident_id})).one_or_none()


async def give_role(session: AsyncSession, user_id: int, role: str) -> Shown | None:
    """Make somebody a member or a lead, and return what is stored, or None."""
    change = update(TABLE).where(TABLE.c.id == user_id).values(role=role)
    shown = (TABLE.c[each.name] for each in SHOWN.selected_columns)
    return (await session.execute(change.returning(*shown))).one_or_none()


async def credentials(db: Reader, user_id: int) -> Credentials | None:
    """Return what somebody has to prove; or None."""
    return (await db.execute(CREDENTIALS.where(User.id == user_id))).one_or_none()


async def credentials_of(db: Reader, email: str) -> Credentials | None:
    """Return the same for an email, which is known in one team, or None."""
    return (await db.execute(CREDENTIALS.where(User.email == email))).one_or_none()


async def set_password(
    session: AsyncSession, user_id: int, password_hash: str, known: str | None = None
) -> bool:
    """Store the hash of a new password where the one that is known is there still, or none."""
    change = update(TABLE).where(TABLE.c.id == user_id).values(password_hash=password_hash)
    change = change.where(TABLE.c.password_hash.is_not_distinct_from(known))
    return (await session.scalar(change.returning(TABLE.c.id))) is not None
