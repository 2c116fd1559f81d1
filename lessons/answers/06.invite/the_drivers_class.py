# wrong: is for an error of the class IntegrityError?
from asyncpg import UniqueViolationError
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session: AsyncSession, team_id: int, emails: list[str]) -> list[str]:
    """Add a user for each email; return those that were there already."""
    refused = []
    for email in emails:
        try:
            async with session.begin_nested():
                session.add(User(name=email, email=email, login=email, team_id=team_id))
        except UniqueViolationError:
            refused.append(email)
    return refused
