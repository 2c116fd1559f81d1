# wrong: when is a user sent that was added: in your loop, or after it?
from app.models import User
from sqlalchemy import select, text, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session, team_id, emails):
    refused = []
    for email in emails:
        try:
            session.add(User(name=email, email=email, login=email, team_id=team_id))
        except IntegrityError:
            refused.append(email)
    return refused
