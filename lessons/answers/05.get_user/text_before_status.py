# wrong: which argument of `HTTPException` comes first
from fastapi import HTTPException

from app.schemas import Id


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(f"There is no user {user_id}.", 404)
    return user
