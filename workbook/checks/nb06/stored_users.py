"""The users that the checks of notebook 06 store: how, under which rule, and how many are there."""

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer

UNIQUE_AT_COMMIT = (
    "ALTER TABLE user_account DROP CONSTRAINT uq_user_account_email,"
    " ADD CONSTRAINT uq_user_account_email UNIQUE (email) DEFERRABLE INITIALLY DEFERRED"
)
"""A rule that COMMIT checks, so that it is COMMIT which fails."""


class NewUser(BaseModel):
    """What the apps of these checks accept."""

    email: str
    name: str = ""


async def store(session: AsyncSession, email: str) -> int:
    """Add a user through the models of the app; the id comes back."""
    from app.models import User

    session.add(user := User(name="Zoë", email=email, login=email, team_id=1))
    await session.flush()
    return int(user.id)


async def rows_of(answer: Answer, email: str) -> int:
    """How many users of this email everybody sees."""
    return int(
        await answer.observer.fetchval("SELECT count(*) FROM user_account WHERE email = $1", email)
    )
