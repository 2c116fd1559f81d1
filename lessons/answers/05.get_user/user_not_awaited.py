# wrong: which call has no `await` before it?
from fastapi import HTTPException

from app.schemas import Id


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
