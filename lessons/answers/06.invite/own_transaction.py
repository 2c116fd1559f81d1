# wrong: which transaction is open already, and what can be opened within it?
from app.models import User
from sqlalchemy import select, text, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session, team_id, emails):
    refused = []
    for email in emails:
        try:
            async with session.begin():
                session.add(User(name=email, email=email, login=email, team_id=team_id))
        except IntegrityError:
            refused.append(email)
    return refused
