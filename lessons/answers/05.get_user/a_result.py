# wrong: a result from which it has to be taken?
from app.schemas import Id
from fastapi import HTTPException


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = await session.scalars(select(User).where(User.id == user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
