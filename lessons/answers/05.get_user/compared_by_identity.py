# wrong: that is your own 404
from fastapi import HTTPException

from app.schemas import Id


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    found = await session.scalar(select(User).where(User.id is user_id))
    if found is None:
        raise HTTPException(status_code=404, detail=f"User {user_id} is not here.")
    return found
