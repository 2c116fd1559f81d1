# wrong: GET /users/-1
from fastapi import Path


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Annotated[int, Path(le=2**31 - 1)], session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
