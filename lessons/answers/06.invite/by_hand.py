# right: the savepoint by hand: each step can be seen, and each one can be forgotten
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session: AsyncSession, team_id: int, emails: list[str]) -> list[str]:
    """Add a user for each email; return those that were there already."""
    refused = []
    for email in emails:
        savepoint = await session.begin_nested()
        session.add(User(name=email, email=email, login=email, team_id=team_id))
        try:
            await session.flush()
        except IntegrityError as error:
            if error.driver_exception.constraint_name != "uq_user_account_email":
                raise
            await savepoint.rollback()
            refused.append(email)
        else:
            await savepoint.commit()
    return refused
