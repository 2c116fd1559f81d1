# wrong: which call gives rows, and which gives the first value of each?
from fastapi import HTTPException

from typing import Any

from app.schemas import Id
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> Any:
    """Show one user."""
    user = (await session.execute(select(User).where(User.id == user_id))).first()
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
