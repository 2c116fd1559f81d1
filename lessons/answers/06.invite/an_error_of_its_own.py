# wrong: which line of yours comes between that error and the caller?
from collections import Counter

from app.models import User
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session: AsyncSession, team_id: int, emails: list[str]) -> list[str]:
    """Add a user for each email; return those that were there already."""
    refused = []

    for email in emails:
        try:
            async with session.begin_nested():
                session.add(User(name=email, email=email, login=email, team_id=team_id))
        except IntegrityError as error:
            if error.driver_exception.constraint_name != "uq_user_account_email":
                raise ValueError("could not add " + email) from error
            refused.append(email)
    return refused
