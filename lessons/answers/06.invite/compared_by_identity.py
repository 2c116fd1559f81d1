# wrong: Did you mean "!="
from app.models import User
from sqlalchemy import select
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
            name = error.driver_exception.constraint_name
            if name is not "uq_user_account_email":
                raise
            refused.append(email)
    return refused
