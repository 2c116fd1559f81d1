# wrong: by which name does the path hold the id
from fastapi import HTTPException

from typing import Any

from app.schemas import Id
@router.get("/{id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> Any:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
