# wrong: in which order were they named?
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
            if "uq_user_account_email" not in str(e): raise
            refused.append(email)
    return sorted(refused)[::-1]
