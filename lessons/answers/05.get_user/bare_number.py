# wrong: what does a number alone tell its reader?
from app.schemas import Id
from fastapi import HTTPException


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, str(user_id))
    return user
