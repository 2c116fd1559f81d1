# wrong: which constraint says that an email is there already?
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
        except IntegrityError as e:
            if e.driver_exception.constraint_name != "uq_user_email":
                raise
            refused.append(email)
    return refused
