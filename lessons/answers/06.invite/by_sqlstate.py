# right: the error is known by its SQLSTATE, 23505, which each unique constraint gives: with a second one the refusal would mean either
from app.models import User
from sqlalchemy import select, text, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session, team_id, emails):
    refused = []
    for email in emails:
        try:
            async with session.begin_nested():
                session.add(User(name=email, email=email, login=email, team_id=team_id))
                await session.flush()
        except IntegrityError as e:
            if e.orig.sqlstate != "23505":
                raise
            refused.append(email)
    return refused
