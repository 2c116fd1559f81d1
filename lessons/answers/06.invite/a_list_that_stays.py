# wrong: which list or dictionary of yours outlives its call?
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session: AsyncSession, team_id: int, emails: list[str], refused: list[str] = []) -> list[str]:
    """Add a user for each email; return those that were there already."""
    for email in emails:
        try:
            async with session.begin_nested():
                session.add(User(name=email, email=email, login=email, team_id=team_id))
        except IntegrityError as error:
            if error.driver_exception.constraint_name != "uq_user_account_email":
                raise
            refused.append(email)
    return refused
