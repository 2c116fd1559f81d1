# right: ON CONFLICT, and RETURNING says who is new: one statement for each email and no savepoint, but it is no standard SQL, and SQLAlchemy has it for PostgreSQL and SQLite only
from app.models import User
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def invite(session: AsyncSession, team_id: int, emails: list[str]) -> list[str]:
    """Add a user for each email; return those that were there already."""
    refused = []
    for email in emails:
        row = {"name": email, "email": email, "login": email, "team_id": team_id}
        new = insert(User).values(row).on_conflict_do_nothing(index_elements=["email"])
        if await session.scalar(new.returning(User.id)) is None:
            refused.append(email)
    return refused
