# wrong: how many users are undone when the one savepoint around all of them fails?
from app.models import User
from sqlalchemy import select, text, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session, team_id, emails):
    refused = []
    async with session.begin_nested():
        for email in emails:
            try:
                session.add(User(name=email, email=email, login=email, team_id=team_id))
                await session.flush()
            except IntegrityError:
                refused.append(email)
    return refused
