# right: the try inside the savepoint, which the failed flush has ended: shorter to follow, but the flush must be written there, and nothing may come after it in the block
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session: AsyncSession, team_id: int, emails: list[str]) -> list[str]:
    """Add a user for each email; return those that were there already."""
    refused = []
    for email in emails:
        async with session.begin_nested():
            try:
                session.add(User(name=email, email=email, login=email, team_id=team_id))
                await session.flush()
            except IntegrityError as error:
                if error.driver_exception.constraint_name != "uq_user_account_email":
                    raise
                refused.append(email)
    return refused
