# wrong: is a 404 returned or raised?
from fastapi import HTTPException

from typing import Any

from app.schemas import Id


@router.get("/{user_id}", response_model=None)
async def get_user(user_id: Id, session: Session) -> Any:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        return HTTPException(404, f"There is no user {user_id}.")
    return UserOut.model_validate(user)
