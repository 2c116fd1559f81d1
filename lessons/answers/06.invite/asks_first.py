# wrong: what can another transaction do between your question and your INSERT?
from app.models import User
from sqlalchemy import select, text, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session, team_id, emails):
    refused = []
    for email in emails:
        if await session.scalar(select(User).where(User.email == email)):
            refused.append(email)
        else:
            session.add(User(name=email, email=email, login=email, team_id=team_id))
            await session.flush()
    return refused
