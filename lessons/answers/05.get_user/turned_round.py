# wrong: what did the query give, and when does your code raise it?
from app.schemas import Id
from fastapi import HTTPException


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
