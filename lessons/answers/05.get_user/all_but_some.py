# wrong: who decides which fields leave, the table or a schema?
from typing import Any

from app.schemas import Id
from fastapi import HTTPException


@router.get("/{user_id}", response_model=None)
async def get_user(user_id: Id, session: Session) -> Any:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    inside = ("login", "mobile", "_sa_instance_state")
    return {key: value for key, value in vars(user).items() if key not in inside}
