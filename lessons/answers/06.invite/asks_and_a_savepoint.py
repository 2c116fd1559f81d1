# right: asks first, and has a savepoint for what comes in between: one query more for each email, and an error only where two ask at once
from app.models import User
from sqlalchemy import select, text, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session, team_id, emails):
    refused = []
    for email in emails:
        if await session.scalar(select(User.id).where(User.email == email)):
            refused.append(email)
            continue
        try:
            async with session.begin_nested():
                session.add(User(name=email, email=email, login=email, team_id=team_id))
        except IntegrityError as e:
            if "uq_user_account_email" not in str(e.orig): raise
            refused.append(email)
    return refused
