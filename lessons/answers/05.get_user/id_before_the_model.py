# wrong: or a value such as an id, was given where a model belongs
from fastapi import HTTPException

from typing import Any

from app.schemas import Id
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> Any:
    """Show one user."""
    user = await session.get(user_id, User)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
