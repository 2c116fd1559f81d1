# wrong: how many users are undone when the one savepoint around all of them fails?
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session: AsyncSession, team_id: int, emails: list[str]) -> list[str]:
    """Add a user for each email; return those that were there already."""
    try:
        async with session.begin_nested():
            for email in emails:
                session.add(User(name=email, email=email, login=email, team_id=team_id))
                await session.flush()
    except IntegrityError:
        return emails
    return []
