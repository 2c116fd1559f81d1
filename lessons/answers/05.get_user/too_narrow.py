# wrong: which is the last id that the column can hold?
from fastapi import Path


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Annotated[int, Path(ge=1, le=1_000_000)], session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
