# wrong: which errors mean that there is no such user, and which does your `except` take?
from fastapi import HTTPException

from app.models import User
from app.schemas import Id, UserOut


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    try:
        user = await session.get_one(User, user_id)
    except Exception:
        raise HTTPException(404, f"There is no user {user_id}.") from None
    return user
