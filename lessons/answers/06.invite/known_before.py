# wrong: who is there already, when the list names somebody twice?
from app.models import User
from sqlalchemy import select, text, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session, team_id, emails):
    known = set((await session.scalars(select(User.email))).all())
    new = [e for e in emails if e not in known]
    session.add_all([User(name=e, email=e, login=e, team_id=team_id) for e in dict.fromkeys(new)])
    await session.flush()
    return [e for e in emails if e in known]
